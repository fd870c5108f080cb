/** What a study compares. */
import { describeIssue, type Config } from '../schema/params.ts';
import { STRATEGIES, type StrategyId } from '../schema/presets.ts';
import type { Split, Task } from '../tasks/task.ts';
import { CliError } from '../node/args.ts';

export interface Arm {
  readonly name: string;
  readonly values: Partial<Config>;
  /** Makes of the task what this arm trains on; the task as it is where absent. */
  readonly adapt?: (task: Task) => Task;
}

/** @throws CliError if a name is no strategy. */
export function strategyArms(names: string): Arm[] {
  return names.split(',').map((name) => ({ name, values: STRATEGIES[strategyId(name)].values }));
}

function strategyId(name: string): StrategyId {
  const id = (Object.keys(STRATEGIES) as StrategyId[]).find((known) => known === name);
  if (id !== undefined) return id;
  const expected = `some of ${Object.keys(STRATEGIES).join(', ')}`;
  throw new CliError(describeIssue({ field: '--strategies', value: `"${name}"`, expected }));
}

/** As often as each of the 52 that training has anyway. */
const SHARE_AMONG_OTHERS = 1 / 53;

/**
 * After figure 1 of the paper: a competition that is too hard to be learned alone, alone and together
 * with all others. Both arms are judged on this one.
 */
export function hardCompetitionArms(competition: Split, strategy: StrategyId): Arm[] {
  const { values } = STRATEGIES[strategy];
  return [
    { name: 'alone', values, adapt: (task) => trainingOn(task, competition, 1) },
    {
      name: 'together',
      values,
      adapt: (task) => trainingOn(task, competition, SHARE_AMONG_OTHERS),
    },
  ];
}

/** The same task, a share of whose training is of one split. */
function trainingOn(task: Task, split: Split, share: number): Task {
  return {
    ...task,
    sample: (wanted, rng) =>
      task.sample(wanted === 'train' && rng.chance(share) ? split : wanted, rng),
  };
}
