import { beforeAll, describe, expect, it } from 'vitest';
import { performancePage } from './page.ts';
import type { Measured, Results } from './results.ts';
import { textTable } from './table.ts';

const COUNTS = { kernels: 600, bytesMoved: 2e9, peakBytes: 5e8, arraysLeft: 0 };

const measured = (id: string, train: number[], sample: number[]): Measured => ({
  id,
  label: `the ${id} engine`,
  losses: [4.2, id === 'ours-wasm' ? 4.10002 : 4.1],
  agreement: 1,
  times: { train, sample },
  counts: { train: COUNTS, sample: { ...COUNTS, kernels: 3200, bytesMoved: 1e9 } },
});

const DISPATCHES = { dispatches: 96, submits: 32, readbacks: 1, bytesRead: 4, bytesWritten: 0 };

const RESULTS: Results = {
  date: '2026-01-02',
  machine: ['3 cores', 'Linux'],
  sections: [
    {
      where: 'node',
      size: 'S',
      rounds: 3,
      arithmetic: { train: 6e9, sample: 1e9 },
      measured: [
        {
          ...measured('plain-wasm', [4000, 4400, 4000], [500, 500, 500]),
          floor: { product: 30, copy: 5 },
        },
        {
          ...measured('ours-wasm', [1000, 1000, 2000], [100, 200, 125]),
          floor: { product: 20, copy: 10 },
        },
      ],
    },
  ],
  exitSteps: [
    {
      where: 'node',
      size: 'S',
      engines: [
        {
          id: 'tfjs-wasm',
          label: 'tfjs',
          steps: [{ ms: 300, sample: 100, grade: 2, update: 190 }],
        },
        {
          id: 'ours-wasm',
          label: 'ours',
          steps: [{ ms: 100, sample: 30, grade: 2, update: 60 }],
        },
      ],
    },
  ],
  growths: [
    {
      where: 'node',
      size: 'S',
      id: 'ours-wasm',
      label: 'ours',
      points: [1, 2, 4].map((k) => ({ tokens: 1000 * k, ms: [5 + 40 * k] })),
    },
  ],
  crowds: [{ histories: 1000, steps: [{ ms: 50, curriculum: 0.5 }] }],
  soaks: [
    {
      where: 'node',
      id: 'ours-wasm',
      label: 'ours',
      readings: [{ steps: 10, blocks: 7, bytes: 8e6, resident: null }],
    },
  ],
  dispatches: [
    {
      size: 'S',
      id: 'ours-webgpu-any',
      label: 'ours on WebGPU',
      batch: 8,
      phases: { train: DISPATCHES, sample: { ...DISPATCHES, dispatches: 640 } },
    },
  ],
  absent: [{ where: 'node', id: 'torch', problem: 'no Python' }],
  ratios: {},
};

describe('the page', () => {
  let page = '';
  beforeAll(() => {
    page = performancePage(RESULTS);
  });

  it.each([
    // 6 GFLOP at 30 GFLOP/s, the better of the two products, take 200 ms: a fifth of the second taken.
    [
      'a phase',
      '| the ours-wasm engine | 1,000 | 1,000–2,000 | 8,192 | 4.00 (2.00–4.40) | 1.00 (1.00–1.00) | 20% |',
    ],
    ['its roofline', '(6 GFLOP; roofline on wasm: 200 ms)'],
    ['both phases added', '| the plain-wasm engine | 4,500 | 4,500–4,900 |'],
    ['parity', 'differ between engines by at most 2.0e-5 (allowed: 0.001)'],
    // 2 GB at 10 GB/s, the faster copy, take 200 ms of 4,000; 3,200 kernels for 32 tokens.
    ['counts', '| the plain-wasm engine | 600 | 100 | 2,000 | 5.0% | 31.3 | 500 | 0 |'],
    ['whole steps', '| Node, tfjs | 300 | 300–300 | 100 | 2 | 190 | 3.00 (3.00–3.00) |'],
    ['growth', '40.0 ms per 1,000 tokens and 5.00 ms, R² 1.0000'],
    ['the buffer', '| 1,000 | 50 | 50–50 | 0.500 | 1.0% |'],
    ['memory', '| Node, ours | 10 | 7 | 8.0 | – |'],
    ['dispatches', '| ours on WebGPU | 96 | 20 | 1 | 1 (4 B) | 1 (4 B) |'],
    ['what is absent', 'Absent in Node: `torch` (no Python).'],
    ['what was left out', "- S in Chromium's worker: left out of this run."],
  ])('shows %s', (_, text) => {
    expect(page).toContain(text);
  });
});

it('shows the same in a terminal', () => {
  const table = textTable(RESULTS);
  expect(table).toContain('node, S, training: forward, backward, AdamW');
  expect(table).toMatch(/the ours-wasm engine +1,000 +1,000–2,000 +8,192 +4\.00 \(2\.00–4\.40\)/);
  expect(table).toContain('node, torch: absent (no Python)');
});
