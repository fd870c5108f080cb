/** Test support: a session that invents plausible numbers behind the real protocol. Never shipped. */
import type { Evaluation, ParamChange } from '../../schema/records.ts';
import type { MetricRow } from '../../schema/metrics.ts';
import type { Config, ParamId } from '../../schema/params.ts';
import { Archive } from '../../runs/index/archive.ts';
import { createBufferViewer } from '../../runs/index/buffer-view.ts';
import { archiveHandlers } from '../../worker/archive-handlers.ts';
import { profileOf } from '../../runs/index/profile.ts';
import type { SessionInfo } from '../../training/session-info.ts';
import type { DepthProfile } from '../../runs/index/queries.ts';
import type { Emit, Handlers } from '../../worker/wire.ts';
import { fakeLineage } from './fakeLineage.ts';
import { fakeEvaluation, fakeRow, fakeStep, noise } from './fakeRecords.ts';

export interface FakeOptions {
  /** Steps that are there as soon as training starts. */
  readonly history: number;
  /** Why loading fails; null if it does not. */
  readonly fails: string | null;
  readonly loadingMs: number;
  /** Histories of a lineage that is invented whatever was trained; 0 shows what was. */
  readonly tree: number;
}

const EVERY_MS = 250;
const STEPS_PER_EVENT = 1;

interface Fake {
  archive: Archive;
  config: Config | null;
  step: number;
  timer: ReturnType<typeof setInterval> | undefined;
  marks: ParamChange[];
}

export function createFakeSession(emit: Emit, options: FakeOptions): Handlers {
  const fake: Fake = { archive: new Archive(), config: null, step: 0, timer: undefined, marks: [] };
  const pause = (): void => {
    clearInterval(fake.timer);
    fake.timer = undefined;
    emit('running', false);
  };
  const viewBuffer = createBufferViewer();
  const info = (): SessionInfo => infoOf(fake);
  const begin = (): SessionInfo => {
    Object.assign(fake, { step: 0, marks: [], archive: new Archive() });
    return info();
  };
  return {
    load: async ({ config }) => {
      await pretendToLoad(emit, options);
      fake.config = config;
      return begin();
    },
    yieldToInput: () => null,
    play: () => {
      if (fake.step === 0 && options.history > 0) advance(fake, emit, options.history);
      fake.timer = setInterval(() => advance(fake, emit, STEPS_PER_EVENT), EVERY_MS);
      emit('running', true);
      return null;
    },
    pause: () => {
      pause();
      return null;
    },
    step: () => {
      advance(fake, emit, 1);
      return null;
    },
    reset: begin,
    newSeed: ({ seed }) => {
      if (fake.config) fake.config = { ...fake.config, seed };
      return begin();
    },
    set: ({ values }) => {
      setValues(fake, values, emit);
      return null;
    },
    evaluate: ({ split }) => {
      const evaluation = { ...fakeEvaluation(fake.step), split };
      emit('evaluation', evaluation);
      return evaluation;
    },
    inspectModel: () => Promise.reject(new Error('model: got one, expected none here')),
    example: () => ({ text: 'A3 B11 C0 = v1 v0 v2 v2' }),
    read: ({ text }) => {
      if (text === '') throw new Error('lock: got "", expected descriptors = dials');
      return { instance: { descriptors: [3, 11, 0], shifts: [0, 1, 0, 2] }, turns: 1 };
    },
    readTable: () => null,
    attempt: ({ latest }) => {
      const step = latest ? 40 : 0;
      const { quality, tokens, feedback } = fakeStep(step).groups[0]!.completions[0]!;
      return { attempt: { quality, tokens, feedback }, solved: quality === 1, step: fake.step };
    },
    ...archiveHandlers(
      () => fake.archive,
      () => (instance) => JSON.stringify(instance),
    ),
    ...(options.tree > 0 ? { lineage: () => fakeLineage(options.tree) } : {}),
    tokenStats: ({ step, group }) =>
      fake.archive.record(step)?.groups[group]?.completions.map(({ logprobs }) => ({
        logprobs: logprobs.map((value, i) => value + 0.2 * noise(step, i)),
        entropies: logprobs.map((_, i) => 0.6 + 0.4 * noise(step, 7 + i)),
      })) ?? null,
    buffer: (query) =>
      viewBuffer({ entries: fake.archive.bufferSnapshot(), step: fake.step }, query),
    record: () => ({ path: 'exit-lab-fake.bin', bytes: new Uint8Array() }),
    export: () => ({ path: 'exit-lab-fake.zip', bytes: new Uint8Array([80, 75, 3, 4]) }),
    import: ({ bytes }) => {
      if (bytes[0] !== 80) throw new Error('the file is not a zip archive');
      const rows = Array.from({ length: 40 }, (_, i) => fakeRow(i + 1));
      Object.assign(fake, { step: 40, marks: [] });
      return { ...info(), rows, marks: [], evaluations: [], profiles: [], latest: null };
    },
    open: () => {
      throw new Error('nothing is kept');
    },
    save: () => null,
    ping: () => null,
    dispose: () => {
      pause();
      return null;
    },
  };
}

