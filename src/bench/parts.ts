/** What is measured beside the engines' phases: whole steps, growth with the batch, memory, dispatches. */
import { messageOf, type Setting } from './measure.ts';
import type { EngineClient, Reply } from './protocol.ts';
import type { Absent, Dispatches, ExitSteps, Growth, Soak } from './results.ts';
import { TIME } from './workload.ts';

interface OpenEngine {
  readonly id: string;
  readonly label: string;
  readonly client: EngineClient;
}

/** Runs `use` with the engines that stand ready; those that cannot are added to `absent`. */
async function withEngines<T>(
  { where, open, size }: Setting,
  ids: readonly string[],
  absent: Absent[],
  use: (opened: readonly OpenEngine[]) => Promise<T>,
): Promise<T> {
  const opened: OpenEngine[] = [];
  const clients: EngineClient[] = [];
  try {
    for (const id of ids) {
      const client = await open(id, size);
      clients.push(client);
      try {
        opened.push({ id, client, label: (await client.ask('prepare')).label });
      } catch (error) {
        absent.push({ where, id, problem: messageOf(error) });
      }
    }
    return await use(opened);
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}

/** Whole steps of a run, engine beside engine, after one each to warm up. */
export function measureExitSteps(
  setting: Setting,
  ids: readonly string[],
  absent: Absent[],
): Promise<ExitSteps> {
  const { where, size, rounds, log } = setting;
  return withEngines(setting, ids, absent, async (opened) => {
    const engines = opened.map((engine) => ({
      ...engine,
      steps: new Array<Reply<'exitStep'>>(),
    }));
    log(`${where} ${size}: first whole steps of a run`);
    for (const { client } of engines) await client.ask('exitStep');
    for (let round = 1; round <= rounds; round++) {
      log(`${where} ${size}: whole step ${round} of ${rounds}`);
      for (const { client, steps } of engines) steps.push(await client.ask('exitStep'));
    }
    return { where, size, engines: engines.map(({ id, label, steps }) => ({ id, label, steps })) };
  });
}

/** Sequences in a batch: 1k to 32k tokens. */
const BATCHES = [16, 32, 64, 128, 256, 512];

/** Training steps at growing batches; each batch in turn, round by round, after one step to warm up. */
export function measureGrowth(
  setting: Setting,
  ids: readonly string[],
  absent: Absent[],
): Promise<Growth[]> {
  const { where, size, rounds, log } = setting;
  return withEngines(setting, ids, absent, async (opened) => {
    const growths: Growth[] = [];
    for (const { id, label, client } of opened) {
      const points = BATCHES.map((batch) => ({ batch, ms: new Array<number>() }));
      for (let round = 1; round <= rounds; round++) {
        log(`${where} ${size} ${id}: growing batches, round ${round} of ${rounds}`);
        for (const { batch, ms } of points) {
          await client.ask('prepare', { batch });
          await client.ask('train');
          ms.push((await client.ask('train')).ms);
        }
      }
      const measured = points.map(({ batch, ms }) => ({ tokens: batch * TIME, ms }));
      growths.push({ where, size, id, label, points: measured });
    }
    return growths;
  });
}

/** Small steps of sampling and updating, with a look at the memory after each number of `steps`. */
export function measureSoak(
  setting: Setting,
  ids: readonly string[],
  absent: Absent[],
  steps: readonly number[],
): Promise<Soak[]> {
  const { where, log } = setting;
  return withEngines(setting, ids, absent, async (opened) => {
    const soaks: Soak[] = [];
    for (const { id, label, client } of opened) {
      const readings: Soak['readings'][number][] = [];
      let taken = 0;
      for (const count of steps) {
        log(`${where} ${id}: ${count} small steps`);
        readings.push({ steps: count, ...(await client.ask('soak', { steps: count - taken })) });
        taken = count;
      }
      soaks.push({ where, id, label, readings });
    }
    return soaks;
  });
}

/** Sequences and prompts where WebGPU is counted: a software adapter takes its time. */
const COUNTED_BATCH = 8;

/** One training step and one sampling, after one each to compile. */
export function countDispatches(
  setting: Setting,
  ids: readonly string[],
  absent: Absent[],
): Promise<Dispatches[]> {
  const { where, size, log } = setting;
  return withEngines(setting, ids, absent, async (opened) => {
    const all: Dispatches[] = [];
    for (const { id, label, client } of opened) {
      log(`${size} ${id}: dispatches`);
      try {
        await client.ask('prepare', { batch: COUNTED_BATCH });
        await client.ask('train');
        await client.ask('sample');
        const train = await client.ask('dispatches', { phase: 'train' });
        const sample = await client.ask('dispatches', { phase: 'sample' });
        all.push({ size, id, label, batch: COUNTED_BATCH, phases: { train, sample } });
      } catch (error) {
        absent.push({ where, id, problem: messageOf(error) });
      }
    }
    return all;
  });
}
