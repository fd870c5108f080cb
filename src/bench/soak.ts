/**
 * Whether an engine's memory stays flat: small steps as a run takes them, a sampling and an update, whose
 * shapes are always the same. Whatever grows is a leak.
 */
import { createRng } from '../base/rng.ts';
import type { Policy, SampleRequest, UpdateBatch, UpdateOptions } from '../model/policy.ts';

const PROMPTS = 4;
const GROUP = 4;
const NEW_TOKENS = 12;
const ROWS = PROMPTS * GROUP;

const OPTIONS = {
  learningRate: 1e-4,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  maxGradNorm: 1,
  lossType: 'dr_grpo',
  importanceSampling: 'token',
  clipLow: 0.2,
  clipHigh: 0.2,
  // So that the reference's pass is taken too.
  klBeta: 0.01,
  entropyCoefficient: 0.01,
  temperature: 1,
  maxCompletionLength: NEW_TOKENS,
  maskTruncated: false,
  epochs: [Array.from({ length: ROWS }, (_, row) => row)],
  minibatches: 2,
} as const satisfies UpdateOptions;

/** Takes one step of the policy at each call. The vocabulary must lack an end token. */
export function createSoak(policy: Policy): () => Promise<void> {
  const rng = createRng(7);
  const { vocabSize } = policy.config;
  // Ragged, as prompts are.
  const prompts = Array.from({ length: PROMPTS }, (_, i) =>
    Array.from({ length: 6 + 3 * i }, () => rng.int(vocabSize)),
  );
  const drawing = { temperature: 1, topP: 1, topK: 0 };
  return async () => {
    const uniforms = rng.uniforms(ROWS * NEW_TOKENS);
    const request: SampleRequest = {
      prompts,
      samplesPerPrompt: GROUP,
      maxTokens: NEW_TOKENS,
      uniforms,
      ...drawing,
    };
    const { tokens, logprobs } = await policy.sample(request);
    const rows = Array.from({ length: ROWS }, (_, row) => row);
    const part = (row: number): [number, number] => [row * NEW_TOKENS, (row + 1) * NEW_TOKENS];
    const batch: UpdateBatch = {
      prompts: rows.map((row) => prompts[Math.floor(row / GROUP)]!),
      completions: rows.map((row) => [...tokens.subarray(...part(row))]),
      oldLogprobs: rows.map((row) => logprobs.subarray(...part(row))),
      advantages: rows.map((row) => (row % 2 === 0 ? 1 : -1)),
      truncated: new Uint8Array(ROWS),
    };
    await policy.update(batch, OPTIONS);
    await policy.updateReference(0.9);
  };
}
