/** Attempts as points on a canvas: where each lies, which is nearest, which is next, how their mean moves. */
import type { Mode } from '../../../tasks/task.ts';
import type { AttemptMap } from '../../../runs/index/queries.ts';
import { modeName } from './labels.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  /** [n] in CSS pixels. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** From the map's own place to pixels. */
  readonly place: (x: number, y: number) => Point;
}

export interface Frame {
  readonly width: number;
  readonly height: number;
}

const MARGIN = 24;
/** Distance between equal attempts, which would hide each other. */
const APART = 4.4;

/** Both axes have one scale, and the mean of all attempts lies in the middle. */
export function layOut({ x, y, text }: AttemptMap, { width, height }: Frame): Layout {
  const scale = Math.min((width / 2 - MARGIN) / extent(x), (height / 2 - MARGIN) / extent(y));
  const place = (a: number, b: number): Point => ({
    x: width / 2 + scale * a,
    y: height / 2 - scale * b,
  });
  const seen = new Map<string, number>();
  const at = text.map((words, i) => {
    const nth = seen.get(words) ?? 0;
    seen.set(words, nth + 1);
    const { x: left, y: top } = place(x[i]!, y[i]!);
    const [right, down] = sunflower(nth);
    return { x: left + right, y: top + down };
  });
  return {
    x: Float32Array.from(at, (point) => point.x),
    y: Float32Array.from(at, (point) => point.y),
    place,
  };
}

function extent(values: Float32Array): number {
  let most = 1e-6;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}

/** Equal attempts lie as the seeds of a sunflower: the size of the head is how many there are. */
function sunflower(nth: number): readonly [number, number] {
  const radius = (APART / 2) * Math.sqrt(nth) * 1.2;
  const angle = nth * 2.399963;
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

/** Index of the point nearest to a place, at most `within` pixels away; the newest among equals. */
export function nearest({ x, y }: Layout, to: Point, within: number): number | null {
  let found: number | null = null;
  let least = within ** 2;
  for (let i = 0; i < x.length; i++) {
    const distance = (x[i]! - to.x) ** 2 + (y[i]! - to.y) ** 2;
    if (distance <= least) [found, least] = [i, distance];
  }
  return found;
}

const AHEAD = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
} as const;

export type Arrow = keyof typeof AHEAD;

export function isArrow(key: string): key is Arrow {
  return key in AHEAD;
}

/** The nearest point in a direction: what lies aside counts as twice as far. Null at the rim. */
export function nextPoint({ x, y }: Layout, from: number, key: Arrow): number | null {
  const [right, down] = AHEAD[key];
  let found: number | null = null;
  let least = Infinity;
  for (let i = 0; i < x.length; i++) {
    const [dx, dy] = [x[i]! - x[from]!, y[i]! - y[from]!];
    const ahead = dx * right + dy * down;
    const aside = Math.abs(dx * down) + Math.abs(dy * right);
    if (ahead < 0.5 || aside > 2 * ahead) continue;
    const cost = ahead + 2 * aside;
    if (cost < least) [found, least] = [i, cost];
  }
  return found;
}

export interface DriftPoint extends Point {
  readonly from: number;
  readonly to: number;
}

/** Means of successive ranges of steps, in the map's own place; ranges without attempts are left out. */
export function drift({ x, y, step }: AttemptMap, ranges: number): DriftPoint[] {
  const [first, last] = [step[0], step.at(-1)];
  if (first === undefined || last === undefined) return [];
  const span = (last - first + 1) / ranges;
  const sums = Array.from({ length: ranges }, () => ({ x: 0, y: 0, count: 0 }));
  step.forEach((at, i) => {
    const sum = sums[Math.min(ranges - 1, Math.floor((at - first) / span))]!;
    sum.x += x[i]!;
    sum.y += y[i]!;
    sum.count += 1;
  });
  return sums
    .map((sum, r) => ({
      ...{ x: sum.x / sum.count, y: sum.y / sum.count, count: sum.count },
      from: Math.ceil(first + r * span),
      to: Math.ceil(first + (r + 1) * span) - 1,
    }))
    .filter(({ count }) => count > 0)
    .map(({ count: _count, ...point }) => point);
}

/** An attempt of the map by itself: it outlives the map that it was seen on. */
export interface MapPoint {
  readonly step: number;
  readonly group: number;
  readonly completion: number;
  /** Among all completions of its step. */
  readonly index: number;
  readonly quality: number;
  readonly mode: Mode;
  /** Id; null in a run of one domain alone. */
  readonly domain: string | null;
  readonly text: string;
}

export function pointAt(map: AttemptMap, i: number): MapPoint {
  return {
    step: map.step[i]!,
    group: map.group[i]!,
    completion: map.completion[i]!,
    index: map.index[i]!,
    quality: map.quality[i]!,
    mode: modeName(map.mode[i]!),
    domain: map.domain[i]!,
    text: map.text[i]!,
  };
}

/** Where it lies on this map; -1 where it is not on it. */
export function indexOfPoint(map: AttemptMap, point: MapPoint | null): number {
  if (point === null) return -1;
  return map.step.findIndex((step, i) => step === point.step && map.index[i] === point.index);
}
