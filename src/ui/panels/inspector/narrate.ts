/** A step and a group of it in words and numbers. */
import type { GroupRecord, StepRecord } from '../../../schema/records.ts';

/** One quiet sentence on where the step's groups started. */
export function narrateStep({ step, groups }: StepRecord): string {
  const fresh = groups.filter(({ start }) => start.source === 'fresh').length;
  const flat = groups.filter(({ learnability }) => learnability === 0).length;
  const deepest = Math.max(0, ...groups.map(({ start }) => start.depth));
  const parts = [
    `Step ${step}: ${count(fresh, 'fresh task')} and ${count(groups.length - fresh, 'start')} from the buffer`,
    ...(deepest > 0 ? [`the deepest ${count(deepest, 'revision')} in`] : []),
    ...(flat > 0
      ? [`${flat} of ${groups.length} groups without any difference to learn from`]
      : []),
  ];
  return `${parts.join(', ')}.`;
}

const ASKED = {
  solve: 'was tried from nothing',
  improve: 'was to be improved',
  diverge: 'was to be answered differently',
} as const;

/** What the group was about and how it went. */
export function narrateGroup({ start, completions, learnability }: GroupRecord): string {
  const what = start.latest ? `A depth-${start.depth} history` : 'A fresh task';
  const solved = completions.filter((completion) => completion.solved).length;
  const better = start.latest
    ? `, ${completions.filter(({ quality }) => quality > start.latest!.quality).length} better than before`
    : '';
  return `${what} ${ASKED[start.mode]}: ${solved} of ${completions.length} solved${better}, learnability ${learnability.toFixed(3)}.`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
