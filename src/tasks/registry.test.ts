import { describe, expect, test } from 'vitest';
import { createTokenizer } from '../base/tokenizer.ts';
import { PARAMS } from '../schema/params.ts';
import { MIXTURE } from './manifest.ts';
import { taskById, TASKS } from './registry.ts';

describe('registry', () => {
  test('ids and labels are the options of the task parameter, in the same order', () => {
    const all = [...TASKS, MIXTURE].map(({ id, label }) => [id, label]);
    expect(Object.entries(PARAMS.task.options)).toEqual(all);
  });

  test('finds each task by its id', () => {
    for (const task of TASKS) expect(taskById(task.id)).toBe(task);
  });

  test('names the tasks there are when asked for another', () => {
    expect(() => taskById('chess')).toThrow(
      /^task: got "chess", expected one of locks, locks-large/,
    );
  });

  test('every vocabulary is one that a tokenizer accepts', () => {
    for (const task of TASKS) {
      const { words } = createTokenizer(task.vocabulary);
      expect(words.slice(3)).toEqual(task.vocabulary);
    }
  });

  test('both locks share one vocabulary, so that one base policy fits either', () => {
    expect(taskById('locks').vocabulary).toEqual(taskById('locks-large').vocabulary);
  });
});
