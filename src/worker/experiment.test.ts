import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { resultOf, SMALL, smallPlan } from '../experiments/experiment.testing.ts';
import { runJob, type JobProgress } from '../experiments/job.ts';
import { writeResult } from '../experiments/result.ts';
import type { Platform } from '../training/create-session.ts';
import { createExperimentWorker } from './experiment-client.ts';
import { parseAnswer, parseOrder } from './experiment-protocol.ts';
import { serveExperiments } from './experiment-server.ts';
import { postCall } from './wire.ts';

const PUBLIC = fileURLToPath(new URL('../../public/', import.meta.url));
const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const platform: Platform = {
  assets: async (path) => new Uint8Array(await readFile(join(PUBLIC, path))),
  clock: () => 0,
  onLoading: () => undefined,
};

const open: (() => void)[] = [];

/** A worker's two ends, over a channel. */
function connect() {
  const { port1, port2 } = new MessageChannel();
  const bases: string[] = [];
  const stop = serveExperiments(port2, {
    openPlatform: (base) => {
      bases.push(base);
      return platform;
    },
    machine: 'a test',
    clock: () => 0,
    nextTask,
  });
  const close = (): void => {
    stop();
    port1.close();
    port2.close();
  };
  open.push(close);
  const worker = createExperimentWorker({ port: port1, close, assetBase: 'https://here.test/' });
  return { worker, bases, port: port2 };
}

afterEach(() => {
  open.splice(0).forEach((close) => close());
});

const PLAN = smallPlan();
const [JOB] = PLAN.jobs as [(typeof PLAN.jobs)[number]];
const quiet = { onProgress: () => undefined, onNote: () => undefined };

describe('a worker of an experiment', () => {
  it('plans what the page planned here would be, and names what does not fit', async () => {
    const { worker } = connect();
    expect(await worker.plan(SMALL)).toEqual(PLAN);
    await expect(worker.plan({ ...SMALL, control: 'Uniform' })).rejects.toThrow(
      'control: got "Uniform", expected one of the arms ExIt; GRPO',
    );
  });

  it('runs a job to the same result as anywhere, and tells how far it is', async () => {
    const { worker, bases } = connect();
    const told: JobProgress[] = [];
    const result = await worker.run(JOB, { ...quiet, onProgress: (one) => told.push(one) });
    const here = await runJob(JOB, {
      platform,
      machine: 'a test',
      seconds: () => 0,
      onStep: nextTask,
      signal: new AbortController().signal,
      onNote: () => undefined,
    });
    expect(result).toEqual(here);
    expect(told.at(-1)).toMatchObject({ done: 1, step: 3, row: { step: 3 } });
    expect(bases).toEqual(['https://here.test/']);
  });

  it('ends a job after its step when told to stop, and runs the next one', async () => {
    const { worker } = connect();
    const stopped = worker.run(JOB, { ...quiet, onProgress: () => worker.stop() });
    expect(await stopped).toBeUndefined();
    expect((await worker.run(JOB, quiet))?.id).toBe(JOB.id);
  });

  it('refuses a job whose id is not that of its content', async () => {
    const { worker } = connect();
    await expect(worker.run({ ...JOB, id: PLAN.jobs[1]!.id }, quiet)).rejects.toThrow(
      `job: got the content of ${JOB.id}, expected that of ${PLAN.jobs[1]!.id}`,
    );
  });

  it('makes tables of finished jobs, and refuses files of others', async () => {
    const { worker } = connect();
    const seeds = PLAN.runs.filter(({ setting }) => setting === 0);
    const texts = seeds.map(({ job, arm, seed }) =>
      writeResult(
        resultOf(
          PLAN.jobs.find(({ id }) => id === job)!,
          qualities(arm, seed),
        ),
      ),
    );
    const { analysis, verdict, runsCsv } = await worker.report(SMALL, texts);
    expect([analysis.finished, analysis.planned]).toEqual([4, 8]);
    // 0.8 and 0.9 against 0.5 and 0.5 at the last budget.
    expect(verdict).toContain('ExIt (0.350 [');
    expect(runsCsv.split('\n')[0]).toContain('arm,learningRate,seed,split');
    const foreign = smallPlan({ seeds: [77] }).jobs[0]!;
    await expect(
      worker.report(SMALL, [writeResult(resultOf(foreign, [[0], [0]]))]),
    ).rejects.toThrow(`result: got job "${foreign.id}", expected one of the experiment`);
  });

  it('ends with nothing where the worker is terminated, and answers no more', async () => {
    const { worker } = connect();
    const running = worker.run(JOB, quiet);
    worker.terminate();
    expect(await running).toBeUndefined();
    await expect(worker.plan(SMALL)).rejects.toThrow('its worker was ended');
  });

  it('gives up on a worker that answers with what is no answer', async () => {
    const { worker, port } = connect();
    const running = worker.run(JOB, quiet);
    postCall(port, { kind: 'ran', id: 1, result: 7 }, []);
    await expect(running).rejects.toThrow('answer refused: result:');
    await expect(worker.run(JOB, quiet)).rejects.toThrow('answer refused: result:');
  });
});

function qualities(arm: string, seed: number): number[][] {
  return [[0.4], [arm === 'GRPO' ? 0.5 : 0.7 + seed / 10]];
}

describe('messages', () => {
  it.each([
    [{ kind: 'run', id: 1, job: { id: 'a' }, assetBase: '' }, 'job.label'],
    [{ kind: 'report', id: 1, experiment: {}, results: [1] }, 'results.0'],
    [{ kind: 'plan', id: 'one', experiment: {} }, 'id'],
    [{ kind: 'sing', id: 1 }, 'kind'],
    [null, 'order'],
  ])('refuses an order that is none: %j', (order, field) => {
    expect(() => parseOrder(order)).toThrow(`order refused: ${field}: `);
  });

  it('refuses an answer that is none', () => {
    const progress = { kind: 'progress', id: 1, progress: { done: 'half', step: 1 } };
    expect(() => parseAnswer(progress)).toThrow('answer refused: progress.done: ');
    expect(() => parseAnswer({ kind: 'planned', id: 1, plan: {} })).toThrow('plan.jobs');
  });
});
