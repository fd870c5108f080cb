import { describe, expect, test } from 'vitest';
import { createRng } from '../../base/rng.ts';
import { mean } from '../../base/statistics.ts';
import { competitionsOf, tableOf } from '../tables/competitions.ts';
import { hasMissing } from '../tables/table.ts';
import { EMPTY_HISTORY, type Grade, type History, type Token } from '../task.ts';
import { warmStartExample } from '../warmstart.ts';
import { playChain } from './chains.testing.ts';
import { drawTable, ENSEMBLE_TABLES } from './competitions.ts';
import { createEnsembles } from './ensembles.ts';
import type { EnsembleInstance } from './instance.ts';
import { indexOf, MEMBERS, pipelineOf } from './members.ts';
import { judgeChain } from './oracle.testing.ts';
import { predictAll } from './predict.ts';
import { loadPredictions, predictionsOf, stored } from './predictions.ts';
import { play } from './rules.testing.ts';
import { drawEnsemble, qualityOf } from './score.ts';
import { readProposal, readState, writeEnsemble, writeReplacement } from './state.ts';

const task = createEnsembles({ id: 'ensembles', label: 'Ensembles', summary: '' });
/** Of all metrics, with gaps and without: reading the predictions of all tables takes long. */
const FEW = ['bands-noisy', 'gaps-linear', 'shells', 'seattle-warmth'];
const few: typeof task = { ...task, sample: (_, rng) => ({ competition: rng.pick(FEW) }) };
const MOONS: EnsembleInstance = { competition: 'moons-noisy' };

async function grade(instance: EnsembleInstance, history: History, words: string): Promise<Grade> {
  return task.grade(instance, history, words.split(' '));
}

function after({ feedback, quality }: Grade, tokens: readonly Token[] = []): History {
  return { earlier: [], latest: { tokens, feedback, quality } };
}

const FIRST = 'raw all linear-weak raw all linear-strong raw all bayes';

describe('single models', () => {
  test('are named once each, and equal ones are one', () => {
    expect(MEMBERS).toHaveLength(210);
    expect(new Set(MEMBERS.map(String)).size).toBe(210);
    expect(MEMBERS.map(indexOf)).toEqual(MEMBERS.map((_, i) => i));
    // Trees do not mind stretching a column.
    const tree = indexOf(['raw', 'all', 'tree-small-weak']);
    expect(indexOf(['standard', 'all', 'tree-small-weak'])).toBe(tree);
    expect(indexOf(['standard', 'pca3', 'tree-small-weak'])).not.toBe(tree);
  });

  test('predict what is stored', async () => {
    const table = tableOf('sparse-linear');
    const { predictions } = await predictionsOf(table);
    for (const member of [0, 60, 120, 209]) {
      const anew = predictAll(table, pipelineOf(MEMBERS[member]!, hasMissing(table)), []);
      expect(predictions[member]?.leftOut ?? null).toEqual(
        anew && stored(table, anew.leftOut).map((value) => expect.closeTo(value, 9) as number),
      );
    }
  });

  test('have predictions of every table, which is one of its split, and of rows besides', async () => {
    const { tables } = await loadPredictions();
    expect(Object.keys(tables)).toEqual(ENSEMBLE_TABLES);
    const train = new Set(competitionsOf('train'));
    for (const split of ['train', 'test'] as const) {
      const rng = createRng(1);
      const drawn = new Set(Array.from({ length: 400 }, () => drawTable(split, rng)));
      expect([...drawn].every((name) => train.has(name) === (split === 'train'))).toBe(true);
    }
    const rows = Object.values(tables).map(({ unseenTargets }) => unseenTargets.length);
    expect(Math.min(...rows)).toBeGreaterThanOrEqual(60);
  });
});

