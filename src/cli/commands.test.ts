import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { METRIC_IDS } from '../schema/metrics.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'exit-lab-cli-'));
const run = join(folder, 'run');

const TINY = (
  '--backend wasm --init scratch --warmStartSteps 3 --hiddenSize 16 --numLayers 1 --numHeads 2 ' +
  '--intermediateSize 24 --batchGroups 3 --groupSize 2 --bufferMin 1 --evalEvery 2 --evalTasks 2 ' +
  '--evalDepth 2'
).split(' ');

interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const PROGRAM = join(ROOT, 'scripts', 'exit-lab.mjs');

function command(...line: string[]): Result {
  return spawnSync(process.execPath, [PROGRAM, ...line], { cwd: folder, encoding: 'utf8' });
}

/** Where `npm pack` would put it in an archive, path by path. */
function packedPaths(json: string): string[] {
  const packages = JSON.parse(json) as { files: { path: string }[] }[];
  return packages.flatMap(({ files }) => files.map(({ path }) => path));
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/**
 * Sends SIGINT as a terminal does, to all that runs in it, a second after what was said on standard error
 * matches the first pattern, and again for each further one.
 */
async function pressed(
  program: string,
  args: readonly string[],
  ...patterns: readonly RegExp[]
): Promise<Ending> {
  const child = spawn(program, args, {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const waiting = [...patterns];
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString();
    if (!waiting[0]?.test(stderr)) return;
    waiting.shift();
    setTimeout(() => process.kill(-child.pid!, 'SIGINT'), 1000);
  });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.on('close', (...how) => resolve(how));
  });
  if (waiting.length > 0) throw new Error(`${String(waiting[0])} was never said: ${stderr}`);
  return { code, signal, stderr };
}

