/** What the algorithm does where many starts teach nothing. */
import { expect, it } from 'vitest';
import type { Config } from '../schema/params.ts';
import type { Json } from '../tasks/task.ts';
import { entriesOf } from './buffer.ts';
import { createLab, type Lab } from './testing/lab.ts';
import { twoDials } from './testing/tasks.ts';

const JAMMED_FROM = 50;

/** Half of the locks never open: their serial number, which nobody sees, says which. */
const isJammed = (instance: Json): boolean => (instance as number[])[2]! >= JAMMED_FROM;

function createUneven(config: Partial<Config> = {}): Lab {
  const { task } = twoDials;
  const uneven = {
    ...task,
    kindOf: (instance: Json): 'unsolvable' | 'normal' =>
      isJammed(instance) ? 'unsolvable' : 'normal',
    grade: async (...args: Parameters<typeof task.grade>) => {
      const grade = await task.grade(...args);
      return isJammed(args[0]) ? { ...grade, quality: 0, solved: false } : grade;
    },
  };
  return createLab({
    problem: { ...twoDials, task: uneven },
    config: { batchGroups: 24, groupSize: 4, bufferMin: 8, ...config },
  });
}

const TOKENS = (rows: readonly (readonly number[])[]): number => rows.flat().length;

it('leaves flat groups out of the update where it is asked to, and counts both kinds of tokens', async () => {
  const run = createUneven({ zeroVarianceGroups: 'drop' });
  const records = await run.run(6);
  const { updates } = run.context.policy;
  records.forEach(({ groups, metrics }, i) => {
    const varied = groups.filter(
      ({ completions }) => new Set(completions.map((c) => c.reward)).size > 1,
    );
    expect(varied.length).toBeLessThan(groups.length);
    expect(updates[i]!.batch.prompts).toHaveLength(4 * varied.length);
    expect(metrics.frac_reward_zero_std).toBeCloseTo(1 - varied.length / groups.length, 12);
  });
  const sampled = records.flatMap(({ groups }) =>
    groups.flatMap(({ completions }) => completions.map(({ logprobs }) => logprobs.length)),
  );
  expect(run.state.tokensSampled).toBe(sampled.reduce((sum, n) => sum + n, 0));
  expect(run.state.tokensTrained).toBe(
    updates.reduce((sum, { batch }) => sum + TOKENS(batch.completions.map((ids) => [...ids])), 0),
  );
  expect(run.state.tokensTrained).toBeLessThan(run.state.tokensSampled);
});

it('goes on where a step leaves nothing to learn from', async () => {
  const { task } = twoDials;
  const hopeless = {
    ...task,
    grade: () => ({ quality: 0, solved: false, valid: true, feedback: [] }),
  };
  const run = createLab({
    problem: { ...twoDials, task: hopeless },
    config: { zeroVarianceGroups: 'drop' },
  });
  const [record] = await run.run(1);
  expect(run.context.policy.updates).toHaveLength(0);
  expect(record!.metrics).not.toHaveProperty('loss');
  expect(run.state).toMatchObject({ step: 1, tokensTrained: 0 });
});

it('shrinks the entropy bonus with the share of flat groups where it is asked to', async () => {
  const run = createUneven({ zeroVarianceGroups: 'scale_entropy', entropyCoefficient: 0.5 });
  const records = await run.run(3);
  records.forEach(({ metrics }, i) => {
    expect(run.context.policy.updates[i]!.options.entropyCoefficient).toBeCloseTo(
      0.5 * (1 - metrics.frac_reward_zero_std!),
      12,
    );
  });
});

it('says what was chosen beside a uniform draw from the same buffer', async () => {
  const run = createUneven({ selectProbability: 1, priorityStrength: 20, uniformShare: 0 });
  await run.run(4);
  const stored = entriesOf(run.state.buffer);
  const solvable = stored.filter(({ instance }) => !isJammed(instance)).length / stored.length;
  const [{ groups, metrics }] = (await run.run(1)) as [Awaited<ReturnType<Lab['run']>>[number]];
  const chosen = groups.filter(({ start }) => start.source === 'buffer');
  const open = chosen.filter(({ start }) => !isJammed(start.instance)).length / chosen.length;
  expect(metrics['selected/solvable']).toBeCloseTo(open, 12);
  expect(metrics['selected_minus_uniform/solvable']).toBeCloseTo(open - solvable, 12);
  expect(open).toBeGreaterThan(solvable + 0.05);
});

it('lets a solved child begin with a share of its parent’s score', async () => {
  const run = createUneven({
    solvedShare: 1,
    solvedChildScore: 0.5,
    childrenPerGroup: 4,
    learningRate: 1,
  });
  const [record] = (await run.run(12)).slice(-1);
  const stored = new Map(entriesOf(run.state.buffer).map((entry) => [entry.id, entry]));
  let solved = 0;
  for (const { completions, learnability } of record!.groups) {
    for (const { insertedAs, quality } of completions) {
      if (insertedAs === null) continue;
      expect(stored.get(insertedAs)?.score).toBe((quality < 1 ? 1 : 0.5) * learnability);
      solved += Number(quality === 1);
    }
  }
  expect(solved).toBeGreaterThan(0);
});