describe('grade', () => {
  test('an independent grader agrees on chains of all sorts', async () => {
    const outcomes = new Set<string>();
    for (const competition of FEW.slice(0, 3)) {
      const played = await playChain(task, { competition }, 30, createRng(3).fork(competition));
      const judged = await judgeChain(
        competition,
        played.map(({ tokens }) => tokens),
      );
      played.forEach(({ grade: own }, i) => {
        const { quality, feedback, cost } = judged[i]!;
        expect(own.feedback.join(' ')).toBe(feedback);
        expect(own.quality).toBeCloseTo(quality, 9);
        expect(own.cost).toBe(cost);
        outcomes.add(own.feedback[0]!);
      });
    }
    expect(outcomes).toEqual(new Set(['first', 'better', 'no-better', 'known', 'malformed']));
  });

  test('the best percent of ensembles is solved, and a middling one is worth little', async () => {
    const predicted = await predictionsOf(tableOf('friedman-1'));
    const rng = createRng(5);
    const qualities = Array.from({ length: 4000 }, () => qualityOf(predicted, drawEnsemble(rng)));
    const solved = mean(qualities.map((quality) => Number(quality === 1)));
    expect(solved).toBeGreaterThan(0.005);
    expect(solved).toBeLessThan(0.02);
    // −ln of a uniform share is 1 on average, cut off at ln 100.
    expect(mean(qualities)).toBeCloseTo((1 - 0.01) / Math.log(100), 1);
  });

  test('three models are paid for an ensemble, one for a replacement, none for what is known', async () => {
    const first = await grade(MOONS, EMPTY_HISTORY, FIRST);
    expect(first).toMatchObject({ valid: true, cost: 3, known: false });
    const next = await grade(MOONS, after(first), 'm2 rank all forest-medium-weak');
    expect(next).toMatchObject({ valid: true, cost: 1, known: false });
    const tried = await grade(MOONS, after(next), 'm1 rank all forest-medium-weak');
    expect(tried).toMatchObject({ valid: true, cost: 0, known: true, quality: next.quality });
    const same = await grade(MOONS, after(first), FIRST);
    expect(same).toMatchObject({ valid: true, cost: 0, known: true });
  });

  test('the best so far stays, and what was tried is remembered', async () => {
    const rng = createRng(2);
    let history: History = EMPTY_HISTORY;
    let before: Grade | undefined;
    for (let k = 0; k < 12; k++) {
      const words = task.demonstrate(MOONS, history, k === 0 ? 'solve' : 'improve', rng);
      const now = await task.grade(MOONS, history, words);
      const [old, state] = [before && readState(before.feedback)?.known, readState(now.feedback)!];
      if (old) {
        const proposal = readProposal(words)!;
        if (proposal.kind !== 'replace') throw new Error('expected a replacement');
        const isBetter = state.outcome === 'better';
        expect(now.standing! > before!.standing!).toBe(isBetter);
        if (!isBetter) expect(now.quality).toBe(before!.quality);
        const out = isBetter ? old.best[proposal.place]! : proposal.member;
        expect(state.known!.failed).toEqual([out, ...old.failed].slice(0, 4));
      }
      before = now;
      history = after(now, words);
    }
  });

  test.each([
    ['nothing', ''],
    ['two of the same', 'raw all bayes raw all bayes raw all linear-weak'],
    ['equal ones', 'raw all bayes standard all bayes raw all linear-weak'],
    ['a change of nothing', 'm1 raw all bayes'],
    ['no model', 'raw all raw raw all linear-strong raw all bayes'],
  ])('%s is malformed, costs nothing, and loses nothing', async (_what, words) => {
    const tokens = words.split(' ').filter(Boolean);
    const bad = await task.grade(MOONS, EMPTY_HISTORY, tokens);
    expect(bad).toMatchObject({ quality: 0, solved: false, valid: false, cost: 0 });
    const first = await grade(MOONS, EMPTY_HISTORY, FIRST);
    const later = await task.grade(MOONS, after(first), tokens.slice(0, 3));
    expect(later).toMatchObject({ quality: 0, valid: false, cost: 0 });
    expect(readState(later.feedback)!.known).toEqual(readState(first.feedback)!.known);
  });

  test('nothing solves a table of noise, anything well-formed one with a leaked label', async () => {
    const noise = task.unsolvable!(MOONS, createRng(1));
    const leaked = task.trivial!(MOONS, createRng(1));
    expect([task.kindOf!(MOONS), task.kindOf!(noise), task.kindOf!(leaked)]).toEqual([
      'normal',
      'unsolvable',
      'trivial',
    ]);
    const onNoise = await grade(noise, EMPTY_HISTORY, FIRST);
    expect(onNoise).toMatchObject({ quality: 0, solved: false, valid: true, cost: 3 });
    const next = await grade(noise, after(onNoise), 'm2 rank all forest-medium-weak');
    expect(next).toMatchObject({ quality: 0, cost: 1 });
    expect(await grade(leaked, EMPTY_HISTORY, FIRST)).toMatchObject({ quality: 1, solved: true });
    expect(await grade(leaked, EMPTY_HISTORY, 'raw')).toMatchObject({ quality: 0, valid: false });
    expect(task.prompt(noise, EMPTY_HISTORY, 'solve')).toEqual(
      task.prompt(MOONS, EMPTY_HISTORY, 'solve'),
    );
  });
});

