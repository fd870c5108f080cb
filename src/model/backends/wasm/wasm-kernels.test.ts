import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileKernels, TARGET } from '../../../../scripts/kernels.mjs';
import { createRng } from '../../../base/rng.ts';
import { DECODE_CASES } from '../../fused/decode-conformance.testing.ts';
import {
  distance,
  KERNEL_CASES,
  runCase,
  random,
  randomTokens,
  sequencesOf,
  TOLERANCE,
} from '../../fused/kernel-conformance.testing.ts';
import { qkvWidth, type CpuKernels, type DeviceBuffer } from '../../fused/kernels.ts';
import { packPrompts } from '../../fused/packing.ts';
import { ReferenceKernels } from '../../fused/reference.ts';
import { hasRelaxedSimd, instantiateKernels } from './instance.ts';
import { OutOfMemoryError } from '../../fused/out-of-memory.ts';
import { WasmKernels } from './wasm-kernels.ts';

describe('on WebAssembly', () => {
  it.each(KERNEL_CASES)('$name', async (conformanceCase) => {
    const expected = await runCase(new ReferenceKernels(), conformanceCase);
    const actual = await runCase(new WasmKernels(), conformanceCase);
    expect(actual).toHaveLength(expected.length);
    actual.forEach((values, i) => expect(distance(values, expected[i]!)).toBeLessThan(TOLERANCE));
  });

  // Log-probabilities gather the error of all layers.
  it.each(DECODE_CASES)('$name', async (conformanceCase) => {
    const [expected] = await runCase(new ReferenceKernels(), conformanceCase);
    const [actual] = await runCase(new WasmKernels(), conformanceCase);
    expect(distance(actual!, expected!)).toBeLessThan(10 * TOLERANCE);
  });
});

describe('one decoding step', () => {
  it.each([
    { heads: 2, kvHeads: 2, headDim: 8 },
    { heads: 6, kvHeads: 2, headDim: 6 },
  ])('attends to prompt and cache (%o)', (shape) => {
    const attended = <B extends DeviceBuffer>(kernels: CpuKernels<B>): B[] => {
      const rng = createRng(1);
      const capacity = 5;
      const { heads, kvHeads, headDim } = shape;
      const packing = packPrompts([randomTokens(3, rng), randomTokens(12, rng)]);
      const [promptOf, slots] = [Int32Array.of(0, 1, 1), Int32Array.of(0, 2, 3)];
      const cache = kernels.upload(random(rng, 4 * capacity * 2 * kvHeads * headDim));
      const promptQkv = kernels.upload(random(rng, packing.rows * qkvWidth(shape)));
      const outs = [0, 1, 4].map((time) => {
        const out = kernels.scratch(3 * heads * headDim);
        kernels.attendStep({
          rows: 3,
          ...shape,
          capacity,
          time,
          cache,
          promptQkv,
          out,
          prompts: sequencesOf(kernels, packing),
          qkv: kernels.upload(random(rng, 3 * qkvWidth(shape))),
          promptOf: kernels.upload(promptOf),
          slots: kernels.upload(slots),
        });
        return out;
      });
      return [...outs, cache];
    };
    const [reference, wasm] = [new ReferenceKernels(), new WasmKernels()];
    const expected = attended(reference).map((buffer) => reference.floats(buffer));
    const actual = attended(wasm).map((buffer) => wasm.floats(buffer).slice());
    actual.forEach((values, i) => expect(distance(values, expected[i]!)).toBeLessThan(TOLERANCE));
  });

  it.each([
    { temperature: 1, topP: 1, topK: 0 },
    { temperature: 0, topP: 1, topK: 0 },
    { temperature: 1.5, topP: 0.6, topK: 0 },
    { temperature: 0.5, topP: 1, topK: 3 },
  ])('draws the same tokens (%o)', (options) => {
    const drawn = <B extends DeviceBuffer>(kernels: CpuKernels<B>): [number[], number[]] => {
      const rng = createRng(4);
      const [rows, vocabSize] = [200, 11];
      const logits = kernels.upload(random(rng, rows * vocabSize, 4));
      const uniforms = kernels.upload(rng.uniforms(rows));
      const [ids, logprobs] = [kernels.scratch(rows), kernels.scratch(rows)];
      kernels.sampleTokens({
        rows,
        vocabSize,
        logits,
        uniforms,
        tokens: ids,
        logprobs,
        ...options,
      });
      return [[...kernels.ints(ids)], [...kernels.floats(logprobs)]];
    };
    const [expectedIds, expectedLogprobs] = drawn(new ReferenceKernels());
    const [ids, logprobs] = drawn(new WasmKernels());
    expect(ids).toEqual(expectedIds);
    const [actual, expected] = [logprobs, expectedLogprobs].map((row) => Float32Array.from(row));
    expect(distance(actual!, expected!)).toBeLessThan(TOLERANCE);
  });
});

describe('memory', () => {
  it('gives buffers of zeros, and uses what was given back', () => {
    const kernels = new WasmKernels();
    const first = kernels.allocate(100);
    kernels.fill(first, 3);
    kernels.free(first);
    const second = kernels.allocate(100);
    expect(second.address).toBe(first.address);
    expect(kernels.floats(second).every((value) => value === 0)).toBe(true);
    expect(() => kernels.free({ address: 12, length: 1 })).toThrow('expected a buffer');
  });

  it('never hands out the same scratch twice before the end of a step', () => {
    const kernels = new WasmKernels();
    const sizes = [3, 1_000_000, 17, 2_000_000, 1];
    const buffers = sizes.map((size) => kernels.scratch(size));
    buffers.forEach((buffer, i) => kernels.fill(buffer, i));
    buffers.forEach((buffer, i) => {
      expect(kernels.floats(buffer).every((value) => value === i)).toBe(true);
    });
  });

  it('says what to lower where there is no more, and goes on with what it had', () => {
    const kernels = new WasmKernels();
    const kept = kernels.allocate(1000);
    kernels.fill(kept, 7);
    const { bytes } = kernels.memory();
    // More than 32-bit addresses reach.
    expect(() => kernels.scratch(2 ** 30)).toThrow(/^out of memory: 4,295 MB .* lower batchGroups/);
    expect(() => kernels.allocate(2 ** 30)).toThrow(OutOfMemoryError);
    expect(kernels.memory().bytes).toBe(bytes);
    const next = kernels.scratch(500_000);
    kernels.fill(next, 1);
    expect(kernels.floats(kept).every((value) => value === 7)).toBe(true);
    expect(kernels.floats(next).every((value) => value === 1)).toBe(true);
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
