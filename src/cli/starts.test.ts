/** The module for trainers in Python, by its own tests, where there is a Python. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../scripts/interop/test_starts.py', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;

it.skipIf(!hasPython)('chooses starts by the chances that the algorithm gives them', () => {
  const { status, stdout, stderr } = spawnSync('python3', [SCRIPT], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  expect(stdout).toContain('6 tests: 20 distributions');
});
