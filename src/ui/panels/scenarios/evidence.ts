/** How a failure shows in the run's own numbers: what they were at first, and what they are now. */
import type { MetricHistory } from '../../../app/history.ts';
import { TEST_SPLIT, type ShownEvaluation } from '../../../app/run.ts';
import type { MetricId } from '../../../schema/metrics.ts';
import { formatFixed } from '../../format.ts';

const TOLD = [
  ['entropy', 'entropy', formatFixed],
  ['quality/valid', 'well-formed', (share: number) => `${Math.round(100 * share)}%`],
  ['quality/mean', 'quality in training', formatFixed],
] as const satisfies readonly (readonly [MetricId, string, (value: number) => string])[];

/** `entropy 1.08 → 0.02, …`; null before there are two steps. */
export function evidenceOf(
  { columns, length, steps }: MetricHistory,
  evaluations: readonly ShownEvaluation[],
): string | null {
  if (length < 2) return null;
  const parts = TOLD.flatMap(([id, name, format]) => {
    const column = columns.get(id);
    return column ? [`${name} ${format(column[0]!)} → ${format(column[length - 1]!)}`] : [];
  });
  const heldOut = evaluations.flatMap(({ split, quality }) =>
    split === TEST_SPLIT ? (quality.at(-1)?.mean ?? []) : [],
  );
  if (heldOut.length > 1) {
    parts.push(`held-out quality ${formatFixed(heldOut[0]!)} → ${formatFixed(heldOut.at(-1)!)}`);
  }
  return `This run, steps ${steps[0]!} to ${steps[length - 1]!}: ${parts.join(', ')}.`;
}
