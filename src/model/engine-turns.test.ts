/** A call on a device that computes on this thread, and what is heard in the middle of it. */
import { expect, it } from 'vitest';
import { createRng } from '../base/rng.ts';
import { startEngine } from './engine.ts';
import type { OpenPolicy, PolicyConfig, Samples, UpdateOptions, UpdateStats } from './policy.ts';

const CONFIG: PolicyConfig = {
  vocabSize: 12,
  hiddenSize: 16,
  intermediateSize: 24,
  numLayers: 2,
  numHeads: 2,
  headDim: 8,
  maxPositions: 32,
  rmsNormEps: 1e-5,
  ropeTheta: 10000,
  tieEmbeddings: true,
  bosId: 1,
  // Never sampled: every completion takes its whole length.
  eosId: 99,
  padId: 0,
};
const MAX_TOKENS = 6;
const PROMPTS = [
  [1, 5, 6],
  [1, 8],
  [1, 3, 9, 10],
];
const OPTIONS: UpdateOptions = {
  learningRate: 1e-2,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0,
  maxGradNorm: 1,
  lossType: 'dapo',
  importanceSampling: 'token',
  clipLow: 0.2,
  clipHigh: 0.2,
  klBeta: 0,
  entropyCoefficient: 0.01,
  temperature: 1,
  maxCompletionLength: MAX_TOKENS,
  maskTruncated: false,
  minibatches: 3,
  epochs: [
    [0, 1, 2],
    [2, 0, 1],
  ],
};

async function open(pause?: () => Promise<void>): Promise<OpenPolicy> {
  const engine = await startEngine({ requested: 'wasm', ...(pause && { pause }) });
  return engine.initialise(CONFIG, createRng(3));
}

function sample(policy: OpenPolicy): Promise<Samples> {
  const rng = createRng(4);
  return policy.sample({
    prompts: PROMPTS,
    samplesPerPrompt: 1,
    maxTokens: MAX_TOKENS,
    temperature: 1,
    topP: 1,
    topK: 0,
    uniforms: Float32Array.from({ length: PROMPTS.length * MAX_TOKENS }, () => rng.next()),
  });
}

function update(policy: OpenPolicy): Promise<UpdateStats> {
  return policy.update(
    {
      prompts: PROMPTS,
      completions: [[4, 5], [6], [7, 8, 9]],
      oldLogprobs: [[-2, -2], [-2], [-2, -2, -2]],
      advantages: [1, -1, 0.5],
      truncated: [0, 0, 0],
    },
    OPTIONS,
  );
}

/** Turns given, by the number of the turn; what waits in the event loop is done in each. */
function countTurns(): { readonly pause: () => Promise<void>; readonly count: () => number } {
  let turns = 0;
  const pause = async (): Promise<void> => {
    turns += 1;
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { pause, count: () => turns };
}

it('gives a turn before each pass, each token and each minibatch', async () => {
  const { pause, count } = countTurns();
  const policy = await open(pause);
  await sample(policy);
  expect(count()).toBe(1 + MAX_TOKENS);
  await update(policy);
  expect(count()).toBe(1 + MAX_TOKENS + OPTIONS.epochs.length * OPTIONS.minibatches);
});

it.each([
  ['sample', sample],
  ['update', update],
])('hears a message in the middle of `%s`, by the next turn', async (_, call) => {
  const { pause, count } = countTurns();
  const policy = await open(pause);
  const heard = new Promise<number>((resolve) => setTimeout(() => resolve(count()), 0));
  let done = false;
  const calling = call(policy).then(() => (done = true));
  expect(await heard).toBeLessThanOrEqual(1);
  expect(done).toBe(false);
  await calling;
});

it('computes the same to the last bit as without turns', async () => {
  const [plain, turning] = [await open(), await open(countTurns().pause)];
  const results = await Promise.all(
    [plain, turning].map(async (policy) => ({
      samples: await sample(policy),
      stats: await update(policy),
      saved: await policy.save(),
    })),
  );
  expect(results[1]).toEqual(results[0]);
});
