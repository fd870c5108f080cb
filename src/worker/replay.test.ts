import { afterEach, describe, expect, it, vi } from 'vitest';
import { createClient, type Client } from './client.ts';
import type { Events } from './protocol.ts';
import { createEmit, serve } from './wire.ts';
import { compress, recordSome, streamOf } from '../runs/recording/recording.testing.ts';
import { createReplay } from './replay.ts';
import type { Task } from '../tasks/task.ts';

const STEPS = 8;
const recording = await recordSome(STEPS);
const file = compress(recording);
type Domain = Pick<Task, 'id' | 'format'>;
const SPOKEN: Domain = { id: 'locks', format: (instance) => `lock ${JSON.stringify(instance)}` };
const REQUEST = { config: recording.info.config, assetBase: 'https://example.test/' };
const closers: (() => void)[] = [];

interface Page {
  readonly client: Client;
  readonly progress: Events['progress'][];
  readonly evaluations: Events['evaluation'][];
  readonly running: boolean[];
  readonly control: Events['control'][];
  readonly wait: (ms: number) => void;
}

/** A replay behind the real wire, with a clock of its own. */
function open(still = false, bytes = file, domain: Domain = SPOKEN): Page {
  const { port1, port2 } = new MessageChannel();
  let now = 0;
  const stop = serve(
    port2,
    createReplay({
      emit: createEmit(port2),
      open: () => Promise.resolve(streamOf(bytes)),
      still,
      clock: () => now,
      domain: () => Promise.resolve(domain),
    }),
  );
  const client = createClient(port1);
  const page: Page = {
    ...{ client, progress: [], evaluations: [], running: [], control: [] },
    wait: (ms) => void (now += ms),
  };
  client.on('progress', (event) => page.progress.push(event));
  client.on('evaluation', (event) => page.evaluations.push(event));
  client.on('running', (event) => page.running.push(event));
  client.on('control', (event) => page.control.push(event));
  closers.push(() => {
    stop();
    client.close();
    port1.close();
    port2.close();
  });
  return page;
}

const stepsOf = ({ progress }: Page): number[] =>
  progress.flatMap(({ rows }) => rows.map(({ step }) => step));
const ALL = Array.from({ length: STEPS }, (_, i) => i + 1);

afterEach(() => closers.splice(0).forEach((close) => close()));

describe('a recording that plays', () => {
  it('shows every step once, at its pace, and comes to rest', async () => {
    const page = open();
    expect(await page.client.call('load', REQUEST)).toEqual(recording.info);
    await page.client.call('play');
    page.wait(300);
    await vi.waitFor(() => expect(page.progress.length).toBeGreaterThan(0));
    const early = stepsOf(page).length;
    expect(early).toBeGreaterThan(0);
    expect(early).toBeLessThan(STEPS);
    page.wait(10_000);
    await vi.waitFor(() => expect(page.running).toEqual([true, false]), { timeout: 10_000 });
    expect(stepsOf(page)).toEqual(ALL);
    const profiles = page.progress.flatMap((event) => event.profiles);
    expect(profiles.map(({ count }) => count)).toEqual(
      recording.controls[0]!.profiles.map(({ count }) => count),
    );
    expect(page.evaluations.map(({ step }) => step)).toEqual(
      recording.steps.flatMap(({ evaluations }) => evaluations.map(({ step }) => step)),
    );
    expect(page.control.map(({ evaluations }) => evaluations.length)).toEqual([5]);
  });

  it('stands still at the end where less motion is asked for', async () => {
    const page = open(true);
    await page.client.call('load', REQUEST);
    await page.client.call('play');
    expect(page.progress).toHaveLength(1);
    expect(stepsOf(page)).toEqual(ALL);
    expect(page.running).toEqual([]);
  });

  it('begins again after a reset', async () => {
    const page = open(true);
    await page.client.call('load', REQUEST);
    await page.client.call('play');
    await page.client.call('reset');
    expect(await page.client.ask('stepRecord', { step: 1 })).toBeNull();
    await page.client.call('step');
    expect(stepsOf(page)).toEqual([...ALL, 1]);
  });

  it('shows what has arrived of a file that breaks off', async () => {
    const page = open(true, file.slice(0, Math.floor(file.length * 0.7)));
    await page.client.call('load', REQUEST);
    await page.client.call('play');
    expect(stepsOf(page).length).toBeGreaterThan(0);
    expect(stepsOf(page).length).toBeLessThan(STEPS);
  });
});

