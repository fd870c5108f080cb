/** A whole run on a stand-in policy, in a few lines per test. */
import { createTokenizer } from '../../base/tokenizer.ts';
import { DEFAULT_CONFIG } from '../../schema/params.ts';
import type { Config } from '../../schema/params.ts';
import { STRATEGIES } from '../../schema/presets.ts';
import type { StrategyId } from '../../schema/presets.ts';
import { createExitState, exit } from '../exit.ts';
import type { ExitContext, ExitState } from '../exit.ts';
import type { StepRecord } from '../../schema/records.ts';
import { createTabularPolicy } from './tabular.ts';
import type { TabularPolicy } from './tabular.ts';
import type { Problem } from './tasks.ts';

export interface Lab {
  readonly context: ExitContext & { readonly policy: TabularPolicy };
  readonly state: ExitState;
  /** Takes effect with the next step. */
  set(values: Partial<Config>): void;
  run(steps: number): Promise<StepRecord[]>;
}

export interface LabOptions {
  readonly problem: Problem;
  readonly strategy?: StrategyId;
  readonly config?: Partial<Config>;
  readonly state?: ExitState;
}

/** Small steps by default: 16 groups of 8. The clock advances by 1 ms whenever it is read. */
export function createLab({ problem, strategy = 'exit', config = {}, state }: LabOptions): Lab {
  const { task, words } = problem;
  const tokenizer = createTokenizer(task.vocabulary);
  let current: Config = {
    ...DEFAULT_CONFIG,
    ...{ batchGroups: 16, learningRate: 0.1, warmupSteps: 0, bufferMin: 16 },
    ...STRATEGIES[strategy].values,
    ...config,
  };
  let now = 0;
  const context = {
    task,
    tokenizer,
    policy: createTabularPolicy({ tokenizer, words, maxTokens: task.maxCompletionTokens }),
    config: () => current,
    clock: () => now++,
  };
  const runState = state ?? createExitState(current.seed);
  const steps = exit(context, runState);
  return {
    context,
    state: runState,
    set: (values) => void (current = { ...current, ...values }),
    run: async (count) => {
      const records: StepRecord[] = [];
      while (records.length < count) records.push((await steps.next()).value as StepRecord);
      return records;
    },
  };
}
