import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRng, type Rng } from '../../base/rng.ts';
import { EMPTY_HISTORY, MODES, type Grade, type History } from '../task.ts';
import {
  allPipelines,
  canonical,
  canonicalPipelines,
  CHOICE_WORDS,
  keyOf,
  readPipeline,
  writePipeline,
} from '../tables/choices.ts';
import { COMPETITIONS, competitionsOf, sourceOf, tableOf } from '../tables/competitions.ts';
import { evaluate, type Score } from '../tables/evaluate.ts';
import { foldsOf } from '../tables/folds.ts';
import { metaWords } from '../tables/meta.ts';
import { accuracy, f1, r2, rmse } from '../tables/metrics.ts';
import {
  foreseenFault,
  isWellFormed,
  neighboursByHand,
  scoreByHand,
  skillByHand,
} from './oracle.testing.ts';
import { SOLVED } from './instance.ts';
import { createPipelines } from './pipelines.ts';
import { fingerprint, loadPrecomputedScores, precomputedScores } from './precomputed-scores.ts';
import { hasMissing } from '../tables/table.ts';

const task = createPipelines({
  id: 'pipelines',
  label: 'Pipelines',
  summary: '',
  scorer: () => Promise.reject(new Error('every score of a competition is precomputed')),
});

/** On a busy machine anything may take long. */
const UNHURRIED = { limit: Infinity };

function grade(competition: string, text: string): Grade | Promise<Grade> {
  return task.grade({ competition }, EMPTY_HISTORY, text.split(' '));
}

/** Pipelines, whole and mutilated, and heaps of words. */
function anyCompletion(competition: string, rng: Rng): string[] {
  const kind = rng.int(4);
  if (kind === 0) {
    const words = [...task.vocabulary, 'nonsense', '<pad>', '', 'keep raw'];
    return Array.from({ length: rng.int(task.maxCompletionTokens + 2) }, () => rng.pick(words));
  }
  if (kind === 1) return writePipeline(rng.pick(allPipelines()));
  const words = task.demonstrate({ competition }, EMPTY_HISTORY, 'solve', rng);
  if (kind === 2) return words;
  const at = rng.int(words.length);
  return rng.chance(0.5) ? words.with(at, rng.pick(CHOICE_WORDS)) : words.toSpliced(at, rng.int(3));
}

