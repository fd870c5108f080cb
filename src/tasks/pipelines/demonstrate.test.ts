import { describe, expect, test } from 'vitest';
import { createRng, type Rng } from '../../base/rng.ts';
import { EMPTY_HISTORY, type Attempt, type Mode } from '../task.ts';
import { readPipeline, SLOTS, type Pipeline, type Slot } from '../tables/choices.ts';
import { competitionsOf } from '../tables/competitions.ts';
import { createPipelines } from './pipelines.ts';
import type { PipelineInstance } from './instance.ts';

const task = createPipelines({ id: 'pipelines', label: 'Pipelines', summary: '' });
const DRAWS = 3000;

async function attempted(instance: PipelineInstance, tokens: string[]): Promise<Attempt> {
  const { quality, feedback } = await task.grade(instance, EMPTY_HISTORY, tokens);
  return { tokens, quality, feedback };
}

function first(instance: PipelineInstance, rng: Rng): Promise<Attempt> {
  return attempted(instance, task.demonstrate(instance, EMPTY_HISTORY, 'solve', rng));
}

function next(instance: PipelineInstance, latest: Attempt, mode: Mode, rng: Rng): Promise<Attempt> {
  return attempted(instance, task.demonstrate(instance, { earlier: [], latest }, mode, rng));
}

function changedSlots(before: Attempt, after: Attempt): Slot[] {
  return SLOTS.filter((_, i) => before.tokens[i] !== after.tokens[i]);
}

describe('demonstrations', () => {
  test('are pipelines, right now and then, and fail now and then', async () => {
    const rng = createRng(1);
    let [solved, failed] = [0, 0];
    for (let i = 0; i < DRAWS; i++) {
      const instance = task.sample('train', rng);
      const tokens = task.demonstrate(instance, EMPTY_HISTORY, 'solve', rng);
      const grade = await task.grade(instance, EMPTY_HISTORY, tokens);
      expect(grade.valid).toBe(true);
      if (grade.solved) solved++;
      if (grade.feedback[1] === '·') failed++;
    }
    expect(solved / DRAWS).toBeGreaterThan(0.1);
    expect(solved / DRAWS).toBeLessThan(0.45);
    expect(failed / DRAWS).toBeGreaterThan(0.01);
    expect(failed / DRAWS).toBeLessThan(0.1);
  });

  test('improvements are better on average, and keep most choices', async () => {
    const rng = createRng(2);
    let [gain, kept] = [0, 0];
    for (let i = 0; i < DRAWS; i++) {
      const instance = task.sample('train', rng);
      const before = await first(instance, rng);
      const after = await next(instance, before, 'improve', rng);
      gain += after.quality - before.quality;
      kept += SLOTS.length - changedSlots(before, after).length;
    }
    expect(gain / DRAWS).toBeGreaterThan(0.01);
    expect(kept / DRAWS / SLOTS.length).toBeGreaterThan(0.7);
  });

  test.each([
    ['gaps-linear', 'keep raw all linear small weak alone', 'impute'],
    ['moons', 'keep raw pca3 linear small weak alone', 'features'],
    ['friedman-1', 'keep raw all bayes small weak alone', 'model'],
  ] as const)('on %s an improvement of %s changes the %s', async (competition, words, slot) => {
    const rng = createRng(3);
    const before = await attempted({ competition }, words.split(' '));
    expect(before.feedback[1]).toBe('·');
    for (let i = 0; i < 30; i++) {
      const after = await next({ competition }, before, 'improve', rng);
      expect(changedSlots(before, after)).toEqual([slot]);
      expect(after.feedback[1]).not.toBe('·');
    }
  });

  /** Share of improvements that change the choice to one of these. */
  function moves(feedback: string[], from: string, slot: Slot, to: Pipeline[Slot]): number {
    const rng = createRng(4);
    const instance = { competition: 'friedman-1' };
    const latest = { tokens: from.split(' '), feedback, quality: 0.5 };
    const after = Array.from({ length: 600 }, () =>
      readPipeline(task.demonstrate(instance, { earlier: [], latest }, 'improve', rng)),
    );
    return after.filter((pipeline) => pipeline?.[slot] === to).length / after.length;
  }

  test('overfitting asks for smaller models, underfitting for larger ones', () => {
    const from = 'keep raw all tree medium weak alone';
    const [over, under] = [
      ['v2', 't9'],
      ['v2', 't3'],
    ] as [string[], string[]];
    expect(moves(over, from, 'size', 'small')).toBeGreaterThan(
      2 * moves(under, from, 'size', 'small'),
    );
    expect(moves(under, from, 'size', 'large')).toBeGreaterThan(
      2 * moves(over, from, 'size', 'large'),
    );
    const strong = moves(over, from, 'regularisation', 'strong');
    expect(strong).toBeGreaterThan(moves(under, from, 'regularisation', 'strong'));
  });

  test('divergences take another family of models', async () => {
    const rng = createRng(5);
    for (const competition of competitionsOf('train')) {
      const before = await first({ competition }, rng);
      const after = await next({ competition }, before, 'diverge', rng);
      expect(after.tokens[3]).not.toBe(before.tokens[3]);
    }
  });

  test('what can hardly be better is mostly kept', async () => {
    const rng = createRng(6);
    const instance = { competition: 'iris-species' };
    const words = 'keep raw best3 bayes small weak bagged'.split(' ');
    const before = { ...(await attempted(instance, words)), quality: 1 };
    const after = await Promise.all(
      Array.from({ length: 200 }, () => next(instance, before, 'improve', rng)),
    );
    const kept = after.filter((attempt) => changedSlots(before, attempt).length === 0);
    expect(kept.length / after.length).toBeGreaterThan(0.7);
    expect(kept.length).toBeLessThan(after.length);
  });

  test('a malformed attempt is answered with a whole pipeline', async () => {
    const rng = createRng(7);
    const instance = { competition: 'moons' };
    const before = await attempted(instance, ['keep', 'keep']);
    for (const mode of ['improve', 'diverge'] as const) {
      const after = await next(instance, before, mode, rng);
      expect(readPipeline(after.tokens)).toBeDefined();
    }
  });
});
