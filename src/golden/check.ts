/**
 * Holds our numerics against values that an independent float64 implementation computed: the same
 * weights, the same tokens, every quantity of a training step.
 */
import { advantages, groupsOf, learnability } from '../exit/advantage.ts';
import { diversity } from '../exit/diversity.ts';
import { softmaxPriority } from '../exit/priority.ts';
import type { GrpoOptions, OpenPolicy, PolicySnapshot, UpdateBatch } from '../model/policy.ts';
import type { LossCase, Reference } from './reference.ts';

/** A model, with adapters if there are any, and what an independent implementation computed with it. */
export interface GoldenFolder extends Pick<PolicySnapshot, 'config' | 'weights' | 'adapters'> {
  readonly reference: Reference;
}

/**
 * Largest errors allowed. Absolute, but for gradients (norms relative, entries in units of their
 * tensor's root mean square) and AdamW's parameters (norms and entries relative to the same).
 */
export const TOLERANCES = {
  logits: 2e-5,
  logprobs: 2e-5,
  advantages: 1e-6,
  learnability: 1e-6,
  diversity: 1e-6,
  losses: 1e-5,
  gradientNorms: 1e-4,
  gradientEntries: 1e-3,
  adamwParameters: 1e-4,
  greedyTokens: 0,
  bufferProbabilities: 1e-6,
} as const;

export type Quantity = keyof typeof TOLERANCES;

/** Worst error of each quantity; `greedyTokens` counts tokens that differ. */
export type GoldenErrors = { readonly [Q in Quantity]: number };

/** The quantities beyond their tolerance; NaN is beyond. */
export function beyondTolerance(errors: Partial<GoldenErrors>): Quantity[] {
  const quantities = Object.keys(errors) as Quantity[];
  return quantities.filter((quantity) => !(errors[quantity]! <= TOLERANCES[quantity]));
}

type Start = (snapshot: PolicySnapshot) => OpenPolicy | Promise<OpenPolicy>;

export function checkGolden(folder: GoldenFolder, engine: Start): Promise<GoldenErrors> {
  const { reference } = folder;
  return withPolicy(folder, engine, async (policy) => ({
    ...pureErrors(reference),
    logits: await logitError(policy, reference),
    logprobs: await logprobError(policy, reference),
    greedyTokens: await greedyError(policy, reference),
    ...(await trainingErrors(policy, reference)),
  }));
}

/** Loss, gradients and optimizer alone. */
export function checkTraining(
  folder: GoldenFolder,
  engine: Start,
): Promise<Pick<GoldenErrors, TrainingQuantity>> {
  return withPolicy(folder, engine, (policy) => trainingErrors(policy, folder.reference));
}

async function withPolicy<T>(
  { config: shape, weights, adapters }: GoldenFolder,
  engine: Start,
  check: (policy: OpenPolicy) => Promise<T>,
): Promise<T> {
  // No token ends a row: the reference decoded on past `<eos>`.
  const config = { ...shape, eosId: -1 };
  const policy = await engine({ config, weights, ...(adapters && { adapters }) });
  try {
    return await check(policy);
  } finally {
    policy.dispose();
  }
}

type PureQuantity = 'advantages' | 'learnability' | 'diversity' | 'bufferProbabilities';

function pureErrors(reference: Reference): Pick<GoldenErrors, PureQuantity> {
  const { rewards, groupSize, embeddings, buffer } = reference;
  return {
    advantages: worst(advantages(rewards, groupSize, 'group'), reference.advantages),
    learnability: worst(groupsOf(rewards, groupSize).map(learnability), reference.learnability),
    diversity: worst(groupsOf(embeddings, groupSize).flatMap(diversity), reference.diversity),
    bufferProbabilities: worst(
      softmaxPriority(buffer.scores, buffer.kappa, 'raw'),
      buffer.probabilities,
    ),
  };
}

async function logitError(policy: OpenPolicy, reference: Reference): Promise<number> {
  const rows = sequences(reference);
  const { values, time } = await policy.logits(rows);
  const { vocabSize } = policy.config;
  const errors = rows.flatMap((row, b) =>
    row.map((_, t) => {
      const at = (b * time + t) * vocabSize;
      return worst(values.subarray(at, at + vocabSize), reference.logits[b]![t]!);
    }),
  );
  return largest(errors);
}

async function logprobError(policy: OpenPolicy, reference: Reference): Promise<number> {
  const rows = sequences(reference);
  const batch = {
    prompts: rows.map((row) => row.slice(0, 1)),
    completions: rows.map((row) => row.slice(1)),
  };
  const values = await policy.logprobs(batch, reference.temperature);
  const time = values.length / rows.length;
  return largest(
    rows.map((row, b) =>
      worst(
        values.subarray(b * time, b * time + row.length - 1),
        reference.logprobs[b]!.slice(0, row.length - 1),
      ),
    ),
  );
}

async function greedyError(policy: OpenPolicy, { greedy, ids }: Reference): Promise<number> {
  const start = sharedStart(greedy, ids);
  const maxTokens = greedy[0]!.length - start;
  const { tokens } = await policy.sample({
    prompts: greedy.map((row) => row.slice(0, start)),
    samplesPerPrompt: 1,
    maxTokens,
    temperature: 0,
    topP: 1,
    topK: 0,
    uniforms: new Float32Array(greedy.length * maxTokens),
  });
  const expected = greedy.flatMap((row) => row.slice(start));
  return expected.filter((token, i) => token !== tokens[i]).length;
}

