import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleOf } from '../../training/export.ts';
import type { Session } from '../../training/session.ts';
import type { RunBundle } from '../bundle.ts';
import { fromFiles } from '../bundle.ts';
import type { StepRecord } from '../../schema/records.ts';
import { openAlternating, type PlainFolder } from './drivers/alternating.ts';
import { memoryFiles } from './drivers/memory.ts';
import { Faults, faultyPlainFolder } from './faults.testing.ts';
import type { AtomicFiles, Bytes } from './files.ts';
import { readBundle, recordsOf } from './reader.ts';
import { all, newSession } from './store.testing.ts';
import { RunWriter } from './writer.ts';

/** The same run after each of its steps: as a writer gets it. */
const states: { readonly record?: StepRecord; readonly bundle: RunBundle }[] = [];
let session: Session;

beforeAll(async () => {
  session = await newSession();
  states.push({ bundle: structuredClone(await bundleOf(session)) });
  for (let i = 0; i < 12; i++) {
    const { record } = await session.step();
    states.push({ record, bundle: structuredClone(await bundleOf(session)) });
  }
});

afterAll(() => session.dispose());

const now = (): number => 7;

/** Saves after each so many steps. */
async function written(writer: RunWriter, { from = 0, to = 12, every = 1 } = {}): Promise<void> {
  for (let step = from; step <= to; step++) {
    const { record, bundle } = states[step]!;
    if (record) writer.add(record);
    if (step % every === 0) await writer.save(bundle);
  }
}

async function expectWhole(files: AtomicFiles, step: number): Promise<void> {
  expect(await readBundle(files)).toEqual(states[step]!.bundle);
  expect((await all(recordsOf(files))).map((record) => record.step)).toEqual(
    Array.from({ length: step }, (_, i) => i + 1),
  );
}

describe('a writer', () => {
  it('keeps one growing segment and one file of metrics while they are small', async () => {
    const files = memoryFiles();
    await written(await RunWriter.open(files, { now }));
    const paths = [...files.list().keys()].sort();
    expect(paths).toEqual([
      ...['README.md', 'about.json', 'checkpoints/0.zip', 'config.json', 'generation_config.json'],
      ...['metrics.jsonl', 'model.safetensors', 'run.json', 'steps/000001-000012.bin'],
      ...['tokenizer.json', 'tokenizer_config.json', 'training_state.safetensors'],
    ]);
    await expectWhole(files, 12);
  });

  it('takes down what the run is when it is told to save, whatever follows while that is written', async () => {
    const files = memoryFiles();
    const writer = await RunWriter.open(files, { now });
    await written(writer, { to: 4 });
    const [five, six] = [states[5]!, states[6]!];
    writer.add(five.record!);
    const saving = writer.save(five.bundle);
    writer.add(six.record!);
    await saving;
    await expectWhole(files, 5);
    await writer.save(six.bundle);
    await expectWhole(files, 6);
  });

  it('does one save after the other', async () => {
    const files = memoryFiles();
    const writer = await RunWriter.open(files, { now });
    await written(writer, { to: 2 });
    const before = files.generation;
    const { bundle } = states[2]!;
    await Promise.all([writer.save(bundle), writer.save(bundle), writer.save(bundle)]);
    expect(files.generation).toBe(before + 3);
    await expectWhole(files, 2);
  });

  it('begins new files where they are full, and writes none of them again', async () => {
    const files = memoryFiles();
    const sizes = { steps: 3000, metrics: 3000 };
    await written(await RunWriter.open(files, { now, sizes }));
    const paths = [...files.list().keys()];
    expect(paths.filter((path) => path.startsWith('steps/')).length).toBeGreaterThan(2);
    expect(paths.filter((path) => path.startsWith('metrics/')).length).toBeGreaterThan(1);
    await expectWhole(files, 12);
  });

  it.each([1, 2, 4])('goes on where another one ended, saving every %d steps', async (every) => {
    const files = memoryFiles();
    const sizes = { steps: 5000, metrics: 2500 };
    for (let from = 0; from < 12; from += 4) {
      const writer = await RunWriter.open(files, { now, sizes });
      await written(writer, { from: from === 0 ? 0 : from + 1, to: from + 4, every });
    }
    await expectWhole(files, 12);
  });

  it('puts all metrics into one file at the end', async () => {
    const files = memoryFiles();
    const writer = await RunWriter.open(files, { now, sizes: { steps: 3000, metrics: 2000 } });
    await written(writer);
    await writer.save(states[12]!.bundle, { whole: true });
    expect([...files.list().keys()].filter((path) => path.startsWith('metrics'))).toEqual([
      'metrics.jsonl',
    ]);
    await expectWhole(files, 12);
  });

  it('leaves a run that is read whole wherever it is stopped', async () => {
    for (let at = 0, happened = true; happened; at++) {
      const folder = plainFolder();
      const first = await RunWriter.open(await openAlternating(folder), { now, keepEvery: 1 });
      await written(first, { to: 4, every: 2 });
      const faults = new Faults({ at, kind: 'dies' });
      await goOn(faultyPlainFolder(folder, faults)).catch(() => undefined);
      happened = faults.happened;
      const files = await openAlternating(folder);
      const { run } = await readBundle(files);
      expect(happened ? [4, 6, 8] : [8]).toContain(run!.step);
      await expectWhole(files, run!.step);
    }
  });

  it('writes what a failed save could not with the next one', async () => {
    for (let at = 0, happened = true; happened; at++) {
      const folder = plainFolder();
      const faults = new Faults({ at, kind: 'fails' });
      const files = await openAlternating(faultyPlainFolder(folder, faults));
      const writer = await RunWriter.open(files, { now, sizes: { steps: 3000, metrics: 2000 } });
      for (const [step, { record, bundle }] of states.entries()) {
        if (record) writer.add(record);
        const isLast = step === states.length - 1;
        if (step % 4 === 0) await writer.save(bundle).catch(() => undefined);
        if (isLast) await writer.save(bundle);
      }
      await expectWhole(await openAlternating(folder), 12);
      happened = faults.happened && at < 60;
    }
  });

  it('carries the steps of an earlier run along', async () => {
    const files = memoryFiles();
    await written(await RunWriter.open(files, { now }), { to: 4 });
    const paths = [...files.list().keys()].filter((path) => !path.startsWith('checkpoints/'));
    const contents = await Promise.all(
      paths.map(async (path) => ({ path, bytes: await files.read(path) })),
    );
    const { steps } = fromFiles(contents);
    const other = memoryFiles();
    const writer = await RunWriter.open(other, { now, carried: steps ?? [] });
    await written(writer, { from: 5 });
    await expectWhole(other, 12);
  });
});

async function goOn(folder: PlainFolder): Promise<void> {
  const writer = await RunWriter.open(await openAlternating(folder), { now, keepEvery: 1 });
  await written(writer, { from: 5, to: 8, every: 2 });
}

function plainFolder(): PlainFolder {
  const files = new Map<string, Bytes>();
  return {
    read: async (name) => files.get(name)?.slice(),
    names: async () => [...files.keys()],
    write: async (name, bytes) => void files.set(name, bytes.slice()),
    remove: async (name) => void files.delete(name),
  };
}
