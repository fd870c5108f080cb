import { InferenceSession, Tensor, env } from 'onnxruntime-web/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRng } from '../../base/rng.ts';
import { startEngine, type Engine } from '../../model/engine.ts';
import { initialWeights } from '../../model/parameters.ts';
import type { NamedTensor, PolicyConfig } from '../../model/policy.ts';
import { writeCausalLm } from './causal-lm.ts';

const BASE: PolicyConfig = {
  vocabSize: 23,
  hiddenSize: 16,
  intermediateSize: 24,
  numLayers: 2,
  numHeads: 2,
  headDim: 8,
  maxPositions: 24,
  rmsNormEps: 1e-5,
  ropeTheta: 10000,
  tieEmbeddings: true,
  bosId: 1,
  eosId: 2,
  padId: 0,
};

/** One of each kind that a policy can be. */
const SHAPES: readonly (readonly [string, PolicyConfig])[] = [
  ['tied', BASE],
  ['untied', { ...BASE, tieEmbeddings: false }],
  ['heads that are wider than the residual stream', { ...BASE, headDim: 12, numHeads: 3 }],
  [
    'one layer, one head, another base of rotations',
    { ...BASE, numLayers: 1, numHeads: 1, ropeTheta: 500 },
  ],
  [
    'shared keys and values, biases, norms, scaled rotations',
    {
      ...{ ...BASE, numKeyValueHeads: 1, attentionBias: true, queryKeyNorm: true },
      ropeScaling: {
        ...{ factor: 4, lowFreqFactor: 1, highFreqFactor: 4, originalMaxPositions: 8 },
      },
    },
  ],
];

const TOLERANCE = 1e-4;
const rng = createRng(11);
const ROWS = Array.from({ length: 3 }, () => Array.from({ length: 9 }, () => rng.int(23)));

let engine: Engine;
beforeAll(async () => {
  env.wasm.numThreads = 1;
  engine = await startEngine({ requested: 'cpu' });
});

/** Weights larger than the first ones, so that attention is not flat. */
function weightsOf(config: PolicyConfig): NamedTensor[] {
  return initialWeights(config, createRng(5)).map((tensor) => ({
    ...tensor,
    values: tensor.values.map((value) => 2 * value),
  }));
}

const open = (config: PolicyConfig, cache: boolean): Promise<InferenceSession> =>
  InferenceSession.create(writeCausalLm(config, weightsOf(config), { cache }), {
    executionProviders: ['wasm'],
  });

/** [rows, time] */
function ints(rows: readonly (readonly number[])[]): Tensor {
  const values = BigInt64Array.from(rows.flat(), BigInt);
  return new Tensor('int64', values, [rows.length, rows[0]!.length]);
}

function emptyCache(config: PolicyConfig, rows: number) {
  const { numLayers, numHeads, headDim, numKeyValueHeads = numHeads } = config;
  const cache: Record<string, Tensor> = {};
  for (let layer = 0; layer < numLayers; layer++) {
    for (const part of ['key', 'value']) {
      cache[`past_key_values.${layer}.${part}`] = new Tensor('float32', new Float32Array(), [
        rows,
        numKeyValueHeads,
        0,
        headDim,
      ]);
    }
  }
  return cache;
}

const positions = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

function floats(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new TypeError('expected floats');
  return tensor.data;
}

async function ours(config: PolicyConfig, rows: readonly (readonly number[])[]) {
  const policy = await engine.from({ config, weights: weightsOf(config) });
  const { values } = await policy.logits(rows);
  policy.dispose();
  return values;
}

/** Largest absolute difference; NaN where lengths differ. */
function distance(a: Float32Array, b: Float32Array): number {
  return a.length === b.length ? Math.max(...a.map((value, i) => Math.abs(value - b[i]!))) : NaN;
}

