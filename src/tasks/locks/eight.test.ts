import { describe, expect, test } from 'vitest';
import { createRng } from '../../base/rng.ts';
import { taskById } from '../registry.ts';
import { EMPTY_HISTORY, type Grade, type History, type Json } from '../task.ts';
import type { LockInstance } from './instance.ts';

const task = taskById('locks-eight');

function grade(instance: Json, completion: readonly string[]): Grade {
  const verdict = task.grade(instance, EMPTY_HISTORY, completion);
  if (verdict instanceof Promise) throw new Error('expected a synchronous grade');
  return verdict;
}

function historyOf(instance: Json, tokens: readonly string[]): History {
  const { feedback, quality } = grade(instance, tokens);
  return { earlier: [], latest: { tokens, feedback, quality } };
}

describe('a lock that nobody guesses', () => {
  const right = ['v1', 'v3', 'v0', 'v2', 'v1', 'v1', 'v0', 'v3'];
  const lock = task.parse!(`A3 B11 C0 = ${right.join(' ')}`);
  const hard = task.hard!(lock);

  test('is paid the share of dials that are right', () => {
    const attempt = right.with(2, 'v3').with(7, 'v0');
    expect(grade(lock, attempt)).toEqual({
      quality: 0.75,
      solved: false,
      valid: true,
      feedback: ['✓', '✓', '✗', '✓', '✓', '✓', '✓', '✗', 's5'],
    });
    expect(grade(lock, right)).toMatchObject({ quality: 1, solved: true });
    expect(grade(lock, [])).toMatchObject({ quality: 0, valid: false });
  });

  test('is marked as any other where it is hard, and paid only when open', () => {
    const attempt = right.with(2, 'v3');
    const { feedback } = grade(lock, attempt);
    expect(grade(hard, attempt)).toEqual({
      quality: 0,
      solved: false,
      valid: true,
      feedback,
    });
    expect(grade(hard, right)).toEqual(grade(lock, right));
    expect(task.prompt(hard, historyOf(hard, attempt), 'improve')).toEqual(
      task.prompt(lock, historyOf(lock, attempt), 'improve'),
    );
    expect([task.isHard!(hard), task.isHard!(lock)]).toEqual([true, false]);
  });

  test('is written down as hard, and read again', () => {
    const text = `A3 B11 C0 = ${right.join(' ')} (hard lock)`;
    expect(task.format!(hard)).toBe(text);
    expect(task.parse!(text)).toEqual(hard);
  });

  test('has a code of which descriptors say nothing', () => {
    const rng = createRng(3);
    const shifts = Array.from({ length: 500 }, () => task.sample('train', rng) as LockInstance);
    const unshifted = shifts.flatMap((one) => one.shifts).filter((shift) => shift === 0).length;
    // Four standard deviations of a quarter of 4,000.
    expect(Math.abs(unshifted / 4000 - 0.25)).toBeLessThan(0.0274);
  });

  test('is edited in demonstrations a little more where it is wrong', () => {
    const rng = createRng(4);
    const attempt = right.map((value, dial) => (dial < 4 ? value : 'v2'));
    const history = historyOf(lock, attempt);
    const edits = Array.from({ length: 1000 }, () =>
      task.demonstrate(lock, history, 'improve', rng).map((token, i) => token !== attempt[i]),
    );
    const changed = (from: number) =>
      edits.flatMap((edit) => edit.slice(from, from + 4)).filter(Boolean).length / 4000;
    expect(Math.abs(changed(0) - 0.25)).toBeLessThan(0.0274);
    expect(Math.abs(changed(4) - 0.34)).toBeLessThan(0.03);
  });
});
