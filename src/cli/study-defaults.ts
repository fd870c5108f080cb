/** What a study of a task takes where the command line says nothing. */
import type { Config } from '../schema/params.ts';

export interface StudyDefaults {
  readonly steps: number;
  readonly values?: Partial<Config>;
  /** First attempts of a greedy search beside the chains; none where absent. */
  readonly drafts?: number;
}

const USUAL: StudyDefaults = { steps: 150 };

/**
 * At the default of 0.001 both GRPO and ExIt get worse again on the workspace after some sixty steps
 * from its base policy.
 */
const GENTLE = { learningRate: 0.0004 } as const;

const BY_TASK: Readonly<Partial<Record<Config['task'], StudyDefaults>>> = {
  workspace: { steps: 100, values: GENTLE },
  pipelines: { steps: 100, drafts: 5 },
};

export function studyDefaults(task: Config['task']): StudyDefaults {
  return BY_TASK[task] ?? USUAL;
}
