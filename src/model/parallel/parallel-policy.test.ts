import { describe, expect, it } from 'vitest';
import { createRng } from '../../base/rng.ts';
import { FusedPolicy } from '../fused/fused-policy.ts';
import { ReferenceKernels } from '../fused/reference.ts';
import type { PolicyConfig, SampleRequest, UpdateBatch, UpdateOptions } from '../policy.ts';
import { ParallelPolicy } from './parallel-policy.ts';
import { shardPrompts, shardRows } from './shards.ts';

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
  eosId: 2,
  padId: 0,
};

const one = (): FusedPolicy => FusedPolicy.initialise(new ReferenceKernels(), CONFIG, createRng(3));
const several = (count: number): ParallelPolicy =>
  new ParallelPolicy(one(), Array.from({ length: count - 1 }, one));

/** Groups of two, so that shards can be cut between them. */
const BATCH: UpdateBatch = {
  prompts: [
    [1, 5],
    [1, 5],
    [1, 6, 7],
    [1, 6, 7],
    [1, 8],
    [1, 8],
  ],
  completions: [[5, 2], [6, 7, 8, 2], [9], [3, 4, 2], [4, 2], [11, 10, 2]],
  oldLogprobs: [[-2, -2], [-2, -2, -2, -2], [-2], [-2, -2, -2], [-2, -2], [-2, -2, -2]],
  advantages: [1, -1, 0.5, -0.5, 2, -2],
  truncated: [0, 0, 1, 0, 0, 0],
};

const OPTIONS: UpdateOptions = {
  learningRate: 1e-2,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0.01,
  maxGradNorm: 1,
  lossType: 'grpo',
  importanceSampling: 'sequence',
  clipLow: 0.2,
  clipHigh: 0.2,
  klBeta: 0.05,
  entropyCoefficient: 0.02,
  temperature: 0.8,
  maxCompletionLength: 5,
  maskTruncated: true,
  minibatches: 2,
  epochs: [
    [0, 3, 1, 5, 2, 4],
    [5, 4, 3, 2, 1, 0],
  ],
};

const flat = async (policy: FusedPolicy | ParallelPolicy): Promise<number[]> =>
  (await policy.save()).weights.flatMap(({ values }) => [...values]);

function expectClose(actual: readonly number[], expected: readonly number[], within: number): void {
  const worst = Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)));
  expect(actual).toHaveLength(expected.length);
  expect(worst).toBeLessThan(within);
}

describe.each([2, 3, 5])('a policy on %i replicas', (count) => {
  it('updates as one does, to rounding', async () => {
    const [a, b] = [one(), several(count)];
    for (let i = 0; i < 3; i++) {
      const [expected, actual] = [await a.update(BATCH, OPTIONS), await b.update(BATCH, OPTIONS)];
      expectClose(Object.values(actual), Object.values(expected), 1e-5);
      await Promise.all([a.updateReference(0.5), b.updateReference(0.5)]);
    }
    expectClose(await flat(b), await flat(a), 1e-4);
  });

  it('fits as one does, to rounding', async () => {
    const [a, b] = [one(), several(count)];
    for (let i = 0; i < 5; i++) {
      const [expected, actual] = [await a.sftStep(BATCH, OPTIONS), await b.sftStep(BATCH, OPTIONS)];
      expectClose(Object.values(actual), Object.values(expected), 1e-5);
    }
    expectClose(await flat(b), await flat(a), 1e-4);
  });

  it('samples what one does', async () => {
    const request = {
      prompts: [
        [1, 5],
        [1, 6, 7],
        [1, 8],
        [1, 3, 9, 10, 11, 4],
      ],
      samplesPerPrompt: 3,
      maxTokens: 5,
      temperature: 1,
      topP: 1,
      topK: 0,
      uniforms: createRng(7).uniforms(60),
    };
    expect(await several(count).sample(request)).toEqual(await one().sample(request));
  });

  it('keeps all replicas alike', async () => {
    const replicas = Array.from({ length: count }, one);
    const policy = new ParallelPolicy(replicas[0]!, replicas.slice(1));
    await policy.update(BATCH, OPTIONS);
    const [first, ...others] = await Promise.all(replicas.map((replica) => flat(replica)));
    for (const other of others) expect(other).toEqual(first);
  });

  it('loads into all replicas, or into none', async () => {
    const replicas = Array.from({ length: count }, one);
    const policy = new ParallelPolicy(replicas[0]!, replicas.slice(1));
    const before = await policy.save();
    await policy.update(BATCH, OPTIONS);
    await policy.load(before);
    for (const replica of replicas) expect((await replica.save()).weights).toEqual(before.weights);
    await expect(policy.load({ ...before, weights: [] })).rejects.toThrow('is missing');
    for (const replica of replicas) expect((await replica.save()).weights).toEqual(before.weights);
  });
});

