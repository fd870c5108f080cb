import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { newSession, trained } from '../runs/store/store.testing.ts';
import { zip } from '../runs/zip.ts';
import { writeFolder } from '../node/platform.ts';
import { exportFiles } from '../training/export.ts';
import { main } from './main.ts';

const folder = mkdtempSync(join(tmpdir(), 'exit-lab-export-'));
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  const session = await newSession();
  const files = await exportFiles(session, await trained(session, 2));
  session.dispose();
  await writeFolder(at('run'), files);
  await writeFolder(folder, [{ path: 'run.zip', bytes: zip(files) }]);
  const weights = files.filter(({ path }) => /^(model|config|tokenizer)\./.test(path));
  await writeFolder(at('weights'), weights);
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

async function exported(...argv: string[]) {
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += String(text);
      return true;
    });
  }
  await main(['export', ...argv]);
  return { ...said, exitCode: process.exitCode };
}

it.each(['run', 'run.zip'])(
  'writes %s as files of another program, and says which',
  async (run) => {
    const out = at(`csv of ${run}`);
    const { stdout, exitCode } = await exported(at(run), '--to', 'csv', '--out', out);
    expect(exitCode).toBeUndefined();
    expect(stdout).toContain(`${out}/metrics.csv  `);
    expect(readdirSync(out).sort()).toEqual(['evaluations.csv', 'metrics.csv']);
  },
);

it('exports weights alone where no run is needed', async () => {
  const out = at('onnx');
  await exported(at('weights'), '--to', 'onnx', '--out', out);
  expect(existsSync(join(out, 'onnx', 'model.onnx'))).toBe(true);
});

describe('refuses, with exit code 2 and nothing written:', () => {
  const out = at('refused');
  it.each([
    ['an unknown target', 'run', 'toString', '--to: got "toString", expected one of onnx, '],
    ['a run that is not there', 'absent', 'csv', 'expected a folder that can be read'],
    ['a run without a past', 'weights', 'tensorboard', 'run.json: is missing'],
    ['a folder that holds no run', 'empty', 'onnx', 'model.safetensors: is missing'],
    ['a file that is no archive', 'note.txt', 'onnx', 'the zip archive: has no directory'],
  ])('%s', async (_, run, target, message) => {
    mkdirSync(at('empty'), { recursive: true });
    writeFileSync(at('note.txt'), 'no run');
    const { stderr, exitCode } = await exported(at(run), '--to', target, '--out', out);
    expect(stderr).toContain(message);
    expect(stderr.trim()).not.toContain('\n');
    expect(exitCode).toBe(2);
    expect(existsSync(out)).toBe(false);
  });

  it('a folder that holds something', async () => {
    const { stderr, exitCode } = await exported(at('run'), '--to', 'csv', '--out', at('run'));
    expect(stderr).toContain('which holds README.md; expected a new or empty folder');
    expect(exitCode).toBe(2);
  });

  it('a folder that cannot be made', async () => {
    const beneath = join(at('note.txt'), 'below');
    const { stderr, exitCode } = await exported(at('run'), '--to', 'csv', '--out', beneath);
    expect(stderr).toContain(`--out: got "${beneath}", expected`);
    expect(exitCode).toBe(2);
  });
});
