import { describe, expect, it } from 'vitest';
import {
  lineOf,
  pairedRatios,
  ratiosOf,
  rowsOf,
  TOKENS,
  type Measured,
  type Section,
} from './results.ts';

const measured = (id: string, train: readonly number[]): Measured => {
  return { id, label: id, losses: [], agreement: null, times: { train }, counts: {} };
};

const PLAIN = {
  ...measured('plain-wasm', [3000, 3300]),
  times: { train: [3000, 3300], sample: [500, 500] },
  floor: { product: 10, copy: 4 },
};

const SECTION: Section = {
  where: 'node',
  size: 'S',
  rounds: 2,
  arithmetic: { train: 6e9, sample: 1e9 },
  measured: [
    PLAIN,
    { ...measured('ours-wasm', [1000, 1000]), floor: { product: 12, copy: 3 } },
    measured('ours-webgpu', [10, 10]),
    measured('torch', [500, 250]),
  ],
};

describe('ratios', () => {
  it('set our engine beside each engine on its own backend, or of none', () => {
    expect(pairedRatios([SECTION])).toEqual({
      'node/S/train/ours-wasm/plain-wasm': [3, 3.3],
      'node/S/train/ours-wasm/torch': [0.5, 0.25],
    });
    expect(ratiosOf([SECTION])['node/S/train/ours-wasm/torch']).toEqual({
      median: 0.375,
      low: 0.25,
      high: 0.5,
    });
  });

  it('stand in the rows, both ways', () => {
    const [plain, ours, webgpu, torch] = rowsOf(SECTION, 'train');
    expect(plain?.ratio?.median).toBe(1);
    expect(plain?.lead?.median).toBeCloseTo(3.15);
    expect(ours?.ratio?.median).toBeCloseTo(3.15);
    expect(webgpu?.ratio).toBeUndefined();
    expect(torch?.lead?.median).toBeCloseTo(0.375);
  });
});

it('sets the best product of matrices on a backend beside the time', () => {
  const ours = rowsOf(SECTION, 'train')[1]!;
  expect(ours.tokensPerSecond).toBe(TOKENS.train);
  // 6 GFLOP at 12 GFLOP/s take half of the second that was taken.
  expect(ours.rooflineShare).toBeCloseTo(0.5);
  expect(rowsOf(SECTION, 'train')[2]!.rooflineShare).toBeUndefined();
});

it('adds the phases of an engine that has both', () => {
  const rows = rowsOf(SECTION, 'both');
  expect(rows.map(({ label }) => label)).toEqual(['plain-wasm']);
  expect(rows[0]!.ms).toEqual({ median: 3650, min: 3500, max: 3800 });
});

it('has no row for a phase that was not run', () => {
  expect(rowsOf(SECTION, 'sample').map(({ label }) => label)).toEqual(['plain-wasm']);
});

it('draws the line of a growing batch through medians, by thousands of tokens', () => {
  const points = [
    { tokens: 1000, ms: [11, 12, 90] },
    { tokens: 2000, ms: [22] },
    { tokens: 4000, ms: [41, 43] },
  ];
  const line = lineOf({ where: 'node', size: 'S', id: 'ours', label: 'ours', points });
  expect(line.slope).toBeCloseTo(10);
  expect(line.intercept).toBeCloseTo(2);
  expect(line.explained).toBeCloseTo(1);
});
