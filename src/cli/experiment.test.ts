import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { SMALL } from '../experiments/experiment.testing.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'exit-lab-experiment-'));
afterAll(() => rmSync(folder, { recursive: true }));

const COMMAND = ['scripts/exit-lab.mjs', 'experiment'];

function fileOf(name: string, content: unknown): string {
  const path = join(folder, `${name}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function experiment(args: readonly string[], env: NodeJS.ProcessEnv = {}): Result {
  return spawnSync(process.execPath, [...COMMAND, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
}

const FILE = fileOf('small', SMALL);
const REPORT = ['report.md', 'report.json', 'runs.csv', 'metrics.csv', 'experiment.json'];
const reportOf = (out: string): string[] => [
  ...REPORT.map((name) => readFileSync(join(out, name), 'utf8')),
  ...readdirSync(join(out, 'plots')).map((name) => readFileSync(join(out, 'plots', name), 'utf8')),
];

describe('experiment', () => {
  const whole = join(folder, 'whole');

  it('runs all jobs, a line for each, and prints what they say', () => {
    const { status, stdout, stderr } = experiment(['--file', FILE, '--out', whole, '--jobs', '2']);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('8 of 8 jobs finished.');
    expect(stdout).toMatch(/\| ExIt \| 2 \| 0\.\d{3} \[0\.\d{3}, 0\.\d{3}\] \|/);
    expect(
      stderr.match(/^\[\d\/8\] .*: quality 0\.\d{3} after \d+ sampled tokens · /gm),
    ).toHaveLength(8);
    expect(stderr).toContain('to go');
    expect(readdirSync(join(whole, 'jobs'))).toHaveLength(8);
    const again = experiment(['--file', FILE, '--out', whole]);
    expect(again.stderr).toBe(`${whole}: 8 of 8 jobs finished\n`);
    expect(again.stdout).toBe(stdout);
  });

  it('loses nothing and changes nothing when all of its processes are killed in mid-run', async () => {
    const out = join(folder, 'killed');
    const args = ['--file', FILE, '--out', out, '--jobs', '2', '--checkpointSeconds', '0'];
    const finished = (): Map<string, string> => {
      const names = readdirSync(join(out, 'jobs')).filter((name) => name.endsWith('.json'));
      return new Map(names.map((name) => [name, readFileSync(join(out, 'jobs', name), 'utf8')]));
    };
    for (const lines of [1, 3]) {
      const child = spawn(process.execPath, [...COMMAND, ...args], {
        cwd: ROOT,
        detached: true,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      await new Promise<void>((resolve) => {
        child.stderr.on('data', (text: Buffer) => {
          said += text.toString();
          if (said.split('\n').length > lines + 1) process.kill(-child.pid!, 'SIGKILL');
        });
        child.once('exit', () => resolve());
      });
      expect(child.signalCode).toBe('SIGKILL');
    }
    const before = finished();
    expect(before.size).toBeGreaterThanOrEqual(2);
    expect(experiment(args).status).toBe(0);
    const after = finished();
    for (const [name, content] of before) expect(after.get(name)).toBe(content);
    expect(reportOf(out)).toEqual(reportOf(whole));
  });

  it('ends at a checkpoint when it is told to, and goes on from there', async () => {
    const out = join(folder, 'told');
    const long = fileOf('long', {
      ...SMALL,
      grid: {},
      budgets: { unit: 'steps', at: [1, 100_000] },
    });
    const child = spawn(
      process.execPath,
      [...COMMAND, '--file', long, '--out', out, '--jobs', '2'],
      {
        cwd: ROOT,
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let said = '';
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    const kept = (): number => {
      try {
        return readdirSync(join(out, 'checkpoints')).filter((name) => name.endsWith('.zip')).length;
      } catch {
        return 0;
      }
    };
    while (kept() < 2) await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGTERM');
    const status = await new Promise((resolve) => child.once('exit', resolve));
    expect(status, said).toBe(143);
    expect(said).toContain('4 jobs left; begin again to go on');
    expect(readdirSync(out)).not.toContain('jobs');
  });

  it('takes its share of a cluster, and the last of the machines merges', () => {
    const out = join(folder, 'shards');
    const args = ['--file', FILE, '--out', out];
    const first = experiment([...args, '--shard', '1/2']);
    expect(first.status, first.stderr).toBe(0);
    expect(first.stderr).toContain('0 of 4 jobs finished, shard 1/2');
    expect(readdirSync(out)).not.toContain('report.md');
    const second = experiment(args, { JOB_COMPLETION_INDEX: '1', JOB_COMPLETIONS: '2' });
    expect(second.stderr).toContain('0 of 4 jobs finished, shard 2/2');
    expect(reportOf(out)).toEqual(reportOf(whole));
  });

  it('merges what is there at any time, and lists what is planned', () => {
    const out = join(folder, 'part');
    const listed = experiment(['--file', FILE, '--out', out, '--plan', '--shard', '8/8']);
    expect(listed.stdout).toMatch(/^[0-9a-f]{16} GRPO, learningRate 0\.003, seed 2\n$/);
    expect(() => readdirSync(out)).toThrow('ENOENT');
    experiment(['--file', FILE, '--out', out, '--shard', '1/8']);
    const { stdout } = experiment(['--file', FILE, '--out', out, '--merge']);
    expect(stdout).toContain('1 of 8 jobs finished.');
    expect(stdout).toMatch(/\| ExIt \| 1 \| 0\.\d{3} — \|/);
  });

  const luck = { ...SMALL, arms: [{ name: 'Luck', strategy: 'luck' }], control: 'Luck' };
  const other = { ...SMALL, base: { ...SMALL.base, temperature: 0.5 } };

  it.each([
    ['an arm that is no strategy', fileOf('luck', luck), [], 'arms.0.strategy: got "luck"'],
    ['a shard 9/8', FILE, ['--shard', '9/8'], '--shard: got "9/8", expected i/n'],
    ['no JSON', fileOf('no', '{'), [], 'no.json: is not JSON'],
    ['no file', join(folder, 'nowhere'), [], '--file: got'],
    ['the folder of another experiment', fileOf('other', other), [], '--out: got'],
    [
      'a parameter',
      FILE,
      ['--seed', '1'],
      '--seed: got nothing, expected a flag that --help lists',
    ],
  ])('refuses %s by name, with exit code 2, and writes nothing', (_, file, flags, message) => {
    const before = reportOf(whole);
    const { status, stderr } = experiment(['--file', file, '--out', whole, ...flags]);
    expect(status, stderr).toBe(2);
    expect(stderr).toContain(message);
    expect(reportOf(whole)).toEqual(before);
  });

  it('refuses a truncated job file, names it, and overwrites nothing', () => {
    const [name] = readdirSync(join(whole, 'jobs'));
    const path = join(whole, 'jobs', name!);
    const truncated = readFileSync(path, 'utf8').slice(0, 100);
    writeFileSync(path, truncated);
    for (const flags of [[], ['--merge']]) {
      const { status, stderr } = experiment(['--file', FILE, '--out', whole, ...flags]);
      expect(status).toBe(2);
      expect(stderr).toContain(`${name!}: is not JSON`);
      expect(stderr).toContain('remove it to have');
    }
    expect(readFileSync(path, 'utf8')).toBe(truncated);
  });

  it('names a job that fails, finishes the others, and ends with exit code 1', () => {
    const out = join(folder, 'failing');
    // Node has no graphics device, which only the engine finds out.
    const arms = [SMALL.arms[1], { name: 'On a device', values: { backend: 'webgpu' } }];
    const file = fileOf('failing', { ...SMALL, arms, grid: {} });
    const { status, stdout, stderr } = experiment(['--file', file, '--out', out]);
    expect(status, stderr).toBe(1);
    expect(stderr).toMatch(/\[\d\/4\] On a device, seed 1: failed: .*WebGPU/);
    expect(stdout).toContain('2 of 4 jobs finished.');
  });
});
