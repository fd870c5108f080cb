import { describe, expect, it } from 'vitest';
import { createRng } from '../base/rng.ts';
import { averageCurves, summarise } from './curves.ts';
import type { GradedAttempt, Trace } from './curves.ts';
import { evaluate } from './evaluate.ts';
import type { EvaluationOptions } from './evaluate.ts';
import { createLab } from './testing/lab.ts';
import type { Lab } from './testing/lab.ts';
import { echo, twoDials } from './testing/tasks.ts';

const OPTIONS: EvaluationOptions = {
  tasks: 10,
  samples: 2,
  depth: 3,
  temperature: 1,
  topP: 1,
  topK: 0,
  trainedDepth: 1.5,
  step: 7,
};

function promptsOf(lab: Lab): string[] {
  return lab.context.policy.requests.flatMap(({ prompts }) =>
    prompts.map((ids) => lab.context.tokenizer.decode(ids).join(' ')),
  );
}

describe('evaluate', () => {
  it('gives one estimate per self-improvement step, each in its bounds', async () => {
    const { context } = createLab({ problem: twoDials });
    const result = await evaluate(context, OPTIONS, createRng(1));
    expect(result).toMatchObject({ step: 7, tasks: 10, samples: 2, depth: 3, trainedDepth: 1.5 });
    const { quality, solved, bestQuality, bestSolved, resampleQuality, resampleSolved } = result;
    const curves = [quality, solved, bestQuality, bestSolved, resampleQuality, resampleSolved];
    for (const curve of curves) {
      expect(curve).toHaveLength(4);
      for (const { mean, ci95 } of curve) {
        expect(mean >= 0 && mean <= 1).toBe(true);
        expect(ci95 >= 0 && ci95 < 1).toBe(true);
      }
    }
    for (const curve of [bestQuality, bestSolved, resampleQuality, resampleSolved]) {
      const means = curve.map(({ mean }) => mean);
      expect(means).toEqual(means.toSorted((a, b) => a - b));
    }
    expect(resampleQuality[0]).toEqual(quality[0]);
  });

  it('meets the same tasks at every step, the first ones also when there are more', async () => {
    const seen = async (options: Partial<EvaluationOptions>): Promise<string[]> => {
      const lab = createLab({ problem: twoDials });
      await evaluate(lab.context, { ...OPTIONS, samples: 1, ...options }, createRng(4));
      return promptsOf(lab).slice(0, OPTIONS.tasks);
    };
    const first = await seen({});
    expect(new Set(first).size).toBeGreaterThan(1);
    expect(await seen({ step: 90 })).toEqual(first);
    expect(await seen({ tasks: 30 })).toEqual(first);
  });

  it('repeats itself for the same step, and draws anew for another', async () => {
    const { context } = createLab({ problem: twoDials });
    const rng = createRng(1);
    const first = await evaluate(context, OPTIONS, rng);
    rng.next();
    expect(await evaluate(context, OPTIONS, rng)).toEqual(first);
    expect((await evaluate(context, { ...OPTIONS, step: 8 }, rng)).distinct).not.toEqual(
      first.distinct,
    );
  });

  it('takes distinct tasks, fewer where the split holds fewer', async () => {
    const { context } = createLab({ problem: echo });
    expect((await evaluate(context, OPTIONS, createRng(1))).tasks).toBe(2);
  });

  it('does not change training', async () => {
    const config = { batchGroups: 4, bufferMin: 4 };
    const plain = createLab({ problem: echo, config });
    const watched = createLab({ problem: echo, config });
    const records = await plain.run(6);
    const seen = await watched.run(3);
    await evaluate(watched.context, OPTIONS, createRng(watched.context.config().seed));
    seen.push(...(await watched.run(3)));
    expect(seen).toEqual(records);
    expect(watched.state).toEqual(plain.state);
  });

  it('walks the turns, and carries the last attempt on', async () => {
    const lab = createLab({ problem: echo });
    await evaluate(lab.context, { ...OPTIONS, tasks: 2, samples: 1, depth: 1 }, createRng(1));
    const prompts = promptsOf(lab).map((prompt) => prompt.replace('<bos> turn ', ''));
    const solves = prompts.filter((prompt) => prompt.endsWith('solve'));
    const improves = prompts.filter((prompt) => prompt.endsWith('improve'));
    expect(solves.filter((prompt) => !prompt.includes('then'))).toHaveLength(4);
    // The second turn after a first attempt, as the control, and after the revision of it.
    expect(solves.filter((prompt) => prompt.includes('then'))).toHaveLength(6);
    expect(improves.filter((prompt) => prompt.split('then').length === 2)).toHaveLength(2);
    expect(improves.filter((prompt) => prompt.split('then').length === 3)).toHaveLength(2);
  });

  it('searches greedily: drafts first, then always on from the best so far', async () => {
    const shown = async (drafts?: number): Promise<number[][]> => {
      const { context } = createLab({ problem: twoDials });
      const byTask = new Map<string, number[]>();
      const task: typeof context.task = {
        ...context.task,
        prompt: (instance, history, mode) => {
          const key = JSON.stringify(instance);
          const { latest } = history;
          if (latest) byTask.set(key, [...(byTask.get(key) ?? []), latest.quality]);
          return context.task.prompt(instance, history, mode);
        },
      };
      const options = { ...OPTIONS, samples: 1, depth: 8, ...(drafts && { drafts }) };
      await evaluate({ ...context, task }, options, createRng(1));
      return [...byTask.values()];
    };
    const risesOnly = (row: number[]): boolean => row.every((q, i) => i === 0 || q >= row[i - 1]!);
    const searched = await shown(3);
    expect(searched.every((row) => row.length === 6 && risesOnly(row))).toBe(true);
    const chained = await shown();
    expect(chained.every((row) => row.length === 8)).toBe(true);
    expect(chained.every(risesOnly)).toBe(false);
  });

  it('asks again for what is known, a few times, and for nothing else', async () => {
    const lab = createLab({ problem: twoDials });
    const { context } = lab;
    const rowsOf = async (known: (words: string) => boolean): Promise<number> => {
      const before = lab.context.policy.requests.length;
      const grade: typeof context.task.grade = async (instance, history, tokens) => {
        const own = await context.task.grade(instance, history, tokens);
        return { ...own, known: history.latest !== undefined && known(tokens.join(' ')) };
      };
      const options = { ...OPTIONS, samples: 1, depth: 2 };
      await evaluate({ ...context, task: { ...context.task, grade } }, options, createRng(1));
      return lab.context.policy.requests
        .slice(before)
        .reduce((sum, request) => sum + request.prompts.length * request.samplesPerPrompt, 0);
    };
    // A first attempt, two revisions and two more of the control for each task.
    expect(await rowsOf(() => false)).toBe(10 * 5);
    expect(await rowsOf(() => true)).toBe(10 * (5 + 2 * 4));
  });

  it('judges a mixture domain by domain', async () => {
    const { context } = createLab({ problem: twoDials });
    const { task } = context;
    const parts = [task, { ...task, id: 'again' }];
    const result = await evaluate({ ...context, task: { ...task, parts } }, OPTIONS, createRng(1));
    expect(result.parts?.map((part) => [part.task, part.tasks])).toEqual([
      [task.id, 5],
      ['again', 5],
    ]);
    const own = result.parts!.map(({ quality }) => quality[3]!.mean);
    expect(result.quality[3]!.mean).toBeCloseTo((own[0]! + own[1]!) / 2, 12);
  });

  it('draws from the split it is asked for', async () => {
    const { context } = createLab({ problem: twoDials });
    const splits: string[] = [];
    const sample: typeof context.task.sample = (split, rng) => {
      splits.push(split);
      return context.task.sample('test', rng);
    };
    const watched = { ...context, task: { ...context.task, sample } };
    await evaluate(watched, { ...OPTIONS, split: 'harder' }, createRng(1));
    expect(new Set(splits)).toEqual(new Set(['harder']));
  });

  it('calls the policy with a bounded number of rows, without effect on the result', async () => {
    const lab = createLab({ problem: twoDials });
    await evaluate(lab.context, { ...OPTIONS, tasks: 150, samples: 4 }, createRng(1));
    const rows = lab.context.policy.requests.map((r) => r.prompts.length * r.samplesPerPrompt);
    expect(Math.max(...rows)).toBeLessThanOrEqual(512);
    expect(rows.reduce((sum, count) => sum + count, 0)).toBe(150 * 4 * (4 + 3));
  });
});

