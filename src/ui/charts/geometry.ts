/** Where the plot area lies in a chart, in pixels: axes, marks and cursor are drawn without recharts. */
import type { Axis } from './axis.ts';

export const PLOT = { height: 176, top: 14, right: 12, bottom: 22, left: 40 } as const;

/** The index of the x nearest to a pixel; -1 without any. `xs` ascend. */
export function nearestIndex(
  xs: readonly number[],
  axis: Pick<Axis, 'domain' | 'log'>,
  pixel: number,
  width: number,
): number {
  let best = -1;
  let least = Infinity;
  for (let i = 0; i < xs.length; i++) {
    const distance = Math.abs(pixelOf(xs[i]!, axis, width) - pixel);
    if (distance < least) [best, least] = [i, distance];
  }
  return best;
}

export function pixelOf(x: number, axis: Pick<Axis, 'domain' | 'log'>, width: number): number {
  const inner = width - PLOT.left - PLOT.right;
  return PLOT.left + share(x, axis) * inner;
}

export function heightOf(y: number, axis: Pick<Axis, 'domain' | 'log'>): number {
  const inner = PLOT.height - PLOT.top - PLOT.bottom;
  return PLOT.top + (1 - share(y, axis)) * inner;
}

/** Of a value on its axis: 0 at the lower end of the axis, 1 at the upper. */
export function share(
  value: number,
  { domain: [low, high], log }: Pick<Axis, 'domain' | 'log'>,
): number {
  if (log === true) return Math.log(value / low) / Math.log(high / low);
  return (value - low) / (high - low);
}
