/** The GRPO loss and its slopes: `fused/grpo.ts`, a thread per sequence. */
import { GRPO_SUMS } from '../../fused/kernels.ts';
import type { Args } from './args.ts';
import type { GpuDevice } from './device.ts';
import { itemGroups, perItem, program } from './program.ts';

const GRPO = program({
  name: 'grpo',
  params: {
    items: 'u32',
    perSequence: 'u32',
    least: 'f32',
    greatest: 'f32',
    klBeta: 'f32',
    bonus: 'f32',
  },
  buffers: {
    starts: 'i32',
    // Facts of each token: logprob, old, reference, entropy, mask; then of each sequence.
    tokens: 'f32',
    sequences: 'f32',
    dLogprob: 'mut f32',
    dEntropy: 'mut f32',
    sums: 'mut f32',
  },
  code: `
/** Value, slope by the log ratio, and whether the clip took the gradient away below or above. */
fn surrogate(logRatio: f32, advantage: f32) -> vec4f {
  let ratio = exp(logRatio);
  let clipped = clamp(ratio, p.least, p.greatest);
  let low = select(0.0, 1.0, ratio < p.least && advantage < 0.0);
  let high = select(0.0, 1.0, ratio > p.greatest && advantage > 0.0);
  let value = -min(ratio * advantage, clipped * advantage);
  return vec4f(value, select(-ratio * advantage, 0.0, low + high > 0.0), low, high);
}
fn fact(kind: u32, token: u32) -> f32 {
  let count = u32(starts[p.starts_at + p.items]);
  return tokens[p.tokens_at + kind * count + token];
}
${perItem(`
  let begin = u32(starts[p.starts_at + item]);
  let end = u32(starts[p.starts_at + item + 1u]);
  let advantage = sequences[p.sequences_at + item];
  let weight = sequences[p.sequences_at + p.items + item];
  var length = 0.0;
  var logRatio = 0.0;
  for (var i = begin; i < end; i++) {
    length += fact(4u, i);
    logRatio += (fact(0u, i) - fact(1u, i)) * fact(4u, i);
  }
  let whole = surrogate(logRatio / max(length, 1.0), advantage);
  var totals: array<f32, ${GRPO_SUMS}>;
  for (var i = begin; i < end; i++) {
    let m = fact(4u, i);
    var term = whole;
    if (p.perSequence == 0u) { term = surrogate((fact(0u, i) - fact(1u, i)) * m, advantage); }
    let gap = fact(2u, i) - fact(0u, i);
    let apart = exp(gap) - gap - 1.0;
    let penalty = weight * p.klBeta * m;
    let uncertainty = fact(3u, i);
    dLogprob[p.dLogprob_at + i] = weight * m * term.y + penalty * (1.0 - exp(gap));
    dEntropy[p.dEntropy_at + i] = -p.bonus * m;
    totals[0] += weight * m * term.x + penalty * apart - p.bonus * m * uncertainty;
    totals[1] += m * apart;
    totals[2] += m * uncertainty;
    totals[3] += m * term.z;
    totals[4] += m * term.w;
    totals[5] += m;
  }
  for (var i = 0u; i < ${GRPO_SUMS}u; i++) {
    sums[p.sums_at + item * ${GRPO_SUMS}u + i] = totals[i];
  }`)}`,
});

export function grpo(gpu: GpuDevice, args: Args<'grpo'>): void {
  const { tokens, sequences, options } = args;
  // Without a reference the policy is its own: the penalty and its slope are 0.
  const kinds = [args.logprob, args.old, args.reference ?? args.logprob, args.entropy, args.mask];
  gpu.run(GRPO, {
    params: {
      items: sequences,
      perSequence: options.importanceSampling === 'sequence' ? 1 : 0,
      least: 1 - options.clipLow,
      greatest: 1 + options.clipHigh,
      klBeta: options.klBeta,
      bonus: options.entropyCoefficient / args.counted,
    },
    buffers: {
      starts: args.starts,
      tokens: gpu.joined(kinds, tokens),
      sequences: gpu.joined([args.advantages, args.weights], sequences),
      dLogprob: args.dLogprob,
      dEntropy: args.dEntropy,
      sums: args.sums,
    },
    groups: itemGroups(sequences),
  });
}
