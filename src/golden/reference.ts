/** The format of a golden folder's `reference.json`, checked where it enters. */
import * as v from 'valibot';

const numbers = v.array(v.number());
const matrix = v.array(numbers);
const perParameter = v.record(v.string(), v.number());
const headPerParameter = v.record(v.string(), numbers);

const LossCase = v.object({
  lossType: v.picklist(['grpo', 'dapo', 'dr_grpo']),
  importanceSampling: v.picklist(['token', 'sequence']),
  klBeta: v.number(),
  clipLow: v.number(),
  clipHigh: v.number(),
  maxCompletionLength: v.number(),
  loss: v.number(),
  kl_mean: v.number(),
  clip_fraction: v.number(),
  gradNorm: v.number(),
  gradNorms: perParameter,
  gradHead: headPerParameter,
});

const AdamW = v.object({
  hyper: v.object({
    lr: v.number(),
    betas: v.tuple([v.number(), v.number()]),
    eps: v.number(),
    weight_decay: v.number(),
  }),
  clipNorm: v.number(),
  steps: v.array(v.object({ loss: v.number(), gradNormBeforeClip: v.number() })),
  paramNorms: perParameter,
  paramHead: headPerParameter,
});

/** What programs of the field make of the tokens of a reference. */
export const FieldReferenceSchema = v.object({
  versions: v.record(v.string(), v.string()),
  losses: v.array(LossCase),
  adamw: AdamW,
});

export const ReferenceSchema = v.object({
  ids: matrix,
  padMask: matrix,
  completionMask: matrix,
  temperature: v.number(),
  logits: v.array(matrix),
  logprobs: matrix,
  oldLogprobs: matrix,
  refLogprobs: matrix,
  rewards: numbers,
  groupSize: v.number(),
  advantages: numbers,
  learnability: numbers,
  embeddings: matrix,
  diversity: numbers,
  losses: v.array(LossCase),
  adamw: AdamW,
  greedy: matrix,
  buffer: v.object({ scores: numbers, kappa: v.number(), probabilities: numbers }),
});

export type Reference = v.InferOutput<typeof ReferenceSchema>;
export type LossCase = v.InferOutput<typeof LossCase>;
