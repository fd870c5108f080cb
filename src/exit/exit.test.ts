import { describe, expect, it } from 'vitest';
import { populationVariance } from '../base/statistics.ts';
import type { StrategyId } from '../schema/presets.ts';
import { STRATEGIES } from '../schema/presets.ts';
import type { Config } from '../schema/params.ts';
import { entriesOf, taskIdOf } from './buffer.ts';
import type { ExitState } from './exit.ts';
import type { GroupRecord, StepRecord } from '../schema/records.ts';
import { createLab } from './testing/lab.ts';
import type { Lab } from './testing/lab.ts';
import { echo, twoDials } from './testing/tasks.ts';

const SMALL: Partial<Config> = { batchGroups: 6, groupSize: 4, bufferMin: 4, bufferCapacity: 24 };
const STRATEGY_IDS = Object.keys(STRATEGIES) as StrategyId[];

function lab(config: Partial<Config> = {}, strategy: StrategyId = 'exit'): Lab {
  return createLab({ problem: twoDials, strategy, config: { ...SMALL, ...config } });
}

function groupsOf(records: readonly StepRecord[]): GroupRecord[] {
  return records.flatMap(({ groups }) => groups);
}

function copyOf(state: ExitState): ExitState {
  return JSON.parse(JSON.stringify(state)) as ExitState;
}

describe('every strategy', () => {
  it.each(STRATEGY_IDS)('%s keeps the invariants of its records and of its buffer', async (id) => {
    const run = lab({}, id);
    const records = await run.run(25);
    expect(records.map(({ step }) => step)).toEqual(records.map((_, i) => i + 1));
    const known = new Set<number>();
    for (const { start, completions, learnability } of groupsOf(records)) {
      expect(completions).toHaveLength(4);
      expect(learnability).toBeGreaterThanOrEqual(0);
      expect(learnability).toBeLessThanOrEqual(0.25);
      expect(start.mode === 'solve').toBe(start.depth === 0);
      expect(start.latest === null).toBe(start.depth === 0);
      expect(start.source === 'buffer').toBe(start.historyId !== null);
      expect(start.taskId).toBe(taskIdOf(start.instance));
      for (const { insertedAs, diversity, tokens, logprobs, truncated } of completions) {
        expect(diversity >= 0 && diversity <= 1).toBe(true);
        expect(logprobs.length).toBe(tokens.length + Number(!truncated));
        if (insertedAs !== null) expect(known.has(insertedAs)).toBe(false);
        if (insertedAs !== null) known.add(insertedAs);
      }
    }
    const entries = entriesOf(run.state.buffer);
    const { nextId } = run.state.buffer;
    expect(entries.length).toBeLessThanOrEqual(24);
    expect(new Set(entries.map((e) => JSON.stringify([e.instance, e.history]))).size).toBe(
      entries.length,
    );
    for (const entry of entries) {
      expect(entry.id).toBeLessThan(nextId);
      if (entry.parentId !== null) expect(entry.parentId).toBeLessThan(entry.id);
      const { maxUses } = run.context.config();
      if (maxUses > 0) expect(entry.uses).toBeLessThan(maxUses);
    }
  });

  it('selects what its name says', async () => {
    const seen = async (id: StrategyId): Promise<Set<string>> => {
      const records = await lab({}, id).run(25);
      return new Set(groupsOf(records).map(({ start }) => `${start.source} ${start.mode}`));
    };
    expect(await seen('grpo')).toEqual(new Set(['fresh solve']));
    expect(await seen('curriculum')).toEqual(new Set(['fresh solve', 'buffer solve']));
    expect(await seen('improve')).toEqual(new Set(['fresh solve', 'buffer improve']));

    const all = new Set(['fresh solve', 'buffer improve', 'buffer diverge']);
    expect(await seen('diverge')).toEqual(all);
    expect(await seen('exit')).toEqual(all);
    expect(await seen('exit-uniform')).toEqual(all);
  });
});

