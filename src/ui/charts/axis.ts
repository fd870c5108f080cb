/** Axes with round ends and round ticks. */
export interface Axis {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
}

/** The 1-2-5 step that cuts `span` into about `count` parts. */
function roundStep(span: number, count: number): number {
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10;
  return step * power;
}

/** Ends on round numbers that enclose `min … max`; what is as good as one value gets room around it. */
export function roundAxis(min: number, max: number, count = 4): Axis {
  // Ticks are told apart by twelve digits: closer than that is one value.
  const least = 1e-9 * Math.max(1, Math.abs(min), Math.abs(max));
  const room = max - min > least ? 0 : Math.max(Math.abs(min) * 0.1, 1e-3);
  const step = roundStep(max - min + 2 * room, count);
  const first = Math.floor((min - room) / step + 1e-9);
  const last = Math.ceil((max + room) / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => tidy((first + i) * step));
  return { domain: [ticks[0]!, ticks.at(-1)!], ticks };
}

/** Ends exactly at `min` and `max`, with round ticks between: for steps, which should fill the width. */
export function tightAxis(min: number, max: number, count = 5): Axis {
  if (min === max) return { domain: [min - 1, max + 1], ticks: [min] };
  const step = Math.max(1, roundStep(max - min, count));
  const first = Math.ceil(min / step);
  const last = Math.floor(max / step);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  return { domain: [min, max], ticks };
}

function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
