import { expect, test } from 'vitest';
import { createRng } from '../../base/rng.ts';
import { EMPTY_HISTORY } from '../task.ts';
import { createWorkspace } from './workspace.ts';

const task = createWorkspace({ id: 'workspace', label: 'Workspace', summary: '' });

test('the spans of an attempt are its calls, right where the feedback says so', async () => {
  const rng = createRng(23);
  for (let i = 0; i < 300; i++) {
    const instance = task.sample('train', rng);
    const tokens = task.demonstrate(instance, EMPTY_HISTORY, 'solve', rng);
    const { feedback, quality } = await task.grade(instance, EMPTY_HISTORY, tokens);
    const parts = task.spans!({ tokens, feedback, quality });
    expect(parts.map(({ from, to }) => [from, to])).toEqual(
      Array.from({ length: tokens.length / 3 }, (_, call) => [3 * call, 3 * call + 3]),
    );
    expect(parts.map(({ right }) => right)).toEqual(
      parts.map(({ from }) => feedback[from] === '✓'),
    );
  }
});
