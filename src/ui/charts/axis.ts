/** Axes with round ends and round ticks. */
export interface Axis {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  /** Equal distances are equal ratios; the domain is positive then. */
  readonly log?: boolean;
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

/** Ends exactly at `min` and `max` (both positive), with ticks at equal ratios between. */
export function tightLogAxis(min: number, max: number): Axis {
  if (min >= max) return { domain: [min / 2, max * 2], ticks: [max], log: true };
  const slack = 1 + 1e-9;
  const ticks = logTicks(min, max).filter((t) => t >= min / slack && t <= max * slack);
  return { domain: [min, max], ticks: ticks.length > 0 ? ticks : [max], log: true };
}

/** Ends on round numbers that enclose `min … max`; without a positive value, one decade. */
export function roundLogAxis(min: number, max: number): Axis {
  if (!(max > 0) || !(min > 0)) return { domain: [0.1, 1], ticks: [0.1, 1], log: true };
  const room = max / min > 1 + 1e-9 ? 1 : 1.5;
  const ticks = logTicks(min / room, max * room);
  return { domain: [ticks[0]!, ticks.at(-1)!], ticks, log: true };
}

/** Powers of ten; 1, 2 and 5 times them where there are few, every other or third where there are many. */
function logTicks(min: number, max: number): number[] {
  const decades = Math.log10(max / min);
  const factors = decades < 1.1 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / 5));
  const ticks: number[] = [];
  const first = Math.floor(Math.log10(min) / every) * every;
  for (let power = first; ticks.length === 0 || ticks.at(-1)! < max * (1 - 1e-9); power += every) {
    for (const factor of factors) {
      const tick = tidy(factor * 10 ** power);
      const next = ticks.at(-1);
      if (next !== undefined && next >= max * (1 - 1e-9)) break;
      ticks.push(tick);
    }
  }
  // The last one that is not above the least value is the end.
  const from = ticks.findLastIndex((tick) => tick <= min * (1 + 1e-9));
  return ticks.slice(Math.max(0, from));
}

const DURATIONS = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400,
];

/** As `tightAxis`, for seconds: ticks at what clocks show. */
export function tightDurationAxis(min: number, max: number, count = 5): Axis {
  if (min === max) return { domain: [min * 0.9, max * 1.1 + 1e-9], ticks: [min] };
  const step = DURATIONS.find((one) => one >= (max - min) / count) ?? roundStep(max - min, count);
  const first = Math.ceil(min / step);
  const last = Math.floor(max / step);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => tidy((first + i) * step));
  return { domain: [min, max], ticks };
}

function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
