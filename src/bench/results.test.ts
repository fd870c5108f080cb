import { expect, it } from 'vitest';
import { ratiosOf, rowsOf, TOKENS, type Measured, type Section } from './results.ts';

const measured = (id: string, train: readonly number[]): Measured => {
  return { id, label: id, losses: [], agreement: null, times: { train }, counts: {} };
};

const SECTION: Section = {
  where: 'node',
  size: 'S',
  arithmetic: { train: 6e9, sample: 1e9 },
  measured: [
    { ...measured('plain-wasm', [3000, 3300]), floor: { product: 10, copy: 4 } },
    measured('ours-wasm', [1000, 1000]),
    measured('ours-webgpu', [10, 10]),
  ],
  absent: [],
};

it('sets each contender beside plain TensorFlow.js on its own backend', () => {
  expect(ratiosOf([SECTION])).toEqual({
    'node/S/train/plain-wasm': 1,
    'node/S/train/ours-wasm': 3.15,
  });
});

it('sets the arithmetic done beside that of a product of matrices', () => {
  const ours = rowsOf(SECTION, 'train')[1]!;
  expect(ours.tokensPerSecond).toBe(TOKENS.train);
  expect(ours.share).toBeCloseTo(6 / 10);
});

it('has no row for a phase that was not run', () => {
  expect(rowsOf(SECTION, 'sample')).toEqual([]);
});
