import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRng } from '../base/rng.ts';
import type { BackendName } from './backend.ts';
import { startEngine, type Engine } from './engine.ts';
import type {
  OpenPolicy,
  PolicyConfig,
  SampleRequest,
  UpdateBatch,
  UpdateOptions,
} from './policy.ts';

/** All that run in Node. */
const ENGINES = ['wasm', 'cpu', 'tfjs-wasm'] as const satisfies readonly BackendName[];

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

/** Of different lengths, so that padding is always at work. */
const PROMPTS = [
  [1, 5, 6, 7],
  [1, 8],
  [1, 3, 9, 10, 11, 4],
];

const ADAMW = {
  learningRate: 1e-2,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0,
  maxGradNorm: 1,
};

const OPTIONS: UpdateOptions = {
  ...ADAMW,
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
  epochs: [[0, 1, 2]],
};

const BATCH: UpdateBatch = {
  prompts: PROMPTS,
  completions: [[5, 2], [6, 7, 8, 2], [9]],
  oldLogprobs: [[-2, -2], [-2, -2, -2, -2], [-2]],
  advantages: [1, -1, 0.5],
  truncated: [0, 0, 1],
};

const times = (n: number): number[][] => Array.from({ length: n }, () => [0, 1, 2]);

function rowOf(batch: UpdateBatch, row: number): UpdateBatch {
  return {
    prompts: [batch.prompts[row]!],
    completions: [batch.completions[row]!],
    oldLogprobs: [batch.oldLogprobs[row]!],
    advantages: [batch.advantages[row]!],
    truncated: [batch.truncated[row]!],
  };
}

function request(overrides: Partial<SampleRequest> = {}): SampleRequest {
  const merged = {
    prompts: PROMPTS,
    samplesPerPrompt: 4,
    maxTokens: 5,
    temperature: 1,
    topP: 1,
    topK: 0,
    ...overrides,
  };
  const rows = merged.prompts.length * merged.samplesPerPrompt;
  return { uniforms: createRng(7).uniforms(rows * merged.maxTokens), ...merged };
}