describe('a recording beside the page', () => {
  const named = { ...REQUEST, recording: 'run.bin' };

  it('plays as the shipped one does, its controls and changes with it', async () => {
    const mark = { step: 3, param: 'temperature', from: 1, to: 0.5 } as const;
    const page = open(true, compress({ ...recording, marks: [mark] }));
    const marks: Events['marks'][] = [];
    page.client.on('marks', (event) => marks.push(event));
    expect(await page.client.call('load', named)).toEqual(recording.info);
    await page.client.call('play');
    expect(stepsOf(page)).toEqual(ALL);
    expect(page.control).toHaveLength(1);
    expect(marks).toEqual([[mark]]);
  });

  it.each([
    ['breaks off', file.slice(0, Math.floor(file.length * 0.7))],
    ['is of other bytes', new Uint8Array(400).fill(7)],
    ['lacks steps', compress({ ...recording, steps: recording.steps.slice(0, 3) })],
    ['is empty', new Uint8Array(0)],
  ])('is refused where it %s, and nothing of it is told', async (_, bytes) => {
    const page = open(true, bytes);
    await expect(page.client.call('load', named)).rejects.toThrow(
      /^it is damaged, or no recording/,
    );
    expect([page.control, page.progress, page.evaluations]).toEqual([[], [], []]);
  });
});

describe('questions', () => {
  it('are answered for what was shown, and for nothing that comes later', async () => {
    const page = open();
    await page.client.call('load', REQUEST);
    await page.client.call('dispose');
    for (let i = 0; i < 3; i++) await page.client.call('step');
    const { groups } = (await page.client.ask('stepRecord', { step: 3 }))!;
    const tokens = (list: typeof groups) =>
      list.map(({ completions }) => completions.map((one) => one.tokens));
    expect(tokens(groups)).toEqual(tokens(recording.steps[2]!.record.groups));
    expect(await page.client.ask('stepRecord', { step: 4 })).toBeNull();
    const sort = { by: 'score', descending: true } as const;
    const any = { depth: null, bin: null, modes: [], text: '' };
    const buffer = await page.client.ask('buffer', { ...any, sort, offset: 0, limit: 5 });
    expect(buffer.step).toBe(3);
    expect(buffer.size).toBeGreaterThan(0);
    expect(await page.client.ask('tokenStats', { step: 1, group: 0 })).toBeNull();
  });

  it('are answered in the words of the domain, where it is the one that was recorded', async () => {
    const named = async (domain?: Domain): Promise<readonly (string | null)[]> => {
      const page = open(true, file, domain);
      await page.client.call('load', REQUEST);
      await page.client.call('play');
      const tasks = await page.client.ask('tasks', { limit: 50 });
      return tasks.map(({ text }) => text);
    };
    const instances = new Set(
      recording.steps.flatMap(({ record }) =>
        record.groups.map(({ start }) => SPOKEN.format?.(start.instance)),
      ),
    );
    const names = await named();
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(instances).toContain(name);
    expect(new Set(await named({ id: 'countdown', format: () => 'no lock' }))).toEqual(
      new Set([null]),
    );
  });

  it('that take a policy are refused in words', async () => {
    const page = open();
    await page.client.call('load', REQUEST);
    await expect(page.client.call('export')).rejects.toThrow('this is a recording');
    await expect(page.client.call('evaluate', { split: 'test' })).rejects.toThrow('press play');
  });
});
