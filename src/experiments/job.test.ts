import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createSession, type Platform } from '../training/create-session.ts';
import { smallPlan } from './experiment.testing.ts';
import { judge } from './held-out.ts';
import { runJob, type JobHost } from './job.ts';
import { readResult, writeResult, type JobResult } from './result.ts';
import { mean } from '../base/statistics.ts';

const PUBLIC = fileURLToPath(new URL('../../public/', import.meta.url));
const platform: Platform = {
  assets: async (path) => new Uint8Array(await readFile(join(PUBLIC, path))),
  clock: () => performance.now(),
  onLoading: () => undefined,
};

/** A host whose clock says nothing, and what is kept in it. */
function host(
  stopAfter = Infinity,
): JobHost & { kept: () => Uint8Array | undefined; notes: string[] } {
  let kept: Uint8Array | undefined;
  let steps = 0;
  const stop = new AbortController();
  if (stopAfter === 0) stop.abort();
  const notes: string[] = [];
  return {
    platform,
    machine: 'test',
    seconds: () => 0,
    checkpoints: {
      everySeconds: 1000,
      load: async () => kept,
      save: async (bytes) => void (kept = bytes),
    },
    onStep: async () => {
      if (++steps === stopAfter) stop.abort();
    },
    signal: stop.signal,
    onNote: (text) => notes.push(text),
    kept: () => kept,
    notes,
  };
}

/** Dynamic sampling on, so that sampled and trained tokens differ. */
const PLAN = smallPlan({
  base: { backend: 'wasm', batchGroups: 6, groupSize: 2, bufferMin: 2, resampleZeroStd: 1 },
  budgets: { unit: 'steps', at: [0, 2, 5] },
});
const [JOB] = PLAN.jobs as [(typeof PLAN.jobs)[number]];

describe('runJob', () => {
  it('ends at the same numbers wherever it was stopped and gone on from its checkpoint', async () => {
    const whole = (await runJob(JOB, host()))!;
    for (const stopAfter of [0, 1, 2, 4]) {
      const first = host(stopAfter);
      expect(await runJob(JOB, first)).toBeUndefined();
      expect(first.kept()).toBeDefined();
      const second = host();
      await second.checkpoints!.save(new Uint8Array(first.kept()!));
      const resumed = await runJob(JOB, second);
      expect(second.notes).toEqual([]);
      expect(writeResult(resumed!), `stopped after ${stopAfter}`).toBe(writeResult(whole));
    }
  });

  it('starts again where its checkpoint is damaged, says so, and ends at the same numbers', async () => {
    const damaged = host();
    await damaged.checkpoints!.save(new Uint8Array([1, 2, 3]));
    const result = await runJob(JOB, damaged);
    expect(damaged.notes).toEqual([expect.stringContaining('its checkpoint cannot be used')]);
    expect(writeResult(result!)).toBe(writeResult((await runJob(JOB, host()))!));
  });

  it('counts what was sampled beside what was trained on', async () => {
    const { budgets, curve } = (await runJob(JOB, host()))!;
    expect(budgets.map(({ budget, step }) => [budget, step])).toEqual([
      [0, 0],
      [2, 2],
      [5, 5],
    ]);
    expect(budgets[0]).toMatchObject({ tokensSampled: 0, tokensTrained: 0, metrics: {} });
    expect(budgets[2]!.tokensTrained).toBeGreaterThan(0);
    expect(budgets[2]!.tokensSampled).toBeGreaterThan(budgets[2]!.tokensTrained);
    expect(curve.step).toEqual([1, 2, 3, 4, 5]);
    expect(curve.tokensSampled.at(-1)).toBe(budgets[2]!.tokensSampled);
    expect(curve.metrics.reward).toHaveLength(5);
    expect(curve.metrics).not.toHaveProperty('step_time');
    // Between the budgets, not since the beginning.
    const late = curve.metrics.reward!.slice(2) as number[];
    expect(budgets[2]!.metrics.reward).toBeCloseTo(mean(late), 5);
  });

  it('stops a budget of sampled tokens at the first step that reaches it', async () => {
    const [job] = smallPlan({ budgets: { unit: 'sampledTokens', at: [60, 100] } }).jobs;
    const { budgets } = (await runJob(job!, host()))!;
    for (const { budget, tokensSampled, step } of budgets) {
      expect(tokensSampled).toBeGreaterThanOrEqual(budget);
      expect(tokensSampled * ((step - 1) / step)).toBeLessThan(budget + 30);
    }
  });

  it('counts as seconds the work of steps alone, not what is done between them', async () => {
    const [job] = smallPlan({ budgets: { unit: 'seconds', at: [2, 3] } }).jobs;
    // A second passes from one look at the clock to the next, and a hundred between two steps.
    let now = 0;
    const result = (await runJob(job!, {
      ...host(),
      seconds: () => ++now,
      onStep: async () => void (now += 100),
    }))!;
    expect(result.budgets.map(({ step }) => step)).toEqual([2, 3]);
    expect(result.origin.trainingSeconds).toBe(3);
  });

  it('writes what can be read again, and nothing else for it', async () => {
    const result = (await runJob(JOB, host()))!;
    const text = writeResult(result);
    expect(readResult(text, JOB)).toEqual(result);
    expect(() => readResult(text.slice(0, 500), JOB)).toThrow('is not JSON');
    expect(() => readResult(text, PLAN.jobs[1]!)).toThrow('id: got');
    const other: JobResult = { ...result, spec: { ...result.spec, splits: ['other'] } };
    expect(() => readResult(writeResult(other), JOB)).toThrow('spec: got that of another job');
    const short: JobResult = { ...result, budgets: result.budgets.slice(1) };
    expect(() => readResult(writeResult(short), JOB)).toThrow('budgets: got 2, expected 3');
    expect(() => readResult('{}', JOB)).toThrow('format: got nothing');
  });
});

describe('judge', () => {
  it.each([
    ['locks', {}],
    ['workspace', {}],
    ['mixture', { evaluation: { tasks: 8, samples: 1, depth: 1 } }],
  ])('sees what an evaluation of the session sees: %s', async (task, changes) => {
    const { spec } = smallPlan({ base: { backend: 'wasm', task }, ...changes }).jobs[0]!;
    const session = await createSession(spec.config, platform);
    const evaluation = await session.evaluate();
    const results = (await judge(session, spec))[0]!.domains;
    const expected = evaluation.parts ?? [evaluation];
    expect(results).toHaveLength(expected.length);
    results.forEach((one, i) => {
      const whole = expected[i]!;
      one.points.forEach((k, at) => {
        expect(mean(one.quality[at]!)).toBeCloseTo(whole.quality[k]!.mean, 5);
        expect(mean(one.solved[at]!)).toBeCloseTo(whole.solved[k]!.mean, 5);
        expect(mean(one.bestQuality[at]!)).toBeCloseTo(whole.bestQuality[k]!.mean, 5);
        expect(mean(one.resampleSolved[at]!)).toBeCloseTo(whole.resampleSolved[k]!.mean, 5);
      });
      const net = mean(one.wrongToRight) - mean(one.rightToWrong);
      expect(100 * net).toBeCloseTo(whole.netCorrections.mean, 3);
      expect(one.turnsLast?.map((turn) => mean(turn))).toEqual(
        whole.turns?.map(({ last }) => expect.closeTo(last.mean, 5) as number),
      );
    });
    session.dispose();
  });
});