/** Length of the prompts that the greedy continuations started from: what all rows share with `ids`. */
function sharedStart(greedy: readonly number[][], ids: readonly number[][]): number {
  const shared = greedy.map((row, b) => row.findIndex((token, i) => token !== ids[b]![i]));
  return Math.min(...shared.filter((length) => length >= 0));
}

type GradientQuantity = 'losses' | 'gradientNorms' | 'gradientEntries';

async function gradientErrors(
  policy: OpenPolicy,
  reference: Reference,
): Promise<Pick<GoldenErrors, GradientQuantity>> {
  const batch = batchOf(reference);
  const losses: number[] = [];
  const norms: number[] = [];
  const entries: number[] = [];
  for (const expected of reference.losses) {
    const { loss, gradients } = await policy.readGradients(batch, grpoOptions(expected, reference));
    losses.push(Math.abs(loss - expected.loss));
    for (const { name, values } of gradients) {
      norms.push(relative(norm(values), expected.gradNorms[name]!));
      entries.push(headError(values, expected.gradHead[name]!));
    }
  }
  return {
    losses: largest(losses),
    gradientNorms: largest(norms),
    gradientEntries: largest(entries),
  };
}

type TrainingQuantity = GradientQuantity | 'adamwParameters';

async function trainingErrors(
  policy: OpenPolicy,
  reference: Reference,
): Promise<Pick<GoldenErrors, TrainingQuantity>> {
  return {
    ...(await gradientErrors(policy, reference)),
    // Last, for it trains the policy.
    adamwParameters: await adamwError(policy, reference),
  };
}

/** Three steps on one batch with the loss that the reference's first step names. */
async function adamwError(policy: OpenPolicy, reference: Reference): Promise<number> {
  const { hyper, clipNorm, steps, paramNorms, paramHead } = reference.adamw;
  // The first step's loss is one of the losses listed: that tells which it was.
  const [loss] = reference.losses.toSorted(
    (a, b) => Math.abs(a.loss - steps[0]!.loss) - Math.abs(b.loss - steps[0]!.loss),
  );
  if (!loss) throw new Error('reference.json: losses: got none, expected at least one');
  const batch = batchOf(reference);
  await policy.update(batch, {
    ...grpoOptions(loss, reference),
    learningRate: hyper.lr,
    beta1: hyper.betas[0],
    beta2: hyper.betas[1],
    epsilon: hyper.eps,
    weightDecay: hyper.weight_decay,
    maxGradNorm: clipNorm,
    minibatches: 1,
    epochs: steps.map(() => batch.prompts.map((_, row) => row)),
  });
  const { weights, adapters } = await policy.save();
  return largest(
    (adapters ?? weights).flatMap(({ name, values }) => [
      relative(norm(values), paramNorms[name]!),
      headError(values, paramHead[name]!),
    ]),
  );
}

export function grpoOptions(loss: LossCase, { temperature }: Reference): GrpoOptions {
  const { lossType, importanceSampling, clipLow, clipHigh, klBeta, maxCompletionLength } = loss;
  return {
    lossType,
    importanceSampling,
    clipLow,
    clipHigh,
    klBeta,
    maxCompletionLength,
    temperature,
    entropyCoefficient: 0,
    // Only rows without a completion are marked so.
    maskTruncated: true,
  };
}

/** The reference's rows without their padding. */
function sequences({ ids, padMask }: Reference): number[][] {
  return ids.map((row, b) =>
    row.slice(
      0,
      padMask[b]!.reduce((sum, m) => sum + m, 0),
    ),
  );
}

/** The rows of a reference as a batch; mask column t stands for the prediction of token t + 1. */
export function batchOf(reference: Reference): UpdateBatch {
  const { ids, completionMask, oldLogprobs, refLogprobs, advantages } = reference;
  const spans = completionMask.map(spanOf);
  const cut = (rows: readonly number[][], shift: number): number[][] =>
    rows.map((row, b) => row.slice(spans[b]!.from + shift, spans[b]!.to + shift));
  return {
    prompts: ids.map((row, b) => row.slice(0, spans[b]!.from + 1)),
    completions: cut(ids, 1),
    oldLogprobs: cut(oldLogprobs, 0),
    referenceLogprobs: cut(refLogprobs, 0),
    advantages,
    truncated: spans.map(({ empty }) => Number(empty)),
  };
}

/**
 * The columns [from, to) that a mask selects. A row without any still counts as a sequence: it gets one
 * column, marked to be left out of the loss.
 * @throws Error if the mask has gaps, which a prompt and its completion cannot express.
 */
function spanOf(
  mask: readonly number[],
  row: number,
): { from: number; to: number; empty: boolean } {
  const from = mask.indexOf(1);
  const to = mask.lastIndexOf(1) + 1;
  if (from < 0) return { from: 0, to: 1, empty: true };
  const gap = mask.slice(from, to).indexOf(0);
  if (gap < 0) return { from, to, empty: false };
  throw new Error(
    `reference.json: completionMask.${row}.${from + gap}: got 0, expected 1 between the first 1 and the last`,
  );
}

/** Worst error of a tensor's first entries in units of its root mean square. */
function headError(values: Float32Array, head: readonly number[]): number {
  return worst(values.subarray(0, head.length), head) / (norm(values) / Math.sqrt(values.length));
}

function norm(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum);
}

function relative(actual: number, expected: number): number {
  return Math.abs(actual - expected) / Math.abs(expected);
}

/** Largest absolute difference; NaN if the lengths differ or anything is NaN. */
function worst(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return NaN;
  return largest(Array.from(expected, (value, i) => Math.abs(value - actual[i]!)));
}

/** `Math.max` that keeps NaN and knows the empty list. */
function largest(errors: readonly number[]): number {
  return errors.length === 0 ? NaN : Math.max(...errors);
}