describe.each(ENGINES)('a policy on %s', (requested) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ requested });
  });
  afterAll(() => engine.dispose());

  const fresh = (overrides: Partial<PolicyConfig> = {}): Promise<OpenPolicy> =>
    engine.initialise({ ...CONFIG, ...overrides }, createRng(3));

  describe('sampling', () => {
    it('records the log-probabilities that scoring the same tokens gives', async () => {
      const policy = await fresh();
      const sample = request({ temperature: 0.7 });
      const { tokens, logprobs, lengths } = await policy.sample(sample);
      const completions = [...lengths].map((n, row) => [...tokens.subarray(row * 5, row * 5 + n)]);
      const prompts = completions.map((_, row) => PROMPTS[Math.floor(row / 4)]!);
      const scored = await policy.logprobs({ prompts, completions }, 0.7);
      const time = scored.length / completions.length;
      completions.forEach((completion, row) => {
        completion.forEach((_, t) => {
          expect(logprobs[row * 5 + t]).toBeCloseTo(scored[row * time + t]!, 4);
        });
      });
      policy.dispose();
    });

    it('does not depend on what else is in the batch', async () => {
      const policy = await fresh();
      const all = await policy.sample(request({ temperature: 0 }));
      for (const [n, prompt] of PROMPTS.entries()) {
        const alone = await policy.sample(request({ prompts: [prompt], temperature: 0 }));
        expect(alone.tokens).toEqual(all.tokens.subarray(n * 20, (n + 1) * 20));
      }
      policy.dispose();
    });

    it('draws tokens as often as the policy says', async () => {
      const policy = await fresh();
      const prompts = [PROMPTS[0]!];
      const { tokens } = await policy.sample(
        request({ prompts, samplesPerPrompt: 4000, maxTokens: 1, temperature: 1.3 }),
      );
      const candidates = Array.from({ length: CONFIG.vocabSize }, (_, token) => token);
      const logprobs = await policy.logprobs(
        { prompts: candidates.map(() => prompts[0]!), completions: candidates.map((t) => [t]) },
        1.3,
      );
      for (const token of candidates) {
        const p = Math.exp(logprobs[token]!);
        const share = tokens.filter((drawn) => drawn === token).length / 4000;
        expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 4000) + 1e-3);
      }
      policy.dispose();
    });

    it('keeps to the likeliest tokens under top-k and top-p', async () => {
      const policy = await fresh();
      const prompts = [PROMPTS[0]!];
      const one = { prompts, samplesPerPrompt: 600, maxTokens: 1 };
      const { values } = await policy.logits(prompts);
      const last = [...values.slice(-CONFIG.vocabSize)];
      const total = last.reduce((sum, logit) => sum + Math.exp(logit), 0);
      const ranked = last
        .map((logit, token) => ({ token, p: Math.exp(logit) / total }))
        .sort((a, b) => b.p - a.p);
      const drawn = async (limits: Partial<SampleRequest>): Promise<number[]> => {
        const { tokens } = await policy.sample(request({ ...one, ...limits }));
        return [...new Set(tokens)].sort((a, b) => a - b);
      };
      const top = (n: number): number[] =>
        ranked
          .slice(0, n)
          .map(({ token }) => token)
          .sort((a, b) => a - b);
      expect(await drawn({ topK: 3 })).toEqual(top(3));
      const threshold = ranked[0]!.p + ranked[1]!.p + ranked[2]!.p / 2;
      expect(await drawn({ topP: threshold })).toEqual(top(3));
      expect(await drawn({ topK: 2, topP: 0.99 })).toEqual(top(2));
      expect(await drawn({ topP: 1e-6 })).toEqual(top(1));
      policy.dispose();
    });

    it('ends rows at <eos>, pads what follows, and says which were cut off', async () => {
      const policy = await fresh();
      const { tokens, logprobs, lengths, truncated } = await policy.sample(
        request({ samplesPerPrompt: 60, temperature: 2 }),
      );
      expect(truncated).toContain(0);
      expect(truncated).toContain(1);
      lengths.forEach((length, row) => {
        const cells = [...tokens.subarray(row * 5, row * 5 + 5)];
        expect(cells.slice(0, length - 1)).not.toContain(CONFIG.eosId);
        expect(cells[length - 1] === CONFIG.eosId).toBe(truncated[row] === 0);
        expect(cells.slice(length).every((token) => token === CONFIG.padId)).toBe(true);
        expect(logprobs.subarray(row * 5 + length, row * 5 + 5).every((l) => l === 0)).toBe(true);
      });
      policy.dispose();
    });
  });

  describe('learning', () => {
    it('raises what is rewarded and lowers what is not', async () => {
      const policy = await fresh();
      const before = await policy.logprobs(BATCH, 1);
      const rows = (values: Float32Array) =>
        BATCH.completions.map((completion, row) =>
          values.subarray(row * 4, row * 4 + completion.length),
        );
      await policy.update({ ...BATCH, oldLogprobs: rows(before) }, OPTIONS);
      const gains = rows(await policy.logprobs(BATCH, 1)).map((after, row) =>
        after.reduce((sum, logprob, t) => sum + logprob - before[row * 4 + t]!, 0),
      );
      expect(gains[0]!).toBeGreaterThan(0.05);
      expect(gains[1]!).toBeLessThan(-0.05);
      policy.dispose();
    });

    it('gives completions that share a prompt the gradients that each has alone', async () => {
      const policy = await fresh();
      const options = { ...OPTIONS, lossType: 'dr_grpo' } as const;
      const shared = { ...BATCH, prompts: BATCH.prompts.map(() => PROMPTS[2]!) };
      const together = await policy.readGradients(shared, options);
      const alone = await Promise.all(
        [0, 1, 2].map((row) => policy.readGradients(rowOf(shared, row), options)),
      );
      const meanOf = (values: readonly number[]): number =>
        values.reduce((sum, x) => sum + x, 0) / 3;
      expect(together.loss).toBeCloseTo(meanOf(alone.map(({ loss }) => loss)), 5);
      together.gradients.forEach(({ values }, i) => {
        values.forEach((value, at) => {
          const expected = meanOf(alone.map(({ gradients }) => gradients[i]!.values[at]!));
          expect(Math.abs(value - expected)).toBeLessThan(1e-5);
        });
      });
      policy.dispose();
    });

    it('takes nothing from truncated completions when they are masked', async () => {
      const policy = await fresh();
      const only = { ...OPTIONS, maskTruncated: true };
      const changed = { ...BATCH, advantages: [1, -1, -30] };
      const [a, b] = [
        await policy.readGradients(BATCH, only),
        await policy.readGradients(changed, only),
      ];
      expect(a).toEqual(b);
      const unmasked = await policy.readGradients(changed, OPTIONS);
      expect(unmasked.loss).not.toBeCloseTo(a.loss, 3);
      policy.dispose();
    });

    it('spreads the distribution under an entropy bonus', async () => {
      const policy = await fresh();
      const flat = { ...BATCH, advantages: [0, 0, 0] };
      const options = { ...OPTIONS, entropyCoefficient: 1, epochs: times(5) };
      const first = await policy.update(flat, { ...options, epochs: [[0, 1, 2]] });
      await policy.update(flat, options);
      const last = await policy.update(flat, { ...options, epochs: [[0, 1, 2]] });
      expect(last.entropy).toBeGreaterThan(first.entropy);
      policy.dispose();
    });

    it('is pulled back to its reference by the KL term, and the reference follows when told', async () => {
      const policy = await fresh();
      const towards = { ...OPTIONS, klBeta: 0.1, epochs: times(3) };
      await policy.update(BATCH, towards);
      const away = await policy.update(BATCH, { ...towards, epochs: [[0, 1, 2]] });
      expect(away.kl).toBeGreaterThan(1e-4);
      await policy.updateReference(0);
      const { weights, reference } = await policy.save();
      expect(reference).toEqual(weights);
      policy.dispose();
    });

    it('fits demonstrations', async () => {
      const policy = await fresh();
      const first = await policy.sftStep(BATCH, ADAMW);
      let last = first;
      for (let i = 0; i < 30; i++) last = await policy.sftStep(BATCH, ADAMW);
      expect(first.loss).toBeGreaterThan(2);
      expect(last.loss).toBeLessThan(0.5);
      policy.dispose();
    });

    it('leaves no array behind', async () => {
      const policy = await fresh();
      const steps = async (): Promise<void> => {
        await policy.sample(request());
        await policy.update(BATCH, { ...OPTIONS, klBeta: 0.1, minibatches: 2 });
        await policy.updateReference(0.5);
        await policy.sftStep(BATCH, ADAMW);
        await policy.logits(PROMPTS);
      };
      await steps();
      const before = engine.memory();
      for (let i = 0; i < 3; i++) await steps();
      expect(engine.memory()).toEqual(before);
      policy.dispose();
      const empty = await fresh();
      empty.dispose();
      expect(engine.memory().buffers).toBeLessThan(before.buffers);
    });
  });

  describe('saving and loading', () => {
    it.each([true, false])('continues exactly where it was saved (tied head: %s)', async (tied) => {
      const [a, b] = [await fresh({ tieEmbeddings: tied }), await fresh({ tieEmbeddings: tied })];
      const options = { ...OPTIONS, klBeta: 0.05 };
      await a.update(BATCH, options);
      await b.load(await a.save());
      const [left, right] = [await a.update(BATCH, options), await b.update(BATCH, options)];
      expect(right).toEqual(left);
      expect(await b.save()).toEqual(await a.save());
      a.dispose();
      b.dispose();
    });

    it('refuses foreign weights by name and stays as it was', async () => {
      const policy = await fresh();
      const before = await policy.save();
      const with_ = (change: (weights: typeof before.weights) => typeof before.weights) =>
        policy.load({ config: CONFIG, weights: change(before.weights) });
      await expect(with_((w) => w.slice(1))).rejects.toThrow(
        'weights: "model.embed_tokens.weight" is missing, expected [12, 16]',
      );
      await expect(with_((w) => [...w, { ...w[0]!, name: 'lm_head.weight' }])).rejects.toThrow(
        'weights: "lm_head.weight" is no parameter of this model',
      );
      await expect(
        with_((w) => w.map((t) => (t.name === 'model.norm.weight' ? { ...t, shape: [8] } : t))),
      ).rejects.toThrow('weights: "model.norm.weight" is [8], expected [16]');
      expect(await policy.save()).toEqual(before);
      policy.dispose();
    });
  });
});

describe('choosing a backend', () => {
  it('says why', async () => {
    const { name, reason } = (await startEngine({ requested: 'auto' })).backend;
    expect(name).toBe('wasm');
    expect(reason).toMatch(/WebGPU/);
    const { backend } = await startEngine({ requested: 'cpu' });
    expect(backend).toEqual({ name: 'cpu', reason: 'asked for' });
    await expect(startEngine({ requested: 'webgpu' })).rejects.toThrow(/"webgpu" was asked for/);
    await expect(startEngine({ requested: 'tfjs-webgpu' })).rejects.toThrow(
      /"tfjs-webgpu" was asked for/,
    );
  });
});