describe('determinism', () => {
  it('the same seed gives the same run, another seed another', async () => {
    const [a, b, c] = [lab(), lab(), lab({ seed: 2 })];
    const records = await a.run(12);
    expect(await b.run(12)).toEqual(records);
    expect(b.state).toEqual(a.state);
    expect(await b.context.policy.save()).toEqual(await a.context.policy.save());
    expect((await c.run(12))[11]).not.toEqual(records[11]);
  });

  it.each([twoDials, echo])(
    'a resumed run of $task.id equals the uninterrupted one',
    async (problem) => {
      const config = {
        ...SMALL,
        seed: 3,
        scoreDecay: 0.9,
        eviction: 'random',
        klBeta: 0.1,
      } as const;
      const whole = createLab({ problem, config });
      await whole.run(9);
      const state = copyOf(whole.state);
      const snapshot = await whole.context.policy.save();
      const rest = createLab({ problem, config, state });
      await rest.context.policy.load(snapshot);
      expect(await rest.run(9)).toEqual(await whole.run(9));
      expect(rest.state).toEqual(whole.state);
      expect(await rest.context.policy.save()).toEqual(await whole.context.policy.save());
    },
  );

  it('state is plain JSON between steps', async () => {
    const run = lab();
    for (let i = 0; i < 5; i++) {
      await run.run(1);
      expect(copyOf(run.state)).toEqual(run.state);
    }
  });
});

describe('live parameters', () => {
  it('take effect with the next step', async () => {
    const run = lab({ batchGroups: 3 });
    expect((await run.run(2))[1]!.groups).toHaveLength(3);
    run.set({ batchGroups: 5, groupSize: 2, learningRate: 0.05 });
    const [next] = await run.run(1);
    expect(next!.groups).toHaveLength(5);
    expect(next!.groups[0]!.completions).toHaveLength(2);
    expect(next!.metrics.learning_rate).toBe(0.05);
  });

  it('empty the buffer of what no longer belongs there', async () => {
    const run = lab({ selectProbability: 0.5 });
    await run.run(10);
    run.set({ bufferContent: 'base' });
    await run.run(2);
    expect(entriesOf(run.state.buffer).every(({ depth }) => depth === 0)).toBe(true);
    run.set({ bufferContent: 'none' });
    const [last] = await run.run(1);
    expect(entriesOf(run.state.buffer)).toEqual([]);
    expect(last!.metrics['buffer/evicted']).toBeGreaterThan(0);
    expect(last!.metrics['share/fresh']).toBe(1);
  });

  it('shrink the buffer to a smaller capacity', async () => {
    const run = lab({ eviction: 'lowest' });
    await run.run(15);
    run.set({ bufferCapacity: 8 });
    await run.run(1);
    expect(entriesOf(run.state.buffer)).toHaveLength(8);
  });
});

