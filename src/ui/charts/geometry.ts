/** Where the plot area lies in a chart, in pixels: axes, marks and cursor are drawn without recharts. */
export const PLOT = { height: 176, top: 14, right: 12, bottom: 22, left: 40 } as const;

/** The index of the x nearest to a pixel; -1 without any. `xs` ascend. */
export function nearestIndex(
  xs: readonly number[],
  [low, high]: readonly [number, number],
  pixel: number,
  width: number,
): number {
  const inner = width - PLOT.left - PLOT.right;
  const wanted = low + ((pixel - PLOT.left) / inner) * (high - low);
  let best = -1;
  for (let i = 0; i < xs.length; i++) {
    if (best < 0 || Math.abs(xs[i]! - wanted) < Math.abs(xs[best]! - wanted)) best = i;
  }
  return best;
}

export function pixelOf(x: number, [low, high]: readonly [number, number], width: number): number {
  const inner = width - PLOT.left - PLOT.right;
  return PLOT.left + ((x - low) / (high - low)) * inner;
}

export function heightOf(y: number, [low, high]: readonly [number, number]): number {
  const inner = PLOT.height - PLOT.top - PLOT.bottom;
  return PLOT.top + ((high - y) / (high - low)) * inner;
}
