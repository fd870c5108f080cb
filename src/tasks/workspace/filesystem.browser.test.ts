import { expect, test } from 'vitest';
import { attemptWords } from './calls.ts';
import { understand } from './language.ts';
import { plan } from './plan.ts';
import { replay } from './replay.ts';
import { parseConversation } from './text.ts';
import { verdict } from './workspace.ts';

test('the file system runs in a browser as it does in Node', () => {
  const text =
    'at docs\nroot: todo\ndocs: notes=apple\n\nput todo into a new directory src\nshow it';
  const { tree, turns } = parseConversation(text);
  const first = attemptWords(plan(tree, understand(turns, 0)));
  expect(first.join(' ')).toBe('mkdir src · cd root · mv todo src');
  const done = verdict({ tree, turns }, [], first);
  expect(done.solved).toBe(true);
  const earlier = [{ tokens: first, feedback: done.feedback, quality: 1 }];
  expect(replay(tree, earlier).files).toEqual([
    { name: 'notes', dir: 'docs', text: 'apple' },
    { name: 'todo', dir: 'src', text: '' },
  ]);
  const failed = verdict({ tree, turns }, earlier, ['cat', 'todo', '·']);
  expect(failed.steps[0]!.result.error).toEqual({
    kind: 'absent',
    argument: 0,
    elsewhere: 'src',
  });
});
