import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRng, type Rng } from '../../base/rng.ts';
import { taskById } from '../registry.ts';
import { EMPTY_HISTORY, MODES, type Grade, type History, type Json, type Task } from '../task.ts';
import { TRIPLES, type LockInstance } from './instance.ts';
import { createLocks } from './locks.ts';

const SHAPES = [
  { id: 'locks', dials: 4, values: 3, weights: [4, 3, 2, 1], total: 10 },
  { id: 'locks-large', dials: 5, values: 4, weights: [5, 4, 3, 2, 1], total: 15 },
] as const;

const seeds = fc.integer();

/** The grade is synchronous in this domain; the test holds it to that. */
function grade(task: Task, instance: Json, completion: readonly string[]): Grade {
  const verdict = task.grade(instance, EMPTY_HISTORY, completion);
  if (verdict instanceof Promise) throw new Error('expected a synchronous grade');
  return verdict;
}

function historyOf(task: Task, instance: Json, tokens: readonly string[]): History {
  const { feedback, quality } = grade(task, instance, tokens);
  return { earlier: [], latest: { tokens, feedback, quality } };
}

/** Every way to set the dials. */
function allSettings(dials: number, values: number): string[][] {
  return Array.from({ length: values ** dials }, (_, n) =>
    Array.from({ length: dials }, (_, dial) => `v${Math.floor(n / values ** dial) % values}`),
  );
}

/** The right setting, found by trying all of them. */
function findSolution(task: Task, instance: Json, settings: string[][]): string[] {
  const solved = settings.filter((setting) => grade(task, instance, setting).solved);
  expect(solved).toHaveLength(1);
  return solved[0]!;
}

/** A completion that need not be well-formed. */
function anyCompletion(task: Task): fc.Arbitrary<string[]> {
  return fc.array(fc.oneof(fc.constantFrom(...task.vocabulary), fc.string()), { maxLength: 9 });
}

function share(count: number, event: (rng: Rng) => boolean): number {
  const rng = createRng(11);
  return Array.from({ length: count }, () => event(rng)).filter(Boolean).length / count;
}

describe('splits', () => {
  test('no descriptor triple is in both, and together they are all triples', () => {
    const train = new Set(TRIPLES.train.map(String));
    const test = new Set(TRIPLES.test.map(String));
    expect([...test].filter((triple) => train.has(triple))).toEqual([]);
    expect(train.size + test.size).toBe(16 ** 3);
    expect(train.size).toBeGreaterThan(2500);
    expect(test.size).toBeGreaterThan(800);
  });

  test.each(SHAPES)('$id draws each split from its own triples', ({ id }) => {
    const task = createLocks({ id, label: id, summary: '', dials: 4, values: 3 });
    const rng = createRng(5);
    for (const split of ['train', 'test'] as const) {
      const own = new Set(TRIPLES[split].map(String));
      const drawn = Array.from({ length: 2000 }, () => task.sample(split, rng));
      expect(drawn.every((lock) => own.has(String(lock.descriptors)))).toBe(true);
    }
  });

  test('every value of every descriptor occurs in training', () => {
    for (const slot of [0, 1, 2]) {
      expect(new Set(TRIPLES.train.map((triple) => triple[slot])).size).toBe(16);
    }
  });
});

describe.each(SHAPES)('grade of $id', ({ id, dials, values, weights, total }) => {
  const task = taskById(id);
  const settings = allSettings(dials, values);

  test('marks, quality and solved follow the rule, for every setting of the dials', () => {
    for (const seed of [1, 2, 3]) {
      const instance = task.sample('train', createRng(seed));
      const right = findSolution(task, instance, settings);
      for (const setting of settings) {
        const hits = setting.map((token, dial) => token === right[dial]);
        const byDial = weights.reduce((sum, weight, dial) => sum + (hits[dial] ? weight : 0), 0);
        const expected = 0.85 * (byDial / total) + (hits[1] && hits[2] ? 0.15 : 0);
        const verdict = grade(task, instance, setting);
        expect(verdict.quality).toBeCloseTo(expected, 12);
        expect(verdict.valid).toBe(true);
        expect(verdict.feedback.slice(0, dials)).toEqual(hits.map((hit) => (hit ? '✓' : '✗')));
        expect(verdict.feedback.slice(dials)).toEqual([`s${Math.floor(verdict.quality * 7)}`]);
      }
    }
  });

  test('only the right setting has quality 1, and has it exactly', () => {
    const instance = task.sample('test', createRng(8));
    const ones = settings.filter((setting) => grade(task, instance, setting).quality === 1);
    expect(ones).toEqual([findSolution(task, instance, settings)]);
    expect(grade(task, instance, ones[0]!).feedback.at(-1)).toBe('s7');
  });

  test('a malformed completion is graded, never thrown at', () => {
    const instance = task.sample('train', createRng(4));
    const formed = new Set(settings.map(String));
    fc.assert(
      fc.property(
        anyCompletion(task).filter((tokens) => !formed.has(String(tokens))),
        (tokens) => {
          expect(grade(task, instance, tokens)).toEqual({
            quality: 0,
            solved: false,
            valid: false,
            feedback: [...Array<string>(dials).fill('✗'), 's0'],
          });
        },
      ),
    );
  });

  test('a right setting with one word too many is malformed', () => {
    const instance = task.sample('train', createRng(4));
    const right = findSolution(task, instance, settings);
    expect(grade(task, instance, [...right, 'v0']).valid).toBe(false);
  });
});

