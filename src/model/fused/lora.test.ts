import { describe, expect, it } from 'vitest';
import { createRng } from '../../base/rng.ts';

import { initialWeights, mergedWeights } from '../parameters.ts';
import type { PolicyConfig, PolicySnapshot, UpdateBatch, UpdateOptions } from '../policy.ts';
import { FusedPolicy } from './fused-policy.ts';
import { ReferenceKernels } from './reference.ts';

const PLAIN: PolicyConfig = {
  ...{ vocabSize: 19, hiddenSize: 16, intermediateSize: 20, numLayers: 2, numHeads: 4, headDim: 4 },
  ...{ numKeyValueHeads: 2, maxPositions: 32, rmsNormEps: 1e-5, ropeTheta: 10000 },
  ...{ tieEmbeddings: true, attentionBias: true, queryKeyNorm: true },
  ...{ bosId: 1, eosId: 2, padId: 0 },
};
const CONFIG: PolicyConfig = {
  ...PLAIN,
  lora: { rank: 3, alpha: 6, targets: ['q_proj', 'v_proj', 'down_proj'] },
};
const SNAPSHOT: PolicySnapshot = { config: CONFIG, weights: initialWeights(PLAIN, createRng(3)) };

const BATCH: UpdateBatch = {
  prompts: [
    [1, 5],
    [1, 5],
    [1, 7, 8],
    [1, 7, 8],
  ],
  completions: [
    [3, 4, 2],
    [6, 2],
    [9, 2],
    [10, 11, 12, 2],
  ],
  oldLogprobs: [
    [-2, -2, -2],
    [-2, -3],
    [-3, -2],
    [-3, -3, -3, -2],
  ],
  advantages: [1, -1, 0.5, -0.5],
  truncated: [0, 0, 0, 0],
};
const OPTIONS: UpdateOptions = {
  ...{ learningRate: 1e-2, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 },
  ...{ lossType: 'dapo', importanceSampling: 'token', clipLow: 0.2, clipHigh: 0.2 },
  ...{ klBeta: 0.1, entropyCoefficient: 0, temperature: 1, maskTruncated: false },
  ...{ maxCompletionLength: 4, epochs: [[0, 1, 2, 3]], minibatches: 1 },
};

describe('a policy with adapters', () => {
  it('begins as its base, and counts no divergence from it', async () => {
    const adapted = FusedPolicy.from(new ReferenceKernels(), SNAPSHOT);
    const base = FusedPolicy.from(new ReferenceKernels(), { ...SNAPSHOT, config: PLAIN });
    const rows = [[1, 5, 3, 4]];
    expect(await adapted.logits(rows)).toEqual(await base.logits(rows));
    expect((await adapted.update(BATCH, OPTIONS)).kl).toBe(0);
    expect((await adapted.update(BATCH, OPTIONS)).kl).toBeGreaterThan(0);
  });

  it('learns with its base as it was, and is what the merged weights are', async () => {
    const policy = FusedPolicy.from(new ReferenceKernels(), SNAPSHOT);
    for (let step = 0; step < 3; step++) await policy.update(BATCH, OPTIONS);
    const saved = await policy.save();
    expect(saved.weights).toEqual(SNAPSHOT.weights);
    expect(saved.reference).toBeUndefined();
    const moved = saved.adapters!.filter(({ values }) => values.some((value) => value !== 0));
    // Two layers, three targets, A and B.
    expect(moved).toHaveLength(12);
    const weights = mergedWeights(saved);
    const merged = FusedPolicy.from(new ReferenceKernels(), { config: PLAIN, weights });
    const [own, other] = [await policy.logits([[1, 5, 3]]), await merged.logits([[1, 5, 3]])];
    own.values.forEach((value, i) => expect(value).toBeCloseTo(other.values[i]!, 5));
  });

  it('goes on from a snapshot as if it had not stopped, its reference included', async () => {
    const whole = FusedPolicy.from(new ReferenceKernels(), SNAPSHOT);
    await whole.update(BATCH, OPTIONS);
    await whole.updateReference(0.5);
    await whole.update(BATCH, OPTIONS);
    const resumed = FusedPolicy.from(new ReferenceKernels(), await whole.save());
    expect(await resumed.update(BATCH, OPTIONS)).toEqual(await whole.update(BATCH, OPTIONS));
    expect(await resumed.save()).toEqual(await whole.save());
  });

  it('keeps its reference where it follows: no divergence after', async () => {
    const policy = FusedPolicy.from(new ReferenceKernels(), SNAPSHOT);
    await policy.update(BATCH, OPTIONS);
    await policy.updateReference(0);
    expect((await policy.update(BATCH, OPTIONS)).kl).toBe(0);
  });

  it('learns the same, to the last bit, where layers are computed again for the gradient', async () => {
    for (const config of [CONFIG, PLAIN]) {
      const trained = async (activations?: number): Promise<PolicySnapshot> => {
        const options = activations === undefined ? {} : { activations };
        const policy = FusedPolicy.from(new ReferenceKernels(), { ...SNAPSHOT, config }, options);
        for (let step = 0; step < 2; step++) await policy.update(BATCH, OPTIONS);
        return policy.save();
      };
      expect(await trained(0)).toEqual(await trained());
    }
  });

  it('gives back all that it took', async () => {
    const kernels = new ReferenceKernels();
    const policy = FusedPolicy.from(kernels, SNAPSHOT);
    await policy.updateReference(0);
    policy.dispose();
    expect(kernels.memory().buffers).toBe(0);
  });

  it('refuses adapters of another shape', () => {
    const adapters = [{ name: 'x', shape: [1], values: new Float32Array(1) }];
    expect(() => FusedPolicy.from(new ReferenceKernels(), { ...SNAPSHOT, adapters })).toThrow(
      'adapters: "x" is no parameter of this model',
    );
  });
});
