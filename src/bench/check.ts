/**
 * Whether our engine has lost ground to the other engines since the ratios were recorded. Machines are
 * noisy: a ratio counts as lost only if the best that its median may be, by the rounds measured, is beside
 * the least that the recorded one may have been.
 */
import * as v from 'valibot';
import { medianInterval, type Interval } from './ratios.ts';

/** A ratio may fall by this share: beyond it, noise is no excuse. */
export const ALLOWED_LOSS = 0.25;

type Ratios = Readonly<Record<string, Interval>>;

const recordSchema = v.looseObject({
  ratios: v.record(v.string(), v.object({ median: v.number(), low: v.number(), high: v.number() })),
  machine: v.array(v.string()),
});

export type Recorded = v.InferOutput<typeof recordSchema>;

/** A recorded run. Throws if the text is none. */
export function readRecord(json: string): Recorded {
  return v.parse(recordSchema, JSON.parse(json));
}

export interface Verdict {
  /** Keys that both runs have. */
  readonly compared: readonly string[];
  /** Key → what was lost, in words. */
  readonly losses: Readonly<Record<string, string>>;
}

/** @param now ratios round by round, under the keys of the recorded medians. */
export function compareRatios(
  recorded: Ratios,
  now: Readonly<Record<string, readonly number[]>>,
): Verdict {
  const compared = Object.keys(now).filter((key) => recorded[key] !== undefined);
  const losses = compared.flatMap((key): [string, string][] => {
    const [before, after] = [recorded[key]!, medianInterval(now[key]!)];
    if (after.high >= before.low * (1 - ALLOWED_LOSS)) return [];
    const lost = Math.round(100 * (1 - after.high / before.low));
    const was = `${before.median.toFixed(2)} (at least ${before.low.toFixed(2)}) recorded`;
    const is = `${after.median.toFixed(2)} (at best ${after.high.toFixed(2)})`;
    return [[key, `${is}, ${was}: at least ${lost}% lost`]];
  });
  return { compared, losses: Object.fromEntries(losses) };
}

/** Keys lost in both of two measurements: noise seldom strikes the same one twice. */
export function lostTwice(first: Verdict, second: Verdict): string[] {
  return Object.entries(second.losses).flatMap(([key, words]) =>
    first.losses[key] === undefined ? [] : [`${key}: ${words}`],
  );
}