describe('what revising is worth', () => {
  test('replacing the weakest beats any replacement, and both beat new ensembles at equal cost', async () => {
    const tables = ['friedman-1', 'scales', 'ratio', ...FEW];
    const found = [];
    for (const name of tables) {
      for (let i = 0; i < 60; i++) found.push(await play(name, 13, createRng(i).fork(name)));
    }
    const marked = mean(found.map((row) => row.marked));
    const blind = mean(found.map((row) => row.blind));
    const resampled = mean(found.map((row) => row.resampled));
    expect(marked - blind).toBeGreaterThan(0.01);
    expect(marked - resampled).toBeGreaterThan(0.08);
    expect(blind - resampled).toBeGreaterThan(0.04);
  });
});

describe('prompt and demonstrations', () => {
  test('have one layout, and words of the vocabulary only', async () => {
    const rng = createRng(7);
    const words = new Set(task.vocabulary);
    for (let i = 0; i < 200; i++) {
      const { prompt, completion } = await warmStartExample(few, rng);
      expect(prompt).toHaveLength(task.maxPromptTokens);
      expect(completion.length).toBeLessThan(task.maxCompletionTokens);
      expect([...prompt, ...completion].every((word) => words.has(word))).toBe(true);
    }
  });

  test('changes hit the member that is named weakest, and repeat nothing', async () => {
    const rng = createRng(8);
    let [named, hits, changes, repeats] = [0, 0, 0, 0];
    for (let i = 0; i < 600; i++) {
      const { instance, history, mode, completion } = await warmStartExample(few, rng);
      const known = history.latest && readState(history.latest.feedback)?.known;
      if (mode !== 'improve' || !known) continue;
      const proposal = readProposal(completion);
      if (proposal?.kind !== 'replace') throw new Error('expected a replacement');
      const verdict = await task.grade(instance, history, completion);
      changes++;
      repeats += Number(verdict.known);
      if (known.weakest === null) continue;
      named++;
      hits += Number(proposal.place === known.weakest);
    }
    expect(changes).toBeGreaterThan(200);
    expect(hits / named).toBeGreaterThan(0.9);
    expect(repeats).toBe(0);
  });

  test('an attempt is shown again as it was written', () => {
    const ensemble = [3, 70, 150];
    expect(readProposal(writeEnsemble(ensemble))).toEqual({ kind: 'fresh', ensemble });
    expect(readProposal(writeReplacement(2, MEMBERS[9]!))).toEqual({
      kind: 'replace',
      place: 2,
      member: 9,
    });
  });

  test('ensembles of the same members have one key', () => {
    const key = (words: string): string => task.solutionKey!(MOONS, words.split(' '));
    expect(key('raw all bayes raw all linear-weak raw all linear-strong')).toBe(
      key('raw all linear-strong standard all bayes raw all linear-weak'),
    );
    expect(key('m1 raw all bayes')).not.toBe(key('m2 raw all bayes'));
  });
});

describe('text', () => {
  test('is read back, its kind included', () => {
    for (const text of ['moons-noisy', 'iris-species (table of noise)']) {
      expect(task.format!(task.parse!(text))).toBe(text);
    }
    expect(task.parse!('iris-species (table of noise)')).toEqual({
      competition: 'iris-species',
      kind: 'unsolvable',
    });
  });

  test('says which tables there are, and where those of one’s own go', () => {
    expect(() => task.parse!('a,b\n1,2')).toThrow(
      /^table: got "a,b\n1,2", expected one of iris-species, .*Tables of your own are for Pipelines$/,
    );
  });
});
