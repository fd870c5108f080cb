/** The program `exit-lab train` as people and systems stop it, start it and point it at folders. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = join(ROOT, 'scripts', 'exit-lab.mjs');
const folder = mkdtempSync(join(tmpdir(), 'exit-lab-train-'));

const TINY = (
  '--backend wasm --init scratch --warmStartSteps 1 --hiddenSize 16 --numLayers 1 --numHeads 2 ' +
  '--intermediateSize 24 --batchGroups 3 --groupSize 2 --bufferMin 1 --evalEvery 0'
).split(' ');

function train(...args: string[]) {
  const line = [PROGRAM, 'train', ...args];
  return spawnSync(process.execPath, line, { cwd: folder, encoding: 'utf8' });
}

interface About {
  readonly step: number;
}

function stepIn(name: string): number {
  return (JSON.parse(readFileSync(join(folder, name, 'about.json'), 'utf8')) as About).step;
}

/** What says how long something took differs from run to run. */
function rowsIn(name: string): unknown[] {
  const lines = readFileSync(join(folder, name, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => {
    const row = JSON.parse(line) as Record<string, number>;
    return Object.fromEntries(
      Object.entries(row).filter(
        ([id]) => !/^(time|memory)\/|^step_time$|^tokens_per_second$/.test(id),
      ),
    );
  });
}

/** Does something to the program once it has said what matches, and waits for its end. */
async function stopped(
  args: readonly string[],
  pattern: RegExp,
  act: (child: ReturnType<typeof spawn>) => void,
): Promise<{ code: number | null; stderr: string }> {
  const line = [PROGRAM, 'train', ...TINY, '--steps', '9999', ...args];
  const child = spawn(process.execPath, line, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  let acted = false;
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString();
    if (acted || !pattern.test(stderr)) return;
    acted = true;
    act(child);
  });
  const code = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  return { code, stderr };
}

