import { afterEach, describe, expect, it, vi } from 'vitest';
import { RunFormatError } from '../runs/checks.ts';
import { CliError } from './args.ts';
import { defineCommand, exitCodeOf } from './command.ts';
import { Interrupted } from './interruption.ts';

afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

/** What is written to a stream from now on. */
function written(stream: 'stdout' | 'stderr'): () => string {
  const texts: string[] = [];
  vi.spyOn(process[stream], 'write').mockImplementation((text) => {
    texts.push(String(text));
    return true;
  });
  return () => texts.join('');
}

describe('a command', () => {
  const run = vi.fn(() => Promise.resolve());
  const command = defineCommand({
    flags: { json: { kind: 'boolean', help: 'Prints JSON.' } },
    params: ['seed'],
    run,
  });
  const call = (...argv: string[]) => command({ command: 'look', summary: 'Looks.', argv });

  it('runs with what its line says', async () => {
    await call('--seed', '3', '--json');
    expect(run).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ given: { seed: 3 }, flags: { json: true }, operands: [] }),
    );
  });

  it('shows what it takes instead, under the name that it was called by', async () => {
    run.mockClear();
    const text = written('stdout');
    await call('--help');
    expect(text()).toContain('Looks.\n\nUsage: exit-lab look [flags]');
    expect(run).not.toHaveBeenCalled();
  });

  it('refuses what it does not take', async () => {
    await expect(call('--groupSize', '4')).rejects.toThrow(CliError);
  });
});

describe('exit codes', () => {
  async function ended(thrown?: Error): Promise<{ stderr: string; exitCode: unknown }> {
    const stderr = written('stderr');
    await exitCodeOf(() => (thrown ? Promise.reject(thrown) : Promise.resolve()));
    return { stderr: stderr(), exitCode: process.exitCode };
  }

  it.each([
    [new CliError('--seed: no'), '--seed: no\n', 2],
    [new RunFormatError('run.json', 'is empty'), 'run.json: is empty\n', 2],
    [new Interrupted('SIGINT'), 'stopped by SIGINT\n', 130],
    [new Interrupted('SIGTERM'), 'stopped by SIGTERM\n', 143],
  ])('%o is told in one line', async (error, stderr, exitCode) => {
    expect(await ended(error)).toEqual({ stderr, exitCode });
  });

  it('shows where an unexpected error came from', async () => {
    const { stderr, exitCode } = await ended(new Error('boom'));
    expect(stderr).toContain('command.test.ts');
    expect(exitCode).toBe(1);
  });

  it('are left alone when all is well', async () => {
    expect(await ended()).toEqual({ stderr: '', exitCode: undefined });
  });
});
