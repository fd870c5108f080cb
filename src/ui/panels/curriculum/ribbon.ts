/** A ribbon as numbers: a metric of what was trained on beside what a uniform draw would have given. */
import type { MetricHistory } from '../../../app/history.ts';
import type { MetricId } from '../../../schema/metrics.ts';

export interface Ribbon {
  readonly steps: readonly number[];
  /** Averaged over neighbouring steps; NaN where nothing was measured. */
  readonly value: readonly number[];
  /** The same of a uniform draw from the same buffer; null where there is no such thing. */
  readonly uniform: readonly number[] | null;
  /** The greatest of both; at least 1e-9. */
  readonly top: number;
}

/** Steps on each side that a point is averaged with: a step has a few dozen starts only. */
const NEIGHBOURS = 3;

/**
 * @param minusUniform of the starts from the buffer: what was chosen minus a uniform draw.
 * @param withFresh whether fresh starts count in the value, as 0: of the difference only their share is left.
 */
export function ribbonOf(
  history: MetricHistory,
  id: MetricId,
  minusUniform: MetricId | undefined,
  withFresh: boolean,
): Ribbon {
  const { length, columns } = history;
  const column = (one: MetricId): number[] =>
    Array.from({ length }, (_, i) => columns.get(one)?.[i] ?? NaN);
  const value = column(id);
  const fresh = withFresh ? column('share/fresh') : null;
  const uniform =
    minusUniform &&
    column(minusUniform).map((difference, i) => value[i]! - difference * (1 - (fresh?.[i] ?? 0)));
  const [smooth, smoothUniform] = [smoothed(value), uniform ? smoothed(uniform) : null];
  const finite = [...smooth, ...(smoothUniform ?? [])].filter(Number.isFinite);
  return {
    steps: Array.from(history.steps.subarray(0, length)),
    value: smooth,
    uniform: smoothUniform,
    top: Math.max(1e-9, ...finite),
  };
}

function smoothed(values: readonly number[]): number[] {
  return values.map((own, i) => {
    if (!Number.isFinite(own)) return NaN;
    const near = values
      .slice(Math.max(0, i - NEIGHBOURS), i + NEIGHBOURS + 1)
      .filter(Number.isFinite);
    return near.reduce((sum, one) => sum + one, 0) / near.length;
  });
}
