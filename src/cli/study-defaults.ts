/** What a study of a task takes where the command line says nothing. */
import type { Config } from '../spec/params.ts';

export interface StudyDefaults {
  readonly steps: number;
  readonly values?: Partial<Config>;
  /** First attempts of a greedy search beside the chains; none where absent. */
  readonly drafts?: number;
}

const USUAL: StudyDefaults = { steps: 150 };

const BY_TASK: Readonly<Partial<Record<Config['task'], StudyDefaults>>> = {
  pipelines: { steps: 150, drafts: 5 },
};

export function studyDefaults(task: Config['task']): StudyDefaults {
  return BY_TASK[task] ?? USUAL;
}