describe('the grader', () => {
  test('agrees with an independent oracle on 10,000 random attempts, many of them malformed', async () => {
    const rng = createRng(5);
    const seen = { scored: 0, failed: 0, malformed: 0 };
    for (let i = 0; i < 10_000; i++) {
      const competition = rng.pick(COMPETITIONS);
      const completion = anyCompletion(competition, rng);
      const text = completion.join(' ');
      const { valid, quality, solved, feedback } = await task.grade(
        { competition },
        EMPTY_HISTORY,
        completion,
      );
      expect(valid, text).toBe(isWellFormed(completion));
      expect(solved).toBe(quality >= SOLVED);
      expect(feedback).toHaveLength(2);
      const fault = valid ? foreseenFault(tableOf(competition), text) : 'malformed';
      if (fault) {
        expect(feedback, `${competition}: ${text}`).toEqual([fault, '·']);
        expect(quality).toBe(0);
      }
      seen[!valid ? 'malformed' : fault ? 'failed' : 'scored']++;
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(500);
  });

  test('scores neighbours as sorting all distances does', () => {
    const names = COMPETITIONS.filter((name) => !sourceOf(name) && !hasMissing(tableOf(name)));
    for (const name of names) {
      const table = tableOf(name);
      for (const [size, k] of [
        ['large', 1],
        // Odd and two classes, or a mean: no ties, which either side may break as it likes.
        ...(table.classes.length < 3 ? ([['medium', 5]] as const) : []),
      ] as const) {
        for (const scale of ['raw', 'standard']) {
          const words = `keep ${scale} all neighbours ${size} weak alone`;
          const score = evaluate(table, readPipeline(words.split(' '))!, UNHURRIED);
          const byHand = neighboursByHand(table, k, scale === 'standard');
          expect(score.kind === 'scored' && score.validation, name).toBeCloseTo(byHand, 3);
        }
      }
    }
    expect(names.length).toBeGreaterThan(20);
  });

  test('quality is the share of the best skill of the space', async () => {
    for (const competition of ['iris-species', 'moons', 'friedman-1', 'penguin-mass']) {
      const table = tableOf(competition);
      const scores = [...(await precomputedScores(table))!];
      const skill = ([, score]: (typeof scores)[number]): number =>
        score.kind === 'scored' ? score.validation : -1;
      const best = scores.reduce((a, b) => (skill(b) > skill(a) ? b : a));
      expect((await grade(competition, best[0])).quality).toBe(1);
      for (const some of scores.slice(0, 50)) {
        const expected = Math.max(0, skill(some) / skill(best));
        expect((await grade(competition, some[0])).quality).toBeCloseTo(expected, 10);
      }
    }
  });
});

describe('metrics', () => {
  test('agree with counting by hand', () => {
    const labels = fc.array(fc.tuple(fc.nat(1), fc.nat(1)), { minLength: 2, maxLength: 30 });
    const close = (a: number, b: number): void => expect(a).toBeCloseTo(b, 6);
    fc.assert(
      fc.property(labels, (pairs) => {
        const truth = pairs.map(([t]) => t);
        const guess = pairs.map(([, g]) => g);
        close(accuracy(truth, guess), scoreByHand('accuracy', truth, guess));
        close(f1(truth, guess), scoreByHand('f1', truth, guess));
        close(rmse(truth, guess), scoreByHand('rmse', truth, guess));
        if (new Set(truth).size > 1) close(r2(truth, guess), scoreByHand('r2', truth, guess));
      }),
    );
  });

  test('a constant prediction has no skill and a perfect one all of it', () => {
    const table = tableOf('imbalanced');
    expect(skillByHand(table, table.targets, table.targets)).toBe(1);
    const positive = table.targets.map(() => 1);
    expect(skillByHand(table, table.targets, positive)).toBeCloseTo(0);
  });
});

describe('precomputed scores', () => {
  test('are of the tables and the packages as they are', async () => {
    const { libraries, tables } = await loadPrecomputedScores();
    for (const name of COMPETITIONS) {
      expect(tables[name]?.fingerprint, name).toBe(fingerprint(tableOf(name)));
    }
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      dependencies: Record<string, string>;
    };
    for (const [name, version] of Object.entries(libraries)) {
      expect(dependencies[name], name).toBe(version);
    }
    expect(Object.keys(libraries)).toContain('ml-cart');
  });

  test('are what a sample of pipelines gets when trained again', async () => {
    const rng = createRng(11);
    for (let i = 0; i < 150; i++) {
      const table = tableOf(rng.pick(COMPETITIONS));
      const pipeline = rng.pick(canonicalPipelines(hasMissing(table)));
      const score = (await precomputedScores(table))!.get(keyOf(pipeline));
      expect(evaluate(table, pipeline, UNHURRIED), `${table.name}: ${keyOf(pipeline)}`).toEqual(
        score,
      );
    }
  });
});

describe('the space of pipelines', () => {
  test('has some thousands, of which hundreds differ', () => {
    expect(new Set(allPipelines().map(keyOf)).size).toBe(2592);
    expect(canonicalPipelines(false)).toHaveLength(500);
    expect(canonicalPipelines(true)).toHaveLength(1500);
  });

  test('those that are taken for equal score equally, but for rounding', () => {
    const rng = createRng(2);
    let [compared, different] = [0, 0];
    for (let i = 0; i < 250; i++) {
      const table = tableOf(rng.pick(COMPETITIONS));
      const pipeline = { ...rng.pick(allPipelines()), ensemble: 'alone' as const };
      const stand = canonical(pipeline, hasMissing(table));
      // A forest draws its rows by the pipeline's own name.
      if (pipeline.model === 'forest' || keyOf(stand) === keyOf(pipeline)) continue;
      const [own, other] = [pipeline, stand].map((some) => evaluate(table, some, UNHURRIED)) as [
        Score,
        Score,
      ];
      compared++;
      expect(own.kind, `${table.name}: ${keyOf(pipeline)}`).toBe(other.kind);
      if (own.kind === 'scored' && other.kind === 'scored') {
        if (Math.abs(own.validation - other.validation) > 0.02) different++;
      }
    }
    expect(compared).toBeGreaterThan(80);
    // Where two splits gain as much, rounding decides between them.
    expect(different / compared).toBeLessThan(0.05);
  });

  test('equal pipelines have one solution key', () => {
    const key = (competition: string, text: string): string =>
      task.solutionKey!({ competition }, text.split(' '));
    expect(key('moons', 'flag standard all bayes large strong alone')).toBe(
      key('moons', 'keep raw all bayes small weak alone'),
    );
    expect(key('telling-gaps', 'flag raw all tree small weak alone')).not.toBe(
      key('telling-gaps', 'median raw all tree small weak alone'),
    );
    expect(key('moons', 'keep keep')).toBe('keep keep');
  });

  test('time that runs out is an error', () => {
    let clock = 0;
    const now = (): number => (clock += 10);
    const pipeline = readPipeline('keep raw all boosting large weak bagged'.split(' '))!;
    const score = evaluate(tableOf('moons'), pipeline, { limit: 100, now });
    expect(score).toEqual({ kind: 'failed', fault: 'timeout' });
  });
});

