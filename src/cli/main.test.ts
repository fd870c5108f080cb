import { afterEach, describe, expect, it, vi } from 'vitest';
import { COMMANDS } from './commands.ts';
import { main } from './main.ts';

afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

async function called(...argv: string[]) {
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += String(text);
      return true;
    });
  }
  await main(argv);
  return { ...said, exitCode: process.exitCode };
}

describe('the program', () => {
  it('lists its commands, one line each', async () => {
    const { stdout, exitCode } = await called('--help');
    expect(exitCode).toBeUndefined();
    const lines = stdout.split('\n');
    for (const [name, { summary }] of Object.entries(COMMANDS)) {
      expect(lines.filter((line) => line.startsWith(`  ${name} `))).toEqual([
        expect.stringMatching(new RegExp(`^  ${name} +${summary}$`)),
      ]);
    }
    expect(lines.every((line) => line.length <= 100)).toBe(true);
  });

  it.each(Object.keys(COMMANDS))('has a command %s that says what it takes', async (name) => {
    const { stdout, stderr } = await called(name, '--help');
    expect(stderr).toBe('');
    expect(stdout).toContain(`${COMMANDS[name]!.summary}\n\nUsage: exit-lab ${name} `);
  });

  it.each([
    [[], 'got nothing'],
    [['trian'], 'got "trian"'],
    [['toString'], 'got "toString"'],
    [['--steps', '3'], 'got "--steps"'],
  ])('refuses %j, naming the commands that there are', async (argv, got) => {
    const { stderr, stdout, exitCode } = await called(...argv);
    expect(stderr).toMatch(new RegExp(`^command: ${got}, expected one of train, eval, .*\n$`));
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });
});
