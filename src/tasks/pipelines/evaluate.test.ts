import { describe, expect, test } from 'vitest';
import { EMPTY_HISTORY } from '../task.ts';
import { canonicalPipelines, readPipeline, type Pipeline } from '../tables/choices.ts';
import { cycle, withTarget } from './csv/csv.testing.ts';
import { parseTable } from './csv/reading.ts';
import { evaluate, type Score } from '../tables/evaluate.ts';
import { createPipelines } from './pipelines.ts';
import type { Table } from '../tables/table.ts';

const HEIGHTS = parseTable(
  [
    'height,kind',
    ...Array.from({ length: 12 }, (_, i) => `${150 + i},${i < 6 ? 'cat' : 'dog'}`),
  ].join('\n'),
);

function scoreOf(table: Table, words: string): Score {
  return evaluate(table, readPipeline(words.split(' '))!, { now: () => 0 });
}

/** Every thirteenth: each choice comes with each model. */
function some(table: Table): Pipeline[] {
  return canonicalPipelines(table.rows.flat().includes(null)).filter((_, i) => i % 13 === 0);
}

function kindsOf(table: Table): Set<string> {
  const scores = some(table).map((pipeline) => evaluate(table, pipeline, { now: () => 0 }));
  for (const score of scores) {
    if (score.kind === 'scored') expect(score.validation).toBeGreaterThanOrEqual(-1);
  }
  return new Set(scores.map((score) => (score.kind === 'scored' ? 'scored' : score.fault)));
}

describe('one column', () => {
  test('is enough for naive Bayes', () => {
    const alone = scoreOf(HEIGHTS, 'keep standard all bayes small weak alone');
    // Ten of the twelve rows, where guessing gets six.
    expect(alone).toEqual({ kind: 'scored', validation: 0.6667, training: 1 });
  });

  test('is enough for all pipelines but those that ask for three', () => {
    const kinds = kindsOf(HEIGHTS);
    expect(kinds).toContain('scored');
    for (const kind of kinds) expect(['scored', 'columns', 'degenerate']).toContain(kind);
  });
});

test('naive Bayes answers also where it is asked for one row more than there are columns', () => {
  const lines = Array.from(
    { length: 12 },
    (_, i) => `${i % 5}.5,${i % 7},${i},${i % 2 ? 'a' : 'b'}`,
  );
  const table = parseTable(['x,y,z,kind', ...lines].join('\n'));
  // Of 12 rows, 4 are left out at a time.
  expect(scoreOf(table, 'keep raw all bayes small weak alone').kind).toBe('scored');
});

describe('a target', () => {
  test.each([
    ['nearly constant', withTarget([...cycle(23, '5.5'), '7.25'])],
    ['very large', withTarget(Array.from({ length: 24 }, (_, i) => `${(i * 7) % 11}e55`))],
    ['far from 0', withTarget(Array.from({ length: 24 }, (_, i) => `1000000.000${(i * 7) % 11}`))],
  ])('that is %s gets scores, never an error', (_what, text) => {
    expect([...kindsOf(parseTable(text))].sort()).toEqual(['columns', 'kind', 'scored']);
  });

  test('is learnt as well whatever its unit', () => {
    const at = (unit: string): Score =>
      scoreOf(
        parseTable(withTarget(Array.from({ length: 24 }, (_, i) => `${(i * 7) % 11}.25${unit}`))),
        'keep standard all linear small weak alone',
      );
    const [usual, large] = [at(''), at('e40')];
    expect(usual).toMatchObject({ kind: 'scored' });
    expect(large).toEqual(usual);
  });
});

test('a scorer that fails costs the attempt and nothing else', async () => {
  const task = createPipelines({
    ...{ id: 'own', label: 'Own', summary: '' },
    scorer: () => Promise.reject(new Error('scorer: it broke')),
  });
  const words = 'keep raw all tree small weak alone'.split(' ');
  const grade = await task.grade({ table: HEIGHTS }, EMPTY_HISTORY, words);
  expect(grade).toMatchObject({ quality: 0, solved: false, valid: true });
  expect(grade.feedback).toContain('degenerate');
});