beforeAll(() => {
  const { status, stderr } = train(...TINY, '--steps', '3', '--out', 'three');
  expect(status, stderr).toBe(0);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('a run that is stopped', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('by %s is saved first', async (signal, exitCode) => {
    const { code, stderr } = await stopped(['--out', signal], / q /, (child) => child.kill(signal));
    expect(code).toBe(exitCode);
    expect(stderr).toContain(`stopped; ${signal}: step ${stepIn(signal)}`);
  });

  it('because nobody reads what it says is saved first', async () => {
    const { code } = await stopped(['--out', 'unread'], / q /, (child) => child.stderr?.destroy());
    expect(code).toBe(141);
    expect(stepIn('unread')).toBeGreaterThan(0);
    const { status, stderr } = train('--resume', 'unread', '--steps', '1', '--out', 'unread');
    expect(status).toBe(0);
    expect(stderr).toContain('nothing trained');
  });

  it('by SIGKILL is there as of its last save, and goes on as the uninterrupted one does', async () => {
    const line = [
      PROGRAM,
      'train',
      ...TINY,
      '--steps',
      '9999',
      '--out',
      'killed',
      '--saveEvery',
      '2',
    ];
    const child = spawn(process.execPath, line, { cwd: folder, stdio: 'ignore' });
    while (!existsSync(join(folder, 'killed', 'about.json')) || stepIn('killed') < 4)
      await moment();
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    expect(train('--resume', 'killed', '--steps', '1', '--out', 'killed').status).toBe(0);
    const done = stepIn('killed');
    expect(done % 2).toBe(0);
    const until = ['--steps', String(done + 3)];
    const resumed = train('--resume', 'killed', ...until, '--out', 'killed');
    expect(resumed.status, resumed.stderr).toBe(0);
    expect(train(...TINY, ...until, '--out', 'undisturbed').status).toBe(0);
    expect(rowsIn('killed')).toEqual(rowsIn('undisturbed'));
    for (const name of ['model.safetensors', 'training_state.safetensors', 'run.json']) {
      const bytes = (run: string): Buffer => readFileSync(join(folder, run, name));
      expect(bytes('killed').equals(bytes('undisturbed')), name).toBe(true);
    }
  });

  it('before its first save leaves no folder behind where it can', async () => {
    const warmStart = ['--warmStartSteps', '3000'];
    const args = ['--out', join('made', 'for', 'it'), ...warmStart];
    const { code } = await stopped(args, /demonstrations/, (child) => child.kill('SIGTERM'));
    expect(code).toBe(143);
    expect(existsSync(join(folder, 'made'))).toBe(false);
  });
});

describe('--out', () => {
  it('that cannot be a folder is refused before anything is trained, in one line', () => {
    writeFileSync(join(folder, 'file'), '');
    const { status, stderr } = train(...TINY, '--out', join('file', 'run'));
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^--out: got "file.run", expected a folder that can be written: [^\n]+\n$/,
    );
  });

  it('with another run is refused, and replaced whole by force', () => {
    expect(train(...TINY, '--steps', '5', '--saveEvery', '2', '--out', 'forced').status).toBe(0);
    const { status, stderr } = train(...TINY, '--steps', '1', '--out', 'forced');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^--out: got "forced", which holds another run; [^\n]+\n$/);
    expect(stepIn('forced')).toBe(5);
    expect(train(...TINY, '--steps', '1', '--out', 'forced', '--force').status).toBe(0);
    expect(stepIn('forced')).toBe(1);
    expect(readdirSync(join(folder, 'forced', 'steps'))).toEqual(['000001-000001.bin']);
  });

  it('keeps the former run where the new one has no room', () => {
    const script = `ulimit -f 60; "$0" "$@"; exit $?`;
    const line = [PROGRAM, 'train', '--resume', 'three', '--steps', '5', '--out', 'three'];
    const env = { ...process.env, NODE_COMPILE_CACHE: '' };
    const { status, stderr } = spawnSync('bash', ['-c', script, process.execPath, ...line], {
      cwd: folder,
      encoding: 'utf8',
      env,
    });
    expect(status, stderr).toBe(2);
    expect(stderr.trim().split('\n').at(-1)).toMatch(
      /^--out: step 5 cannot be written to "three", which holds step 3 as before: E/,
    );
    const goesOn = train('--resume', 'three', '--steps', '4', '--out', 'four');
    expect(goesOn.status, goesOn.stderr).toBe(0);
    expect(rowsIn('four')).toHaveLength(4);
  });
});

describe('--steps', () => {
  it('that are done say so, and leave the run as it is or write it where it is not', () => {
    const before = readFileSync(join(folder, 'three', 'manifest.json'), 'utf8');
    const same = train('--resume', 'three', '--steps', '2', '--out', 'three');
    expect(same).toMatchObject({
      status: 0,
      stderr:
        'nothing trained: --steps: got 2, expected more than 3, which are done; three is as it was\n',
    });
    expect(readFileSync(join(folder, 'three', 'manifest.json'), 'utf8')).toBe(before);
    expect(train('--resume', 'three', '--steps', '3', '--out', 'copy').stderr).toContain(
      'copy: step 3',
    );
    expect(rowsIn('copy')).toEqual(rowsIn('three'));
    expect(readdirSync(join(folder, 'copy', 'steps'))).toEqual(['000001-000003.bin']);
  });
});

describe('input that is refused', () => {
  it.each([
    [
      ['--saveEvery', '5x'],
      '--saveEvery: got "5x", expected a number of steps, or a time such as 30s',
    ],
    [['--saveEvery', '0'], '--saveEvery: got "0", expected a number of steps'],
  ])('%j is one line and exit code 2', (args, message) => {
    const { status, stderr } = train(...TINY, ...args, '--out', 'refused');
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(existsSync(join(folder, 'refused'))).toBe(false);
  });
});

function moment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