describe.each(SHAPES)('hidden shifts of $id', ({ id, dials, values }) => {
  const task = createLocks({ id, label: id, summary: '', dials, values });

  test('are 0 with probability 0.4 and a uniform share of the rest', () => {
    const zero = share(20000, (rng) => task.sample('train', rng).shifts[dials - 1] === 0);
    expect(Math.abs(zero - (0.4 + 0.6 / values))).toBeLessThan(0.015);
    const one = share(20000, (rng) => task.sample('train', rng).shifts[0] === 1);
    expect(Math.abs(one - 0.6 / values)).toBeLessThan(0.015);
  });

  test('turn the right value of their own dial only, cyclically', () => {
    const settings = allSettings(dials, values);
    const descriptors = [3, 11, 7];
    const at = (shifts: readonly number[]): string[] =>
      findSolution(taskById(id), { descriptors, shifts }, settings);
    const plain = at(Array<number>(dials).fill(0));
    const turned = at([...Array<number>(dials - 1).fill(0), 2]);
    const last = (Number(plain[dials - 1]!.slice(1)) + 2) % values;
    expect(turned).toEqual([...plain.slice(0, -1), `v${last}`]);
  });

  test('leave tables that depend on one descriptor per dial and use every value evenly', () => {
    const settings = allSettings(dials, values);
    const shifts = Array<number>(dials).fill(0);
    const seen = Array.from({ length: dials }, () => new Map<string, number>());
    for (let value = 0; value < 16; value++) {
      const here = findSolution(
        taskById(id),
        { descriptors: [value, value, value], shifts },
        settings,
      );
      const other = [value, (value + 5) % 16, (value + 9) % 16];
      const there = findSolution(taskById(id), { descriptors: other, shifts }, settings);
      for (let dial = 0; dial < dials; dial += 3) expect(there[dial]).toBe(here[dial]);
      here.forEach((token, dial) => seen[dial]!.set(token, (seen[dial]!.get(token) ?? 0) + 1));
    }
    for (const counts of seen) {
      expect(counts.size).toBe(values);
      expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(1);
    }
  });
});

describe.each(SHAPES)('prompt of $id', ({ id, dials, values }) => {
  const task = taskById(id);
  const words = Array.from({ length: values }, (_, value) => `v${value}`);

  test('has one length, one layout, and words of the vocabulary only', () => {
    fc.assert(
      fc.property(seeds, anyCompletion(task), fc.constantFrom(...MODES), (seed, tokens, mode) => {
        const instance = task.sample('train', createRng(seed));
        const history = historyOf(task, instance, tokens);
        const prompt = task.prompt(instance, history, mode);
        const formed = tokens.slice(0, dials).map((token) => (words.includes(token) ? token : '·'));
        const blanks = Array<string>(dials - formed.length).fill('·');
        expect(prompt).toHaveLength(task.maxPromptTokens);
        expect(prompt.slice(3, 3 + dials)).toEqual([...formed, ...blanks]);
        expect(prompt.slice(3 + dials, -1)).toEqual(history.latest!.feedback);
        expect(prompt.at(-1)).toBe(mode);
        expect(prompt.every((token) => task.vocabulary.includes(token))).toBe(true);
      }),
    );
  });

  test('shows the descriptors and blanks before the first attempt', () => {
    const lock = { descriptors: [3, 11, 0], shifts: Array<number>(dials).fill(1) };
    expect(task.prompt(lock, EMPTY_HISTORY, 'solve')).toEqual([
      'A3',
      'B11',
      'C0',
      ...Array<string>(2 * dials + 1).fill('·'),
      'solve',
    ]);
  });

  test('does not show the shifts', () => {
    const at = (shift: number): string[] =>
      task.prompt(
        { descriptors: [1, 2, 3], shifts: Array<number>(dials).fill(shift) },
        EMPTY_HISTORY,
        'solve',
      );
    expect(at(0)).toEqual(at(1));
  });

  test('instances are plain JSON', () => {
    const instance = task.sample('train', createRng(1));
    expect(JSON.parse(JSON.stringify(instance))).toEqual(instance);
  });
});

