import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../base/rng.ts';
import { LORA_TARGETS } from '../parameters.ts';
import type { PolicyConfig, UpdateOptions } from '../policy.ts';
import { sampleFootprint, stateFootprint, updateFootprint, type UpdateSize } from './footprint.ts';
import { FusedPolicy } from './fused-policy.ts';
import { ReferenceKernels } from './reference.ts';

type HeapBuffer = ReturnType<ReferenceKernels['scratch']>;

/** Counts what is asked for between two calls of `end`, and what stays. */
class MeasuringKernels extends ReferenceKernels {
  stays = 0;
  numbers = 0;
  largest = 0;

  override allocate(length: number): HeapBuffer {
    const before = [this.numbers, this.largest] as const;
    const buffer = super.allocate(length);
    [this.numbers, this.largest] = before;
    this.stays += length;
    return buffer;
  }

  override scratch(length: number): HeapBuffer {
    this.numbers += length;
    this.largest = Math.max(this.largest, length);
    return super.scratch(length);
  }

  forget(): void {
    [this.stays, this.numbers, this.largest] = [0, 0, 0];
  }
}

const configs = fc
  .record({
    heads: fc.integer({ min: 1, max: 3 }),
    half: fc.integer({ min: 1, max: 3 }),
    numLayers: fc.integer({ min: 1, max: 3 }),
    intermediateSize: fc.integer({ min: 2, max: 20 }),
    vocabSize: fc.integer({ min: 4, max: 30 }),
    tieEmbeddings: fc.boolean(),
    attentionBias: fc.boolean(),
    queryKeyNorm: fc.boolean(),
    group: fc.integer({ min: 1, max: 2 }),
    lora: fc.option(
      fc.record({
        rank: fc.integer({ min: 1, max: 3 }),
        alpha: fc.integer({ min: 1, max: 3 }),
        targets: fc.subarray([...LORA_TARGETS], { minLength: 1 }),
      }),
    ),
  })
  .map(({ heads, half, group, lora, ...rest }): PolicyConfig => ({
    ...rest,
    ...(lora && { lora }),
    hiddenSize: 2 * half * heads,
    numHeads: heads * group,
    numKeyValueHeads: heads,
    headDim: 2 * half,
    maxPositions: 32,
    rmsNormEps: 1e-5,
    ropeTheta: 10000,
    bosId: 1,
    // Never sampled: every completion is at its longest.
    eosId: 99,
    padId: 0,
  }));

/** As many different prompts as there are digits for. */
const sizes = fc
  .record({
    prompts: fc.integer({ min: 1, max: 4 }),
    group: fc.integer({ min: 1, max: 3 }),
    promptTokens: fc.integer({ min: 2, max: 6 }),
    completionTokens: fc.integer({ min: 1, max: 5 }),
    hasReference: fc.boolean(),
  })
  .map(({ group, ...rest }): UpdateSize => ({ ...rest, completions: rest.prompts * group }));

const OPTIONS: UpdateOptions = {
  learningRate: 1e-3,
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
  entropyCoefficient: 0,
  temperature: 1,
  maxCompletionLength: 5,
  maskTruncated: false,
  minibatches: 1,
  epochs: [],
};

function promptsOf({ prompts, promptTokens }: UpdateSize): number[][] {
  return Array.from({ length: prompts }, (_, n) => [n, ...Array<number>(promptTokens - 1).fill(1)]);
}

function open(config: PolicyConfig) {
  const kernels = new MeasuringKernels();
  const policy = FusedPolicy.initialise(kernels, config, createRng(1));
  return { kernels, policy };
}

describe('the memory of a policy is what it asks for', () => {
  it('where nothing is called', () => {
    fc.assert(
      fc.property(configs, (config) => {
        expect(stateFootprint(config).numbers).toBe(open(config).kernels.stays);
      }),
      { numRuns: 30 },
    );
  });

  it('while it samples', async () => {
    await fc.assert(
      fc.asyncProperty(configs, sizes, async (config, size) => {
        const { kernels, policy } = open(config);
        kernels.forget();
        await policy.sample({
          prompts: promptsOf(size),
          samplesPerPrompt: size.completions / size.prompts,
          maxTokens: size.completionTokens,
          temperature: 0,
          topP: 1,
          topK: 0,
          uniforms: new Float32Array(),
        });
        const { numbers, largest } = sampleFootprint(config, size);
        expect([numbers, largest]).toEqual([kernels.numbers, kernels.largest]);
      }),
      { numRuns: 30 },
    );
  });

  it('while it learns', async () => {
    await fc.assert(
      fc.asyncProperty(configs, sizes, async (config, size) => {
        const { kernels, policy } = open(config);
        const rows = promptsOf(size).flatMap((prompt) =>
          Array.from({ length: size.completions / size.prompts }, () => prompt),
        );
        const ofEach = <T>(value: T): T[] => rows.map(() => value);
        kernels.forget();
        await policy.update(
          {
            prompts: rows,
            completions: ofEach(Array<number>(size.completionTokens).fill(2)),
            oldLogprobs: ofEach(Array<number>(size.completionTokens).fill(-1)),
            advantages: ofEach(1),
            truncated: ofEach(0),
          },
          { ...OPTIONS, klBeta: size.hasReference ? 0.1 : 0, epochs: [[...rows.keys()]] },
        );
        const { numbers, largest } = updateFootprint(config, size);
        expect(numbers).toBe(kernels.numbers + kernels.stays);
        expect(largest).toBe(Math.max(kernels.largest, kernels.stays));
      }),
      { numRuns: 30 },
    );
  });
});
