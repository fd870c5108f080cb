/** Sampling a token from logits. */
import { logSumExp } from './reference-math.ts';

export interface SampleTokenOptions {
  /** 0 is greedy. */
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
}

export interface SampledToken {
  readonly token: number;
  /** At the temperature, before top-k and top-p; of the unscaled logits when greedy. */
  readonly logprob: number;
}

/** See `CpuKernels.sampleTokens`. */
export function sampleToken(
  logits: Float32Array,
  uniform: number,
  options: SampleTokenOptions,
): SampledToken {
  const greedy = options.temperature === 0;
  const scaled = Array.from(logits, (logit) => (greedy ? logit : logit / options.temperature));
  const total = logSumExp(scaled);
  const token = greedy
    ? scaled.indexOf(Math.max(...scaled))
    : invert(
        nucleus(
          scaled.map((logit) => Math.exp(logit - total)),
          options,
        ),
        uniform,
      );
  return { token, logprob: scaled[token]! - total };
}

/** All but the top-k, then all but the top-p set to 0; not renormalised. */
function nucleus(p: readonly number[], { topK, topP }: SampleTokenOptions): readonly number[] {
  const limit = topK > 0 ? Math.min(topK, p.length) : p.length;
  if (limit === p.length && topP >= 1) return p;
  const falling = p.toSorted((a, b) => b - a).slice(0, limit);
  const mass = falling.reduce((sum, value) => sum + value, 0) * Math.min(topP, 1);
  let before = 0;
  const kept = falling.findIndex((value) => {
    const stays = before < mass;
    before += value;
    return !stays;
  });
  const threshold = falling[(kept < 0 ? limit : kept) - 1]!;
  return p.map((value) => (value >= threshold ? value : 0));
}

/** The number of tokens whose cumulative probability is at most uniform · total. */
function invert(p: readonly number[], uniform: number): number {
  const bound = uniform * p.reduce((sum, value) => sum + value, 0);
  let cumulative = 0;
  const at = p.findIndex((value) => (cumulative += value) > bound);
  return at < 0 ? p.length - 1 : at;
}
