/** Whether our engine has lost ground to plain TensorFlow.js since the ratios were recorded. */
import * as v from 'valibot';

/** A ratio may fall by this share: beyond it, noise is no excuse. */
export const ALLOWED_LOSS = 0.25;

type Ratios = Readonly<Record<string, number>>;

const recordSchema = v.looseObject({ ratios: v.record(v.string(), v.number()) });

/** The ratios of a recorded run. Throws if the text holds none. */
export function readRatios(json: string): Ratios {
  return v.parse(recordSchema, JSON.parse(json)).ratios;
}

export interface Verdict {
  /** What was compared: our engine, in both runs. */
  readonly compared: readonly string[];
  readonly losses: readonly string[];
}

export function compareRatios(recorded: Ratios, now: Ratios): Verdict {
  const compared = Object.keys(now).filter((key) => {
    return /\/ours-[^/]*$/.test(key) && recorded[key] !== undefined;
  });
  const losses = compared.flatMap((key) => {
    const [before, after] = [recorded[key]!, now[key]!];
    if (after >= before * (1 - ALLOWED_LOSS)) return [];
    const lost = Math.round(100 * (1 - after / before));
    return [
      `${key}: ${after.toFixed(2)} times as fast as plain, ${before.toFixed(2)} recorded: ${lost}% lost`,
    ];
  });
  return { compared, losses };
}
