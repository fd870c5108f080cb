import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileKernels, TARGET } from '../../../scripts/kernels.mjs';
import { createRng, type Rng } from '../../lib/rng.ts';
import type { Block, CpuKernels, Sequences } from '../fused/kernels.ts';
import { packCompletions, packPrompts, placesOf, type Packing } from '../fused/packing.ts';
import { ReferenceKernels } from '../fused/reference.ts';
import { rotaryTable } from '../fused/weights.ts';
import { hasRelaxedSimd, instantiateKernels } from './instance.ts';
import { WasmKernels } from './wasm-kernels.ts';

/** Float32 against float64: relative to the largest entry of the result. */
const TOLERANCE = 3e-6;

const random = (rng: Rng, length: number, scale = 1): Float32Array =>
  Float32Array.from({ length }, () => scale * (2 * rng.next() - 1));

/** What a kernel leaves behind, on any device. */
type Trial = <B extends Block>(kernels: CpuKernels<B>, rng: Rng) => readonly B[];

/** Runs the same calls on both and compares what they leave. */
function agree(trial: Trial, seed = 1): void {
  const outcome = <B extends Block>(kernels: CpuKernels<B>): Float32Array[] =>
    trial(kernels, createRng(seed)).map((block) => kernels.floats(block).slice());
  const expected = outcome(new ReferenceKernels());
  const actual = outcome(new WasmKernels());
  expected.forEach((values, i) => expectClose(actual[i]!, values));
}