function infoOf({ config, step }: Fake): SessionInfo {
  if (config === null) throw new Error('nothing is loaded');
  return {
    config,
    backend: {
      name: 'wasm',
      reason: 'This browser offers no WebGPU adapter, so WebAssembly is used.',
    },
    parameters: 104_000,
    step,
    origin: 'the shipped base policy for locks, nano',
    vocabulary: [],
    domains: [
      {
        id: 'locks',
        label: 'Locks, small',
        summary: 'Find the right value of 4 dials.',
        splits: [{ id: 'test', label: 'held out', summary: 'Descriptors never trained on.' }],
        typed: true,
        tables: false,
      },
    ],
  };
}

async function pretendToLoad(emit: Emit, { loadingMs, fails }: FakeOptions): Promise<void> {
  for (let done = 0; done < 4; done++) {
    emit('loading', { message: 'Reading the base policy', done, total: 4 });
    await new Promise((resolve) => setTimeout(resolve, loadingMs / 4));
  }
  if (fails !== null) throw new Error(fails);
}

function advance(fake: Fake, emit: Emit, steps: number): void {
  const rows: MetricRow[] = [];
  const profiles: DepthProfile[] = [];
  for (let i = 0; i < steps; i++) {
    fake.step++;
    const row = fakeRow(fake.step);
    const record = fakeStep(fake.step);
    fake.archive.add(record);
    profiles.push(profileOf(record));
    if (fake.step % 10 !== 1) rows.push(row);
    else {
      const evaluation = fakeEvaluation(fake.step);
      emit('evaluation', { ...evaluation, split: 'test' });
      rows.push({ ...row, ...heldOut(evaluation) });
    }
  }
  emit('progress', { rows, profiles, latest: fakeStep(fake.step) });
}

function heldOut({ quality, resampleQuality }: Evaluation): Partial<MetricRow> {
  const mean = (list: Evaluation['quality'], k: number): number => list[k]?.mean ?? 0;
  return {
    'eval/quality_0': mean(quality, 0),
    'eval/quality_1': mean(quality, 1),
    'eval/quality_4': mean(quality, 4),
    'eval/quality_16': mean(quality, 16),
    'eval/resample_best': mean(resampleQuality, 16),
  };
}

function setValues(fake: Fake, values: Partial<Config>, emit: Emit): void {
  const before = fake.config;
  if (before === null) return;
  fake.config = { ...before, ...values };
  const marks = (Object.keys(values) as ParamId[])
    .filter((param) => values[param] !== before[param])
    .map((param) => ({
      step: fake.step + 1,
      param,
      from: before[param],
      to: values[param] ?? before[param],
    }));
  fake.marks.push(...marks);
  if (fake.step > 0 && marks.length > 0) emit('marks', fake.marks);
}