describe.each(SHAPES)('logits in onnxruntime-web: %s', (_, config) => {
  const all = { input_ids: ints(ROWS), attention_mask: ints(ROWS.map((row) => row.map(() => 1))) };

  it('are ours without a cache', async () => {
    const session = await open(config, false);
    const { logits } = await session.run({
      ...all,
      position_ids: ints(ROWS.map(() => positions(0, 9))),
    });
    expect(distance(floats(logits), await ours(config, ROWS))).toBeLessThan(TOLERANCE);
    expect([...session.outputNames]).toEqual(['logits']);
  });

  it('are ours with a cache, of a prompt and token by token after it', async () => {
    const session = await open(config, true);
    const expected = await ours(config, ROWS);
    let cache = emptyCache(config, ROWS.length);
    for (const [from, to] of [
      [0, 6],
      [6, 7],
      [7, 9],
    ] as const) {
      const results = await session.run({
        input_ids: ints(ROWS.map((row) => row.slice(from, to))),
        attention_mask: ints(ROWS.map(() => positions(0, to).map(() => 1))),
        position_ids: ints(ROWS.map(() => positions(from, to))),
        ...cache,
      });
      const steps = ROWS.flatMap((__, row) => positions(row * 9 + from, row * 9 + to));
      const wanted = Float32Array.from(
        steps.flatMap((at) => [...expected.subarray(at * 23, (at + 1) * 23)]),
      );
      expect(distance(floats(results['logits']), wanted)).toBeLessThan(TOLERANCE);
      cache = Object.fromEntries(
        Object.keys(cache).map((name) => {
          return [name, results[name.replace('past_key_values', 'present')]!];
        }),
      );
    }
  });
});

it('pays no heed to padding on the left', async () => {
  const session = await open(BASE, true);
  const [row] = ROWS;
  const results = await session.run({
    input_ids: ints([[0, 0, 0, ...row!]]),
    attention_mask: ints([[0, 0, 0, ...row!.map(() => 1)]]),
    position_ids: ints([[1, 1, 1, ...positions(0, 9)]]),
    ...emptyCache(BASE, 1),
  });
  const behind = floats(results['logits']).subarray(3 * 23);
  expect(distance(behind, await ours(BASE, [row!]))).toBeLessThan(TOLERANCE);
});

/** Rows of heads `headDim` high, each head of `values` `times` times. */
function repeatedHeads({ name, shape, values }: NamedTensor, times: number): NamedTensor {
  const [rows, width] = [shape[0]!, shape[1]!];
  const size = BASE.headDim * width;
  const heads = Array.from({ length: rows / BASE.headDim }, (_, head) =>
    Array<number[]>(times).fill([...values.subarray(head * size, (head + 1) * size)]),
  );
  return { name, shape: [rows * times, width], values: Float32Array.from(heads.flat(2)) };
}

it('shares a head of keys and values among heads of queries, as repeated heads would', async () => {
  const config = { ...BASE, numHeads: 4 };
  const isShared = ({ name }: NamedTensor) => /\.[kv]_proj\./.test(name);
  const grouped = weightsOf(config).map((tensor) => {
    if (!isShared(tensor)) return tensor;
    const { name, shape, values } = tensor;
    return {
      name,
      shape: [shape[0]! / 2, shape[1]!],
      values: values.subarray(0, values.length / 2),
    };
  });
  const whole = grouped.map((tensor) => (isShared(tensor) ? repeatedHeads(tensor, 2) : tensor));
  const policy = await engine.from({ config, weights: whole });
  const { values } = await policy.logits(ROWS);
  policy.dispose();
  const model = writeCausalLm(config, grouped, { cache: true });
  const session = await InferenceSession.create(model, { executionProviders: ['wasm'] });
  const { logits } = await session.run({
    input_ids: ints(ROWS),
    attention_mask: ints(ROWS.map((row) => row.map(() => 1))),
    position_ids: ints(ROWS.map(() => positions(0, 9))),
    ...emptyCache({ ...config, numHeads: 2 }, ROWS.length),
  });
  expect(distance(floats(logits), values)).toBeLessThan(TOLERANCE);
});

it('refuses a policy that is more than the graph follows', () => {
  const config = { ...BASE, slidingWindow: 8 };
  expect(() => writeCausalLm(config, weightsOf(BASE), { cache: true })).toThrow(
    'onnx: a policy with "slidingWindow" cannot be written',
  );
});

it('refuses a weight that the decoder does not use', () => {
  const stray = {
    name: 'model.layers.0.mlp.router.weight',
    shape: [1],
    values: Float32Array.of(1),
  };
  const write = () => writeCausalLm(BASE, [...weightsOf(BASE), stray], { cache: false });
  expect(write).toThrow('onnx: the decoder has no use for "model.layers.0.mlp.router.weight"');
});

it('says which weight is missing', () => {
  const weights = weightsOf(BASE).filter(({ name }) => !name.includes('layers.1.mlp.up'));
  expect(() => writeCausalLm(BASE, weights, { cache: true })).toThrow(
    'the weights lack "model.layers.1.mlp.up_proj.weight"',
  );
});
