import { expect, it } from 'vitest';
import { growthProblems } from './memory-growth.ts';

const soak = (blocks: number[], bytes: number[], resident: (number | null)[]) => ({
  where: 'node' as const,
  id: 'ours-wasm',
  label: 'ours',
  readings: [10, 100, 1000].map((steps, i) => ({
    steps,
    blocks: blocks[i]!,
    bytes: bytes[i]!,
    resident: resident[i]!,
  })),
});

it('lets flat memory pass, and a process that warms up and then breathes', () => {
  expect(growthProblems(soak([7, 7, 7], [100, 100, 100], [50e6, 150e6, 160e6]))).toEqual([]);
  expect(growthProblems(soak([7, 7, 7], [100, 100, 90], [null, null, null]))).toEqual([]);
});

it('names each thing that grew', () => {
  expect(growthProblems(soak([7, 7, 8], [100, 100, 101], [50e6, 60e6, 101e6]))).toEqual([
    'node, ours: arrays grew from 7 after 10 steps to 8 after 1000',
    'node, ours: bytes grew from 100 after 10 steps to 101 after 1000',
    'node, ours: the process grew from 60000000 after 100 steps to 101000000 after 1000',
  ]);
});

it('sees a leak between the first two looks too', () => {
  expect(growthProblems(soak([7, 8, 8], [100, 100, 100], [null, null, null]))).toHaveLength(1);
});