describe('competitions', () => {
  test('no name and no source is in both splits', () => {
    const [train, held] = [competitionsOf('train'), competitionsOf('test')];
    expect(train.length).toBeGreaterThanOrEqual(24);
    expect(held.length).toBeGreaterThanOrEqual(8);
    expect(train.filter((name) => held.includes(name))).toEqual([]);
    const sources = (names: readonly string[]): unknown[] =>
      names.map(sourceOf).filter((source) => source !== undefined);
    const shared = sources(train).filter((source) => sources(held).includes(source));
    expect(shared).toEqual([]);
    expect(new Set(COMPETITIONS).size).toBe(train.length + held.length);
    const rows = COMPETITIONS.map((name) => JSON.stringify(tableOf(name).rows));
    expect(new Set(rows).size).toBe(rows.length);
  });

  test('are small whole tables that every fold can learn all classes from', () => {
    for (const name of COMPETITIONS) {
      const { rows, columns, targets, classes } = tableOf(name);
      expect(rows.length).toBeLessThanOrEqual(150);
      expect(columns.length).toBeLessThanOrEqual(8);
      expect(targets).toHaveLength(rows.length);
      expect(rows.every((row) => row.length === columns.length)).toBe(true);
      const folds = foldsOf(tableOf(name));
      classes.forEach((_, label) => {
        const own = folds.filter((_fold, i) => targets[i] === label);
        expect(new Set(own).size, name).toBe(3);
      });
    }
  });

  test('another split is refused', () => {
    expect(() => task.sample('dev', createRng(1))).toThrow('split: got "dev"');
    expect(() => tableOf('atlantis')).toThrow('competition: got "atlantis"');
  });
});

describe('spans', () => {
  const partsOf = async (competition: string, text: string) => {
    const { feedback, quality } = await grade(competition, text);
    return task.spans!({ tokens: text.split(' '), feedback, quality });
  };

  test('are the choice that a failure is blamed on', async () => {
    const gaps = COMPETITIONS.find((name) => hasMissing(tableOf(name)))!;
    const text = 'keep raw all linear small weak alone';
    expect(await partsOf(gaps, text)).toEqual([{ from: 0, to: 1, right: false }]);
  });

  test('are all choices of what is as good as solved, and none of what is neither', async () => {
    for (const pipeline of canonicalPipelines(false)) {
      const text = writePipeline(pipeline).join(' ');
      const { quality, feedback } = await grade('moons', text);
      if (feedback[1] === '·') continue;
      const parts = await partsOf('moons', text);
      expect(parts.map(({ right }) => right)).toEqual(
        Array<boolean>(quality >= SOLVED ? 7 : 0).fill(true),
      );
    }
  });
});

describe('the prompt', () => {
  test('has one layout: table, previous attempt, feedback, mode', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(...MODES), (seed, mode) => {
        const rng = createRng(seed);
        const competition = rng.pick(COMPETITIONS);
        const tokens = anyCompletion(competition, rng);
        const latest = { tokens, feedback: ['v3', 't9'], quality: 0 };
        const history: History = { earlier: [], latest };
        const prompt = task.prompt({ competition }, history, mode);
        expect(prompt).toHaveLength(task.maxPromptTokens);
        expect(prompt.slice(0, 9)).toEqual(metaWords(tableOf(competition)));
        prompt.slice(9, 16).forEach((word, i) => {
          expect(word).toBe(CHOICE_WORDS.includes(tokens[i] ?? '') ? tokens[i] : '·');
        });
        expect(prompt.slice(16)).toEqual(['v3', 't9', mode]);
        expect(prompt.every((word) => task.vocabulary.includes(word))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('a prompt as a whole', () => {
    expect(task.prompt({ competition: 'penguin-species' }, EMPTY_HISTORY, 'solve').join(' ')).toBe(
      `more-classes accuracy rows-many columns4 mixed missing-few skewed scales-apart told3 ${'· '.repeat(9)}solve`,
    );
  });
});