describe('the curriculum', () => {
  it('selects nothing from the buffer before it holds the minimum', async () => {
    const records = await lab({ bufferMin: 20, selectProbability: 1, childrenPerGroup: 2 }).run(3);
    expect(records.map(({ metrics }) => metrics['share/fresh'])).toEqual([1, 1, 0]);
  });

  it('scores a start by its group, and its children the same', async () => {
    const run = lab({ childrenPerGroup: 4, solvedShare: 1, bufferCapacity: 1000 });
    await run.run(8);
    const [record] = await run.run(1);
    const stored = new Map(entriesOf(run.state.buffer).map((entry) => [entry.id, entry]));
    const lastOf = new Map(record!.groups.map((group) => [group.start.historyId, group]));
    let checked = 0;
    for (const [id, group] of lastOf) {
      const start = id === null ? undefined : stored.get(id);
      if (!start) continue;
      expect(start).toMatchObject({ score: group.learnability, scoredStep: 9 });
      checked++;
    }
    for (const { start, completions } of record!.groups) {
      for (const completion of completions) {
        if (completion.insertedAs === null) continue;
        expect(stored.get(completion.insertedAs)).toMatchObject({
          parentId: start.historyId,
          depth: start.depth + 1,
          mode: start.mode,
          taskId: start.taskId,
          createdStep: 9,
          history: { earlier: [], latest: { tokens: completion.tokens } },
        });
        checked++;
      }
    }
    expect(learnabilityOfChildren(record!, run)).toEqual(learnabilityOfParents(record!));
    expect(checked).toBeGreaterThan(5);
  });

  function learnabilityOfChildren(record: StepRecord, run: Lab): number[] {
    const scores = new Map(entriesOf(run.state.buffer).map(({ id, score }) => [id, score]));
    return inserted(record).map(([id]) => scores.get(id)!);
  }

  function learnabilityOfParents(record: StepRecord): number[] {
    return inserted(record).map(([, learnability]) => learnability);
  }

  function inserted(record: StepRecord): [number, number][] {
    return record.groups.flatMap(({ completions, learnability }) =>
      completions.flatMap(({ insertedAs }): [number, number][] =>
        insertedAs === null ? [] : [[insertedAs, learnability]],
      ),
    );
  }

  it('never keeps a solved attempt at solved share 0', async () => {
    const run = lab({ solvedShare: 0, childrenPerGroup: 4, learningRate: 2, bufferCapacity: 500 });
    const records = await run.run(30);
    const solved = groupsOf(records)
      .flatMap(({ completions }) => completions)
      .filter((c) => c.solved);
    expect(solved.length).toBeGreaterThan(20);
    expect(solved.every(({ insertedAs }) => insertedAs === null)).toBe(true);
    expect(entriesOf(run.state.buffer).length).toBeGreaterThan(20);
  });

  it('ages scores once per step', async () => {
    const run = lab({ selectProbability: 0, bufferCapacity: 500 });
    await run.run(6);
    const before = new Map(entriesOf(run.state.buffer).map(({ id, score }) => [id, score]));
    expect([...before.values()].some((score) => score > 0)).toBe(true);
    run.set({ scoreDecay: 0.5 });
    await run.run(1);
    const old = entriesOf(run.state.buffer).filter(({ id }) => before.has(id));
    expect(old.map(({ score }) => score)).toEqual([...before.values()].map((score) => score / 2));
  });

  it('pays and scores by the reward form', async () => {
    const run = lab({ rewardForm: 'delta', divergeReward: 'same', learningRate: 2 });
    const groups = groupsOf(await run.run(30)).filter(({ start }) => start.mode !== 'solve');
    for (const { start, completions, learnability } of groups) {
      const rewards = completions.map(({ reward }) => reward);
      expect(rewards).toEqual(completions.map(({ quality }) => quality - start.latest!.quality));
      expect(learnability).toBeCloseTo(populationVariance(rewards) / 4, 12);
    }
    expect(groups.some(({ learnability }) => learnability > 0)).toBe(true);
  });

  it('stores base tasks once, and rescores them', async () => {
    const config = { ...SMALL, bufferMin: 2, maxUses: 0 };
    const run = createLab({ problem: echo, strategy: 'curriculum', config });
    const records = await run.run(6);
    const entries = entriesOf(run.state.buffer);
    const firstTurns = entries.filter(({ turn }) => turn === 0);
    expect(firstTurns.length).toBeLessThanOrEqual(3);
    for (const { depth, history, mode } of entries) {
      expect({ depth, latest: history.latest, mode }).toEqual({
        depth: 0,
        latest: undefined,
        mode: 'solve',
      });
    }
    expect(records.at(-1)!.groups.some(({ start }) => start.source === 'buffer')).toBe(true);
    expect(firstTurns.some(({ scoredStep, createdStep }) => scoredStep > createdStep)).toBe(true);
  });
});

describe('several turns', () => {
  it('carries one completion of the group into the next turn', async () => {
    const run = createLab({ problem: echo, config: { ...SMALL, selectProbability: 0 } });
    const records = await run.run(8);
    const second = groupsOf(records).filter(({ start }) => start.turn === 1);
    expect(second.length).toBeGreaterThan(5);
    for (const record of records.slice(1)) {
      const before = records[record.step - 2]!;
      for (const { start, prompt } of record.groups.filter(({ start }) => start.turn === 1)) {
        expect(start.instance).not.toBe(0);
        const said = prompt.slice(4, -1).join(' ');
        const candidates = before.groups
          .filter((group) => group.start.turn === 0 && group.start.instance === start.instance)
          .flatMap(({ completions }) => completions.map(({ tokens }) => tokens.join(' ')));
        expect(candidates).toContain(said);
      }
    }
  });

  it('draws that completion from the whole group', async () => {
    const run = createLab({ problem: echo, config: { ...SMALL, selectProbability: 0 } });
    const places = new Set<number>();
    for (let i = 0; i < 20; i++) {
      const [record] = await run.run(1);
      for (const { earlier } of run.state.episodes) {
        for (const { completions } of record!.groups) {
          const words = completions.map(({ tokens }) => tokens);
          if (new Set(words.map(String)).size === 4) places.add(words.indexOf(earlier[0]!.tokens));
        }
      }
    }
    expect([0, 1, 2, 3].every((place) => places.has(place))).toBe(true);
  });

  it('continues waiting episodes, longest first, before it draws new tasks', async () => {
    const run = createLab({ problem: echo, config: { ...SMALL, selectProbability: 0 } });
    await run.run(1);
    const waiting = run.state.episodes.map(({ instance }) => instance);
    const [record] = await run.run(1);
    const continued = record!.groups.slice(0, waiting.length);
    expect(continued.map(({ start }) => [start.turn, start.instance])).toEqual(
      waiting.map((instance) => [1, instance]),
    );
    expect(record!.groups.slice(waiting.length).every(({ start }) => start.turn === 0)).toBe(true);
  });

  it('keeps the earlier turns in the histories of later ones', async () => {
    const run = createLab({ problem: echo, config: { ...SMALL, bufferCapacity: 200 } });
    await run.run(20);
    const later = entriesOf(run.state.buffer).filter(({ turn }) => turn === 1);
    expect(later.length).toBeGreaterThan(3);
    for (const { history } of later) expect(history.earlier).toHaveLength(1);
  });
});