describe('a replica that is gone', () => {
  const request: SampleRequest = {
    ...{
      prompts: [
        [1, 5],
        [1, 6, 7],
        [1, 8],
      ],
      samplesPerPrompt: 2,
      maxTokens: 4,
    },
    ...{ temperature: 1, topP: 1, topK: 0, uniforms: createRng(7).uniforms(24) },
  };
  const TASKS = {
    sampling: async (policy) => (await policy.sample(request)).tokens,
    updating: (policy) => policy.update(BATCH, OPTIONS),
    fitting: (policy) => policy.sftStep(BATCH, OPTIONS),
    'moving the reference': (policy) => policy.updateReference(0.5),
  } satisfies Record<string, (policy: ParallelPolicy) => Promise<unknown>>;
  const METHODS = [
    ...['sample', 'shardGradient', 'shardSftGradient', 'applyGradient', 'updateReference'],
  ] as const;

  /** Works until one of its calls of that name, from which on it is gone. */
  function mortal(method: string): { replica: FusedPolicy; isGone: () => boolean } {
    let gone = false;
    const replica = new Proxy(one(), {
      get: (target, name) => {
        const own: unknown = Reflect.get(target, name);
        if (typeof own !== 'function') return own;
        return (...args: unknown[]): unknown => {
          gone ||= name === method;
          if (gone) return Promise.reject(new Error('a worker stopped'));
          return Reflect.apply(own as (...args: unknown[]) => unknown, target, args);
        };
      },
    });
    return { replica, isGone: () => gone };
  }

  it.each(METHODS)('in %s has another one in its place, and nothing differs', async (method) => {
    const { replica, isGone } = mortal(method);
    let replaced: FusedPolicy | undefined;
    const policy = new ParallelPolicy(one(), [replica], (lost) =>
      lost === replica && isGone() ? (replaced = one()) : undefined,
    );
    const undisturbed = several(2);
    for (let round = 0; round < 2; round++) {
      for (const task of Object.values(TASKS)) {
        expect(await task(policy)).toEqual(await task(undisturbed));
      }
    }
    expect(isGone()).toBe(true);
    expect(await flat(policy)).toEqual(await flat(undisturbed));
    expect(await flat(replaced!)).toEqual(await flat(policy));
  });

  it('is not replaced where its worker lives: the error is one of the work', async () => {
    const { replica } = mortal('sample');
    const policy = new ParallelPolicy(one(), [replica], () => undefined);
    await expect(policy.sample(request)).rejects.toThrow('a worker stopped');
  });
});

describe('shards', () => {
  it('hold every row once and never split a prompt', () => {
    const shards = shardRows(BATCH, 3);
    expect(shards.flat().toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
    for (const shard of shards) {
      for (const row of shard) expect(shard).toContain(row ^ 1);
    }
  });

  it('are fewer where there is too little to share, and never empty', () => {
    expect(shardRows({ prompts: [[1]], completions: [[2]] }, 4)).toEqual([[0]]);
    const prompts = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1]];
    const request = { samplesPerPrompt: 1, maxTokens: 1, temperature: 1, topP: 1, topK: 0 };
    const shards = shardPrompts({ ...request, prompts, uniforms: new Float32Array(2) }, 2);
    expect(shards).toEqual([[prompts[0]], [prompts[1]]]);
  });
});