beforeAll(() => {
  const trained = command('train', ...TINY, '--steps', '3', '--out', run);
  expect(trained.status, trained.stderr).toBe(0);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('train', () => {
  it('writes the files of a run, one row of metrics per step', () => {
    expect(readdirSync(run).sort()).toEqual([
      'README.md',
      'about.json',
      'config.json',
      'generation_config.json',
      'manifest.json',
      'metrics.jsonl',
      'model.safetensors',
      'run.json',
      'steps',
      'tokenizer.json',
      'tokenizer_config.json',
      'training_state.safetensors',
    ]);
    const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n');
    const rows = lines.map((line) => JSON.parse(line) as Record<string, number>);
    expect(rows.map(({ step }) => step)).toEqual([1, 2, 3]);
    for (const { step: _, ...row } of rows)
      expect(METRIC_IDS).toEqual(expect.arrayContaining(Object.keys(row)));
    expect(rows[1]).toHaveProperty('eval/quality_2');
  });

  it('refuses what no parameter allows, by name, with exit code 2', () => {
    const { status, stderr } = command('train', '--groupSize', '1', '--out', run);
    expect(status).toBe(2);
    expect(stderr).toContain('--groupSize: got "1", expected a whole number from 2 to 64');
  });

  it('refuses to change on resumption what a run is made of', () => {
    const { status, stderr } = command('train', '--resume', run, '--seed', '5', '--out', run);
    expect(status).toBe(2);
    expect(stderr).toContain('--seed: got 5, expected 1');
  });
});

describe('npm run train', () => {
  it('trains and does nothing else: npm would take `pretrain` for its hook', () => {
    const npm = spawnSync('npm', ['run', 'train', '--', '--help'], {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect(npm.status, npm.stderr).toBe(0);
    expect(npm.stdout).toContain('exit-lab.mjs train');
    expect(npm.stdout).not.toContain('exit-lab.mjs pretrain');
  });
});

describe('the package', () => {
  it('runs from what `npm pack` packs', () => {
    const packed = join(folder, 'package');
    const list = spawnSync('npm', ['pack', '--dry-run', '--json'], { cwd: ROOT, encoding: 'utf8' });
    for (const path of packedPaths(list.stdout)) {
      cpSync(join(ROOT, path), join(packed, path), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(packed, 'node_modules'), 'junction');
    const out = join(folder, 'from-package');
    const line = ['train', '--task', 'locks', '--steps', '1', '--evalEvery', '0', '--out', out];
    const program = join(packed, 'scripts', 'exit-lab.mjs');
    const { status, stderr } = spawnSync(process.execPath, [program, ...line], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
    expect(readdirSync(out)).toContain('model.safetensors');
  });
});

describe('Ctrl-C', () => {
  const long = (out: string): string[] => {
    return ['train', ...TINY, '--evalEvery', '0', '--steps', '5000', '--out', out];
  };

  it('ends training after the step in flight, writes the run and exits with 130', async () => {
    const out = join(folder, 'interrupted');
    const { code, stderr } = await pressed(process.execPath, [PROGRAM, ...long(out)], / q \d/);
    expect(stderr).toContain('ending after the step in flight');
    expect(stderr).toContain(`stopped; ${out}: step `);
    expect(code).toBe(130);
    const goesOn = command('train', '--resume', out, '--steps', '1', '--out', join(folder, 'on'));
    expect(goesOn.status, goesOn.stderr).toBe(0);
  });

  it('is one press where npm hands on what the terminal has sent already', async () => {
    const out = join(folder, 'interrupted-npm');
    const { stderr } = await pressed('npm', ['run', 'train', '--', ...long(out).slice(1)], / q /);
    expect(stderr).toContain(`stopped; ${out}: step `);
    expect(readdirSync(out)).toContain('training_state.safetensors');
  });

  it('ends at once when pressed again', async () => {
    const out = join(folder, 'abandoned');
    const evaluation = '--evalEvery 1 --evalTasks 1000 --evalSamples 8 --evalDepth 16'.split(' ');
    const line = [PROGRAM, ...long(out), ...evaluation];
    const { signal, stderr } = await pressed(process.execPath, line, /3\/3/, /ends at once/);
    expect(signal).toBe('SIGINT');
    expect(stderr).not.toContain('stopped;');
    expect(readdirSync(out)).toEqual([]);
  });

  it('gives up a warm start', async () => {
    const out = join(folder, 'never');
    const line = [PROGRAM, ...long(out), '--warmStartSteps', '2000'];
    const { code, stderr } = await pressed(process.execPath, line, /demonstrations/);
    expect(stderr).toContain('stopped by SIGINT\n');
    expect(code).toBe(130);
    expect(existsSync(out)).toBe(false);
  });
});

describe('eval', () => {
  it('prints the held-out evaluation with its controls as JSON', () => {
    const { status, stdout } = command(
      'eval',
      ...['--checkpoint', run, '--task', 'locks', '--depth', '3', '--samples', '2', '--tasks', '5'],
      ...['--backend', 'wasm', '--json'],
    );
    expect(status).toBe(0);
    const report = JSON.parse(stdout) as Record<string, unknown>;
    expect(report).toMatchObject({ task: 'locks', step: 3, tasks: 5, samples: 2, depth: 3 });
    for (const curve of ['quality', 'solved', 'bestQuality', 'resampleQuality']) {
      expect(report[curve]).toHaveLength(4);
    }
    expect(report['netCorrections']).toEqual({
      mean: expect.any(Number) as number,
      ci95: expect.any(Number) as number,
    });
  });

  it('says which folder it could not read', () => {
    const { status, stderr } = command('eval', '--checkpoint', join(folder, 'nowhere'));
    expect(status).toBe(2);
    expect(stderr).toContain('--checkpoint: got');
  });
});

describe('pretrain', () => {
  const made = join(folder, 'base');
  const measured = '--evalSamples 1'.split(' ');

  it('writes weights, tokenizer and a card that says how it was made, writes and reads', () => {
    const { status, stderr } = command(
      'pretrain',
      ...[...TINY, ...measured, '--task', 'mixture', '--steps', '2', '--out', made],
    );
    expect(status, stderr).toBe(0);
    expect(readdirSync(made)).toEqual(expect.arrayContaining(['model.safetensors', 'README.md']));
    const card = readFileSync(join(made, 'README.md'), 'utf8');
    expect(card).toContain('2 of 128 examples');
    expect(card).toContain('| Workspace (files over several turns) |');
  });

  it('describes what was made without training, to the same card', () => {
    const card = join(made, 'README.md');
    const before = readFileSync(card, 'utf8');
    rmSync(card);
    const { status, stderr } = command(
      'pretrain',
      ...[...TINY, ...measured, '--task', 'mixture', '--steps', '2', '--describe', made],
    );
    expect(status, stderr).toBe(0);
    expect(readFileSync(card, 'utf8')).toBe(before);
  });
});

describe('golden', () => {
  it('prints one line of worst errors', () => {
    const { status, stdout } = command(
      'golden',
      join(ROOT, 'src/golden/fixtures/untied'),
      '--backend',
      'wasm',
    );
    expect(status).toBe(0);
    const line = JSON.parse(stdout) as { beyond: string[]; errors: Record<string, number> };
    expect(line.beyond).toEqual([]);
    expect(line.errors['logits']).toBeLessThan(2e-5);
  });
});