describe('the update', () => {
  it('samples once per step, all groups together', async () => {
    const run = lab();
    await run.run(4);
    const { requests } = run.context.policy;
    expect(requests).toHaveLength(4);
    expect(requests[3]!.prompts).toHaveLength(6);
    expect(requests[3]!.uniforms).toHaveLength(6 * 4 * 3);
  });

  it('hands over the rows that it recorded, with the advantages after the bonus', async () => {
    const run = lab({ diversityStrength: 1, diversityOn: 'all', learningRate: 2 });
    const records = await run.run(15);
    const { batch } = run.context.policy.updates.at(-1)!;
    const completions = records.at(-1)!.groups.flatMap((group) => group.completions);
    expect(Array.from(batch.advantages)).toEqual(completions.map(({ advantage }) => advantage));
    expect(batch.oldLogprobs.map((row) => Array.from(row))).toEqual(
      completions.map(({ logprobs }) => logprobs),
    );
    const words = batch.completions.map((ids) => run.context.tokenizer.decode(ids));
    expect(words.map((row) => row.filter((word) => word !== '<eos>'))).toEqual(
      completions.map(({ tokens }) => tokens),
    );
    for (const { advantage, baseAdvantage, diversity } of completions) {
      expect(advantage).toBeCloseTo(baseAdvantage * diversity, 12);
    }
    expect(completions.some(({ baseAdvantage }) => baseAdvantage > 0)).toBe(true);
  });

  it('warms the learning rate up, and passes μ permutations', async () => {
    const run = lab({ warmupSteps: 4, learningRate: 0.08, innerEpochs: 2 });
    await run.run(5);
    const options = run.context.policy.updates.map((update) => update.options);
    const rates = options.map(({ learningRate }) => learningRate);
    expect(rates).toEqual([0.02, 0.04, 0.06, 0.08, 0.08]);
    for (const order of options.flatMap(({ epochs }) => epochs)) {
      expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, i) => i));
    }
    expect(options[0]!.epochs).toHaveLength(2);
    expect(options[0]!.epochs[0]).not.toEqual(options[0]!.epochs[1]);
  });

  it('moves the reference every M steps, 0 never', async () => {
    const run = lab({ referenceEvery: 2, referenceMix: 0.3 });
    await run.run(5);
    expect(run.context.policy.referenceMixes).toEqual([0.3, 0.3]);
    const never = lab({ referenceEvery: 0 });
    await never.run(3);
    expect(never.context.policy.referenceMixes).toEqual([]);
  });

  it('replaces flat groups, counts them, and trains on full batches', async () => {
    const run = lab({ resampleZeroStd: 3 });
    const records = await run.run(10);
    const sampled = groupsOf(records).length;
    expect(sampled).toBeGreaterThan(60);
    expect(sampled).toBeLessThanOrEqual(240);
    const rows = run.context.policy.updates.map(({ batch }) => batch.prompts.length);
    expect(rows).toEqual(rows.map(() => 24));
    for (const { groups, metrics } of records) {
      const flat = groups.filter(({ learnability }) => learnability === 0).length;
      expect(metrics.frac_reward_zero_std).toBeCloseTo(flat / groups.length, 12);
    }
    const trained = run.context.policy.updates.flatMap(({ batch }) => batch.completions);
    expect(run.state.tokensTrained).toBe(trained.flat().length);
  });
});

it('a task that grades outside [0, 1] is refused by name', async () => {
  const task = {
    ...twoDials.task,
    grade: () => ({ quality: NaN, solved: false, valid: true, feedback: [] }),
  };
  const run = createLab({ problem: { ...twoDials, task }, config: SMALL });
  await expect(run.run(1)).rejects.toThrow('two-dials: graded quality NaN');
});