describe.each(SHAPES)('demonstrations of $id', ({ id, dials, values }) => {
  const task = taskById(id);
  const formed = new Set(allSettings(dials, values).map(String));

  function changes(tokens: readonly string[], before: readonly string[]): number {
    return tokens.filter((token, dial) => token !== before[dial]).length;
  }

  test('are well-formed whatever they continue, and fit the completion length', () => {
    fc.assert(
      fc.property(seeds, anyCompletion(task), fc.constantFrom(...MODES), (seed, tokens, mode) => {
        const rng = createRng(seed);
        const instance = task.sample('train', rng);
        const history = historyOf(task, instance, tokens);
        const shown = task.demonstrate(instance, history, mode, rng);
        expect(formed.has(String(shown))).toBe(true);
        expect(shown.length + 1).toBeLessThanOrEqual(task.maxCompletionTokens);
      }),
    );
  });

  test('an improvement changes at most two dials, a divergence at least half', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = createRng(seed);
        const instance = task.sample('train', rng);
        const before = task.demonstrate(instance, EMPTY_HISTORY, 'solve', rng);
        const history = historyOf(task, instance, before);
        const better = task.demonstrate(instance, history, 'improve', rng);
        const other = task.demonstrate(instance, history, 'diverge', rng);
        expect(changes(better, before)).toBeLessThanOrEqual(2);
        expect(changes(other, before)).toBeGreaterThanOrEqual(dials / 2);
      }),
    );
  });

  test('with only marked dials to change, what is right stays and something wrong changes', () => {
    const marked = createLocks({
      id,
      label: id,
      summary: '',
      dials,
      values,
      demonstration: { tableShare: 0, markedShare: 1 },
    });
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = createRng(seed);
        const instance = marked.sample('train', rng);
        const before = marked.demonstrate(instance, EMPTY_HISTORY, 'solve', rng);
        const history = historyOf(marked, instance, before);
        const better = marked.demonstrate(instance, history, 'improve', rng);
        history.latest!.feedback.slice(0, dials).forEach((mark, dial) => {
          if (mark === '✓') expect(better[dial]).toBe(before[dial]);
        });
        const wrong = history.latest!.feedback.filter((mark) => mark === '✗').length;
        expect(changes(better, before)).toBeGreaterThanOrEqual(Math.min(1, wrong));
      }),
    );
  });

  test('by default about half of the improvements of a right attempt break it', () => {
    const settings = allSettings(dials, values);
    const instance: LockInstance = { descriptors: [5, 6, 7], shifts: Array<number>(dials).fill(0) };
    const history = historyOf(task, instance, findSolution(task, instance, settings));
    const kept = share(4000, (rng) => {
      const shown = task.demonstrate(instance, history, 'improve', rng);
      return grade(task, instance, shown).solved;
    });
    expect(Math.abs(kept - 0.5)).toBeLessThan(0.03);
  });

  function firstQuality(shown: Task): number {
    const rng = createRng(2);
    let sum = 0;
    for (let i = 0; i < 8000; i++) {
      const instance = shown.sample('train', rng);
      const first = shown.demonstrate(instance, EMPTY_HISTORY, 'solve', rng);
      sum += grade(shown, instance, first).quality;
    }
    return sum / 8000;
  }

  test('a first attempt is far from good', () => {
    expect(firstQuality(task)).toBeLessThan(0.4);
  });

  test.each([0, 0.2, 1])('a table share of %d gives the quality that follows from it', (share) => {
    const demonstration = { tableShare: share, markedShare: 0.5 };
    const shown = createLocks({ id, label: id, summary: '', dials, values, demonstration });
    const right = share * (0.4 + 0.6 / values) + (1 - share) / values;
    expect(Math.abs(firstQuality(shown) - (0.85 * right + 0.15 * right ** 2))).toBeLessThan(0.015);
  });

  test('the table share sets how many dials of a first attempt follow their tables', () => {
    const sure = createLocks({
      id,
      label: id,
      summary: '',
      dials,
      values,
      demonstration: { tableShare: 1, markedShare: 0.5 },
    });
    const instance: LockInstance = { descriptors: [5, 6, 7], shifts: Array<number>(dials).fill(0) };
    const shown = sure.demonstrate(instance, EMPTY_HISTORY, 'solve', createRng(1));
    expect(grade(sure, instance, shown).solved).toBe(true);
  });
});

test('the spans of an attempt are its dials', () => {
  const task = taskById('locks');
  const instance = task.sample('train', createRng(3));
  const { latest } = historyOf(task, instance, ['v0', 'v0', 'v0', 'v0']);
  expect(task.spans!(latest!)).toEqual(
    [0, 1, 2, 3].map((dial) => {
      return { from: dial, to: dial + 1, right: latest!.feedback[dial] === '✓' };
    }),
  );
});
