import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../../scripts/exit-lab.mjs', import.meta.url));

const line = (completion: string, target: number): string => {
  const start = {
    instance: { numbers: [1, 2, 3], target },
    history: { earlier: [] },
    mode: 'solve',
  };
  return `${JSON.stringify({ start, completion })}\n`;
};

it('answers line by line, and names the line that it refuses', () => {
  const good = [line('1 + 2 = 3 ; 3 + 3 = 6', 6), line('1 + 2 = 3 ; 3 + 3 = 6', 7)];
  const many = Array.from({ length: 500 }, () => good.join('')).join('');
  const bad = line('1 + 2 = 3', 6).replace('"solve"', '"try"');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [PROGRAM, 'grade', '--task', 'countdown'],
    { input: `${many}${bad}${many}`, encoding: 'utf8' },
  );
  expect(stderr).toBe(
    'line 1001: start: mode: got "try", expected one of solve, improve, diverge\n',
  );
  expect(status).toBe(2);
  const replies = stdout
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as { readonly reward: number; readonly solved: boolean });
  expect(replies.length).toBe(1000);
  expect(replies.filter(({ solved }) => solved).length).toBe(500);
});