function expectClose(actual: Float32Array, expected: Float32Array): void {
  expect(actual).toHaveLength(expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  const worst = expected.reduce(
    (most, value, i) => Math.max(most, Math.abs(actual[i]! - value)),
    0,
  );
  expect(worst / largest).toBeLessThan(TOLERANCE);
}

function sequencesOf<B extends Block>(kernels: CpuKernels<B>, packing: Packing): Sequences<B> {
  const { rows, count, longest } = packing;
  const table = kernels.upload(packing.table);
  return { rows, count, longest, table, sequenceOf: kernels.upload(packing.sequenceOf) };
}

/** Products whose sizes are no multiples of anything. */
const SHAPES = [
  { rows: 1, inputs: 64, outputs: 192 },
  { rows: 7, inputs: 13, outputs: 5 },
  { rows: 130, inputs: 24, outputs: 48 },
  { rows: 301, inputs: 33, outputs: 17 },
  { rows: 40, inputs: 704, outputs: 9 },
];

describe.each(SHAPES)('products of $rows × $inputs by $outputs', (shape) => {
  const { rows, inputs, outputs } = shape;

  it('linear, with and without a residual', () => {
    agree((kernels, rng) => {
      const x = kernels.upload(random(rng, rows * inputs));
      // A weight in the middle of a parameter vector stands at any offset.
      const theta = kernels.upload(random(rng, 3 + inputs * outputs));
      const weight = kernels.part(theta, 3, inputs * outputs);
      const residual = kernels.upload(random(rng, rows * outputs));
      const [plain, added] = [kernels.scratch(rows * outputs), kernels.scratch(rows * outputs)];
      kernels.linear({ ...shape, x, weight, residual: null, out: plain });
      kernels.linear({ ...shape, x, weight, residual, out: added });
      return [plain, added];
    });
  });

  it('the gradient of its input', () => {
    agree((kernels, rng) => {
      const dy = kernels.upload(random(rng, rows * outputs));
      const weight = kernels.upload(random(rng, inputs * outputs));
      const dx = kernels.scratch(rows * inputs);
      kernels.linearInput({ ...shape, dy, weight, dx });
      return [dx];
    });
  });

  it('the gradient of its weight, added', () => {
    agree((kernels, rng) => {
      const dy = kernels.upload(random(rng, rows * outputs));
      const x = kernels.upload(random(rng, rows * inputs));
      const gradient = kernels.upload(random(rng, 5 + inputs * outputs));
      const dWeight = kernels.part(gradient, 5, inputs * outputs);
      kernels.linearWeight({ ...shape, dy, x, dWeight });
      return [gradient];
    });
  });
});

describe.each([
  { rows: 1, width: 64 },
  { rows: 37, width: 18 },
])('rows of $width', ({ rows, width }) => {
  it('the norm and its gradient', () => {
    agree((kernels, rng) => {
      const x = kernels.upload(random(rng, rows * width, 3));
      const weight = kernels.upload(random(rng, width));
      const [y, scale] = [kernels.scratch(rows * width), kernels.scratch(rows)];
      kernels.rmsNorm({ rows, width, eps: 1e-5, x, weight, y, scale });
      const dy = kernels.upload(random(rng, rows * width));
      const dx = kernels.upload(random(rng, rows * width));
      const dWeight = kernels.upload(random(rng, width));
      kernels.rmsNormBackward({ rows, width, x, weight, scale, dy, dx, dWeight });
      return [y, scale, dx, dWeight];
    });
  });

  it('the gate and its gradient, at extremes too', () => {
    agree((kernels, rng) => {
      const gateUp = kernels.upload(random(rng, rows * 2 * width, 60));
      const out = kernels.scratch(rows * width);
      kernels.swiglu({ rows, inner: width, gateUp, out });
      const dGateUp = kernels.scratch(rows * 2 * width);
      const dOut = kernels.upload(random(rng, rows * width));
      kernels.swigluBackward({ rows, inner: width, gateUp, dOut, dGateUp });
      return [out, dGateUp];
    });
  });

  it('rows picked, and summed back', () => {
    agree((kernels, rng) => {
      const values = Int32Array.from({ length: 50 }, () => rng.int(rows));
      const table = kernels.upload(random(rng, rows * width));
      const out = kernels.scratch(50 * width);
      kernels.gatherRows({ table, indices: kernels.upload(values), rows: 50, width, out });
      const { starts, items } = placesOf(values, rows);
      const lists = { count: rows, starts: kernels.upload(starts), items: kernels.upload(items) };
      kernels.gatherSum({ from: out, lists, width, out: table });
      return [out, table];
    });
  });
});

const tokens = (count: number, rng: Rng): number[] =>
  Array.from({ length: count }, () => 1 + rng.int(9));

/** Shared prefixes, single tokens, completions that are never read, prompts alone. */
const PACKINGS: readonly (readonly [string, (rng: Rng) => Packing])[] = [
  ['prompts alone', (rng) => packPrompts([1, 2, 9, 17, 40].map((n) => tokens(n, rng)))],
  [
    'groups that share a prompt',
    (rng) => {
      const prompts = [tokens(11, rng), tokens(1, rng), tokens(30, rng)];
      const rows = [0, 0, 0, 1, 1, 2, 2, 2, 2].map((i) => prompts[i]!);
      const completions = [1, 5, 9, 2, 33, 1, 1, 8, 4].map((n) => tokens(n, rng));
      return packCompletions(rows, completions).packing;
    },
  ],
  ['a group of nothing but its prompt', (rng) => packCompletions([tokens(6, rng)], [[3]]).packing],
];

describe.each(PACKINGS)('attention over %s', (_, pack) => {
  it.each([
    { heads: 2, headDim: 8 },
    { heads: 3, headDim: 10 },
    { heads: 1, headDim: 32 },
  ])('$heads heads of $headDim, and its gradient', ({ heads, headDim }) => {
    agree((kernels, rng) => {
      const packing = pack(rng);
      const width = heads * headDim;
      const sequences = sequencesOf(kernels, packing);
      const shape = { sequences, heads, headDim };
      const qkv = kernels.upload(random(rng, packing.rows * 3 * width, 2));
      const out = kernels.scratch(packing.rows * width);
      const logSum = kernels.scratch(packing.rows * heads);
      kernels.attention({ ...shape, qkv, out, logSum });
      const dOut = kernels.upload(random(rng, packing.rows * width));
      const dQkv = kernels.scratch(packing.rows * 3 * width);
      kernels.attentionBackward({ ...shape, qkv, out, logSum, dOut, dQkv });
      return [out, logSum, dQkv];
    });
  });

  it('rotation there and back', () => {
    agree((kernels, rng) => {
      const packing = pack(rng);
      const [heads, headDim] = [2, 12];
      const table = rotaryTable({ headDim, ropeTheta: 10000 } as never, 64);
      const turn = {
        rows: packing.rows,
        heads,
        headDim,
        positions: kernels.upload(packing.positions),
        rotary: kernels.upload(table),
      };
      const qkv = kernels.upload(random(rng, packing.rows * 3 * heads * headDim));
      const back = kernels.upload(kernels.floats(qkv).slice());
      kernels.rotate({ ...turn, qkv, inverse: false });
      kernels.rotate({ ...turn, qkv: back, inverse: true });
      return [qkv, back];
    });
  });
});

describe.each([1, 0.7])('scores at temperature %f', (temperature) => {
  it.each([
    { rows: 1, hiddenSize: 16, vocabSize: 13 },
    { rows: 150, hiddenSize: 20, vocabSize: 41 },
  ])('of $rows rows over $vocabSize words, and their gradient', (shape) => {
    agree((kernels, rng) => {
      const { rows, hiddenSize, vocabSize } = shape;
      const targets = Int32Array.from({ length: rows }, () => rng.int(vocabSize));
      const args = {
        ...shape,
        temperature,
        hidden: kernels.upload(random(rng, rows * hiddenSize, 2)),
        head: kernels.upload(random(rng, vocabSize * hiddenSize)),
        targets: kernels.upload(targets),
        logprob: kernels.scratch(rows),
        entropy: kernels.scratch(rows),
        logSum: kernels.scratch(rows),
      };
      kernels.score(args);
      const dHidden = kernels.scratch(rows * hiddenSize);
      const dHead = kernels.upload(random(rng, vocabSize * hiddenSize));
      const dLogprob = kernels.upload(random(rng, rows));
      const dEntropy = kernels.upload(random(rng, rows));
      kernels.scoreBackward({ ...args, dLogprob, dEntropy, dHidden, dHead });
      return [args.logprob, args.entropy, args.logSum, dHidden, dHead];
    });
  });
});

describe('the optimizer', () => {
  it.each([0, 0.5])('takes the same steps (clipping at %f)', (maxGradNorm) => {
    agree((kernels, rng) => {
      const size = 103;
      const blocks = {
        theta: kernels.upload(random(rng, size)),
        m: kernels.upload(new Float32Array(size)),
        v: kernels.upload(new Float32Array(size)),
        norm: kernels.scratch(1),
      };
      const rates = { learningRate: 1e-2, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 };
      const options = { ...rates, weightDecay: 0.01, maxGradNorm };
      for (let step = 1; step <= 5; step++) {
        const gradient = kernels.upload(random(rng, size));
        kernels.adamW({ ...blocks, size, gradient, step, options });
      }
      const to = kernels.upload(random(rng, size));
      kernels.blend({ size, from: blocks.theta, to, mix: 0.3 });
      return [...Object.values(blocks), to];
    });
  });
});

describe('one decoding step', () => {
  it('attends to prompt and cache', () => {
    agree((kernels, rng) => {
      const [heads, headDim, capacity] = [2, 8, 5];
      const width = heads * headDim;
      const packing = packPrompts([tokens(3, rng), tokens(12, rng)]);
      const [promptOf, slots] = [Int32Array.of(0, 1, 1), Int32Array.of(0, 2, 3)];
      const cache = kernels.upload(random(rng, 4 * capacity * 2 * width));
      const promptQkv = kernels.upload(random(rng, packing.rows * 3 * width));
      const outs = [0, 1, 4].map((time) => {
        const out = kernels.scratch(3 * width);
        kernels.attendStep({
          rows: 3,
          heads,
          headDim,
          capacity,
          time,
          cache,
          promptQkv,
          out,
          prompts: sequencesOf(kernels, packing),
          qkv: kernels.upload(random(rng, 3 * 3 * width)),
          promptOf: kernels.upload(promptOf),
          slots: kernels.upload(slots),
        });
        return out;
      });
      return [...outs, cache];
    });
  });

  it.each([
    { temperature: 1, topP: 1, topK: 0 },
    { temperature: 0, topP: 1, topK: 0 },
    { temperature: 1.5, topP: 0.6, topK: 0 },
    { temperature: 0.5, topP: 1, topK: 3 },
  ])('draws the same tokens (%o)', (options) => {
    const drawn = <B extends Block>(kernels: CpuKernels<B>): [number[], number[]] => {
      const rng = createRng(4);
      const [rows, vocabSize] = [200, 11];
      const logits = kernels.upload(random(rng, rows * vocabSize, 4));
      const uniforms = kernels.upload(rng.uniforms(rows));
      const [ids, logprobs] = [kernels.scratch(rows), kernels.scratch(rows)];
      kernels.draw({ rows, vocabSize, logits, uniforms, tokens: ids, logprobs, ...options });
      return [[...kernels.ints(ids)], [...kernels.floats(logprobs)]];
    };
    const [expectedIds, expectedLogprobs] = drawn(new ReferenceKernels());
    const [ids, logprobs] = drawn(new WasmKernels());
    expect(ids).toEqual(expectedIds);
    expectClose(Float32Array.from(logprobs), Float32Array.from(expectedLogprobs));
  });
});

describe('memory', () => {
  it('gives blocks of zeros, and uses what was given back', () => {
    const kernels = new WasmKernels();
    const first = kernels.allocate(100);
    kernels.fill(first, 3);
    kernels.free(first);
    const second = kernels.allocate(100);
    expect(second.address).toBe(first.address);
    expect(kernels.floats(second).every((value) => value === 0)).toBe(true);
    expect(() => kernels.free({ address: 12, length: 1 })).toThrow('expected a block');
  });

  it('never hands out the same scratch twice before the end of a step', () => {
    const kernels = new WasmKernels();
    const sizes = [3, 1_000_000, 17, 2_000_000, 1];
    const blocks = sizes.map((size) => kernels.scratch(size));
    blocks.forEach((block, i) => kernels.fill(block, i));
    blocks.forEach((block, i) => {
      expect(kernels.floats(block).every((value) => value === i)).toBe(true);
    });
  });

  it('does not grow once the largest step was seen', () => {
    const kernels = new WasmKernels();
    const step = (size: number): void => {
      for (let i = 0; i < 9; i++) kernels.scratch(size + i * 1000);
      kernels.end();
    };
    step(500_000);
    const { bytes } = kernels.memory();
    for (let i = 0; i < 1000; i++) step(1 + ((i * 7919) % 500_000));
    expect(kernels.memory().bytes).toBe(bytes);
  });
});

describe('the binary', () => {
  let module: string;
  beforeAll(async () => {
    module = await compileKernels();
  }, 60_000);

  it('is what `npm run kernels` makes of assembly/', async () => {
    expect(await readFile(TARGET, 'utf8')).toBe(module);
  });

  it('fuses products and sums only where the engine can', () => {
    if (hasRelaxedSimd()) expect(() => instantiateKernels(true)).not.toThrow();
    else expect(() => instantiateKernels(true)).toThrow(WebAssembly.CompileError);
  });
});