describe('summarise', () => {
  const graded = (quality: number, word: string): GradedAttempt => {
    return {
      attempt: { tokens: [word], feedback: [], quality },
      solved: quality === 1,
      valid: true,
    };
  };
  const trace = (task: number, qualities: number[], control: number[], turn = 0): Trace => ({
    task,
    turn,
    first: graded(qualities[0]!, 'first'),
    attempts: qualities.map((quality) => graded(quality, String(quality))),
    control: control.map((quality) => graded(quality, 'same')),
  });

  it('tells the turns of conversations apart, and says nothing of them where there is one', () => {
    const { turns } = summarise(
      [trace(0, [0, 1], [0, 0]), trace(0, [1, 0], [1, 1], 1), trace(1, [1, 1], [1, 1])],
      1,
    );
    expect(turns?.map(({ first, last }) => [first.mean, last.mean])).toEqual([
      [0.5, 1],
      [1, 0],
    ]);
    expect(summarise([trace(0, [0, 1], [0, 0])], 1)).not.toHaveProperty('turns');
  });

  it('takes k = 0 from where nothing was revised, and tells the other first attempt apart', () => {
    const later = { ...trace(0, [1, 0], [0, 0], 1), first: graded(0, 'unrevised') };
    const { quality, turns, bestQuality } = summarise([trace(0, [0, 1], [0, 0]), later], 1);
    expect(quality.map(({ mean }) => mean)).toEqual([0, 0.5]);
    expect(bestQuality.map(({ mean }) => mean)).toEqual([0, 1]);
    expect(turns![0]).not.toHaveProperty('afterRevised');
    expect(turns![1]).toMatchObject({
      first: { mean: 0 },
      afterRevised: { mean: 1 },
      last: { mean: 0 },
    });
  });

  it('adds up the turns of a conversation, and averages its chains', () => {
    const first = [trace(0, [0, 1], [0, 0]), trace(0, [0.5, 0.5], [0, 0])];
    const second = [trace(0, [1, 0], [1, 1], 1), trace(0, [0.5, 1], [1, 1], 1)];
    const { taskReturn } = summarise([...first, ...second], 1);
    expect(taskReturn?.first.mean).toBe((0 + 0.5 + 1 + 0.5) / 2);
    expect(taskReturn?.last.mean).toBe((1 + 0.5 + 0 + 1) / 2);
    expect(taskReturn?.afterRevised?.mean).toBe((0 + 0.5 + 1 + 0.5) / 2);
    expect(taskReturn?.resampled?.mean).toBe((0 + 0 + 1 + 1) / 2);
    expect(summarise(first, 1)).not.toHaveProperty('taskReturn');
  });

  it('says what chains took, and what resampling finds for as much', () => {
    const priced = (quality: number, cost: number, standing: number, word = 'w'): GradedAttempt => {
      return { ...graded(quality, `${word} ${cost} ${standing}`), cost, standing };
    };
    const chain = [priced(0.1, 3, 1), priced(0.2, 1, 2), priced(0.2, 0, 2), priced(0.3, 5, 3)];
    // The second is the first again, and is not paid twice; the last is better than it looks.
    const control = [priced(0.1, 3, 1), priced(0.1, 3, 1), priced(0.6, 3, 5), priced(0.9, 3, 4)];
    const paid: Trace = { task: 0, turn: 0, first: chain[0]!, attempts: chain, control };
    const { cost, equalCostQuality, equalCostSolved } = summarise([paid], 3);
    expect(cost?.map(({ mean }) => mean)).toEqual([3, 4, 4, 9]);
    expect(equalCostQuality?.map(({ mean }) => mean)).toEqual([0.1, 0.1, 0.1, 0.6]);
    expect(equalCostSolved?.map(({ mean }) => mean)).toEqual([0, 0, 0, 0]);
    expect(summarise([trace(0, [0, 1], [0, 0])], 1)).not.toHaveProperty('cost');
  });

  it('averages domains, whatever their sizes', () => {
    const parts = [
      summarise([trace(0, [0, 1], [0, 0]), trace(1, [0, 1], [0, 0])], 1),
      summarise([trace(0, [1, 1], [1, 1])], 1),
    ];
    const both = averageCurves(parts);
    expect(both.quality.map(({ mean }) => mean)).toEqual([0.5, 1]);
    expect(both.netCorrections.mean).toBe(50);
  });

  it('averages chains of a task first, then takes the interval over tasks', () => {
    const curves = summarise(
      [trace(0, [0, 0.5], [0, 1]), trace(0, [1, 0.5], [1, 0]), trace(1, [0, 1], [0, 0.25])],
      1,
    );
    expect(curves.quality[0]).toEqual({
      mean: 0.25,
      ci95: expect.closeTo(12.706 * 0.25, 9) as number,
    });
    expect(curves.quality[1]).toEqual({
      mean: 0.75,
      ci95: expect.closeTo(12.706 * 0.25, 9) as number,
    });
    expect(curves.bestQuality.map(({ mean }) => mean)).toEqual([0.25, 0.875]);
    expect(curves.solved.map(({ mean }) => mean)).toEqual([0.25, 0.5]);
    expect(curves.bestSolved.map(({ mean }) => mean)).toEqual([0.25, 0.75]);
    expect(curves.resampleQuality.map(({ mean }) => mean)).toEqual([0.25, 0.625]);
    expect(curves.resampleSolved.map(({ mean }) => mean)).toEqual([0.25, 0.5]);
  });

  it('nets corrections per hundred, and counts distinct attempts', () => {
    const traces = [trace(0, [0, 1], [0, 0]), trace(1, [1, 0], [0, 0]), trace(2, [0, 1], [0, 0])];
    const { netCorrections, wrongToRight, rightToWrong, distinct } = summarise(
      [...traces, trace(3, [1, 1], [1, 1])],
      1,
    );
    expect(netCorrections.mean).toBe(25);
    expect(netCorrections.ci95).toBeGreaterThan(0);
    expect([wrongToRight.mean, rightToWrong.mean]).toEqual([50, 25]);
    expect(distinct.mean).toBe((1 + 1 + 1 + 0.5) / 4);
  });
});
