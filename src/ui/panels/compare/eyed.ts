/** The stored runs that are drawn side by side: which groups they make, and what they differ in. */
import type { KnownCourse } from '../../../app/run-library.ts';
import type { RunSummary } from '../../../runs/store/run-store.ts';
import { changedParams, PARAM_IDS, PARAMS } from '../../../schema/params.ts';
import type { ParamId } from '../../../schema/params.ts';
import { STRATEGIES } from '../../../schema/presets.ts';
import { formatParam } from '../../format.ts';
import type { CurveGroup } from './curves.ts';

export interface EyedRun {
  readonly summary: RunSummary;
  readonly course: KnownCourse;
}

export interface EyedGroup extends CurveGroup {
  readonly runs: readonly EyedRun[];
}

/** `ExIt`; of a run that was none of the presets, `Own mixture`. */
export function strategyName(id: string): string {
  const known: Readonly<Record<string, { readonly label: string }>> = STRATEGIES;
  return known[id]?.label ?? 'Own mixture';
}

/** `Locks, small`: what a task consists of stands in brackets. */
export function taskName(id: string): string {
  const known: Readonly<Record<string, string>> = PARAMS.task.options;
  return (known[id] ?? id).split(' (')[0]!;
}

/** One group for each run, or for the runs that differ in nothing but their seed (and their place). */
export function groupsOf(runs: readonly EyedRun[], byStrategy: boolean): readonly EyedGroup[] {
  const groups: { name: string; runs: EyedRun[] }[] = [];
  const oneTask = runs.every(({ summary }) => summary.task === runs[0]!.summary.task);
  const nameOf = ({ summary: { name, strategy, task } }: EyedRun): string => {
    if (!byStrategy) return name;
    return oneTask ? strategyName(strategy) : `${strategyName(strategy)}, ${taskName(task)}`;
  };
  for (const run of runs) {
    const known = byStrategy ? groups.find((group) => isAlike(group.runs[0]!, run)) : undefined;
    if (known) known.runs.push(run);
    else groups.push({ name: nameOf(run), runs: [run] });
  }
  return distinct(groups).map((group) => ({
    ...group,
    curves: group.runs.map(({ course }) => course.curve),
  }));
}

/** Where and from which random numbers a run came is no difference in the method. */
const ASIDE: readonly ParamId[] = ['seed', 'backend', 'replicas'];

function isAlike(a: EyedRun, b: EyedRun): boolean {
  return changedParams(a.course.config, b.course.config).every((id) => ASIDE.includes(id));
}

/** Two lines of one name could not be told apart. */
function distinct<G extends { readonly name: string }>(groups: readonly G[]): readonly G[] {
  return groups.map((group, i) => {
    const before = groups.slice(0, i).filter(({ name }) => name === group.name).length;
    return before === 0 ? group : { ...group, name: `${group.name} (${before + 1})` };
  });
}

export interface Difference {
  readonly id: ParamId;
  /** Each value in words, with the names of the groups that have it. */
  readonly values: readonly { readonly value: string; readonly names: readonly string[] }[];
}

/**
 * Every parameter that is not the same in all of them, in the order of the table. Groups of several runs are
 * made of seeds, which are no difference between them.
 */
export function differencesOf(groups: readonly EyedGroup[]): readonly Difference[] {
  const isGrouped = groups.some((group) => group.runs.length > 1);
  const runs = groups.flatMap((group) => group.runs.map((run) => ({ name: group.name, run })));
  return PARAM_IDS.flatMap((id) => {
    if (isGrouped && ASIDE.includes(id)) return [];
    const values = new Map<string, Set<string>>();
    for (const { name, run } of runs) {
      const value = formatParam(id, run.course.config[id]);
      values.set(value, (values.get(value) ?? new Set()).add(name));
    }
    if (values.size < 2) return [];
    return [{ id, values: [...values].map(([value, names]) => ({ value, names: [...names] })) }];
  });
}
