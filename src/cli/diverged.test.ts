/** `exit-lab train` where updates are not finite. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { Session } from '../training/session.ts';
import { main } from './main.ts';

const folder = mkdtempSync(join(tmpdir(), 'exit-lab-diverged-'));
const SMALL = (
  '--backend wasm --init scratch --warmStartSteps 1 --hiddenSize 16 --numLayers 1 --numHeads 2 ' +
  '--intermediateSize 24 --batchGroups 3 --groupSize 2 --bufferMin 1 --evalEvery 0'
).split(' ');

afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

/** Updates at a larger learning rate are undone, from step 3 on. */
function undoAbove(largest: number): void {
  const whole = Object.getOwnPropertyDescriptor(Session.prototype, 'step')!;
  vi.spyOn(Session.prototype, 'step').mockImplementation(async function (this: Session) {
    const made = await (whole.value as Session['step']).call(this);
    const isUndone = made.row.step >= 3 && this.config.learningRate > largest;
    return isUndone ? { ...made, row: { ...made.row, skipped_updates: 1 } } : made;
  });
}

async function train(out: string, steps: number): Promise<string> {
  let said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  const flags = [
    '--learningRate',
    '0.004',
    '--steps',
    String(steps),
    '--saveEvery',
    '2',
    '--out',
    out,
  ];
  await main(['train', ...SMALL, ...flags]);
  return said;
}

function json(out: string, line: string): unknown[] {
  const rows = readFileSync(join(out, 'metrics.jsonl'), 'utf8').trim().split('\n');
  return rows.map((row) => (JSON.parse(row) as Record<string, unknown>)[line]);
}

it('goes back to the last save at half the learning rate, as often as it takes', async () => {
  undoAbove(0.0015);
  const out = join(folder, 'found');
  const said = await train(out, 12);
  expect(said.match(/back to step \d+, learning rate [\d.]+/g)).toEqual([
    'back to step 4, learning rate 0.002',
    'back to step 6, learning rate 0.001',
  ]);
  expect(process.exitCode).toBeUndefined();
  expect(json(out, 'step')).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  const run = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as { marks: unknown };
  expect(run.marks).toEqual([
    { step: 5, param: 'learningRate', from: 0.004, to: 0.002 },
    { step: 7, param: 'learningRate', from: 0.002, to: 0.001 },
  ]);
});

it('ends with what it has where no learning rate helps, and says so', async () => {
  undoAbove(0);
  const out = join(folder, 'lost');
  const said = await train(out, 40);
  expect(said.match(/back to step/g)).toHaveLength(5);
  expect(said).toMatch(/updates are not finite, at 0\.000125 too\n$/);
  expect(process.exitCode).toBe(2);
  expect(json(out, 'step').length).toBeGreaterThanOrEqual(5);
});
