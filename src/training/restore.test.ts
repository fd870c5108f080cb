import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { NamedTensor, PolicySnapshot } from '../model/policy.ts';
import { fromFiles, toFiles, type RunBundle } from '../runs/bundle.ts';
import { unzip } from '../runs/zip.ts';
import { DEFAULT_CONFIG, PARAM_IDS, type Config } from '../schema/params.ts';
import { tokenizerOf } from '../base/tokenizer.ts';
import { createSession, restoreSession, type Platform } from './create-session.ts';
import { exportFiles } from './export.ts';

const PLATFORM: Platform = {
  assets: (path) => Promise.reject(new Error(`${path}: not there`)),
  clock: () => 0,
  onLoading: () => undefined,
};

const CONFIG: Config = {
  ...DEFAULT_CONFIG,
  ...{ backend: 'wasm', init: 'scratch', warmStartSteps: 80, hiddenSize: 32, numLayers: 1 },
  ...{ numHeads: 2, intermediateSize: 48, batchGroups: 4, groupSize: 4, bufferMin: 2 },
  ...{ bufferCapacity: 8, klBeta: 0.01, evalEvery: 0, evalTasks: 8, evalDepth: 2 },
};

describe('an export of commit 24e1fad', () => {
  const url = new URL('../runs/fixtures/export-of-24e1fad.zip', import.meta.url);
  const bundle = fromFiles(unzip(new Uint8Array(readFileSync(url))));

  it('opens with all that it holds', () => {
    expect(bundle.run).toMatchObject({
      step: 8,
      config: { task: 'locks', bufferCapacity: 64, hiddenSize: 16, priority: 'rank' },
      marks: [{ step: 7, param: 'priority', from: 'softmax', to: 'rank' }],
    });
    expect(Object.keys(bundle.run!.config).sort()).toEqual([...PARAM_IDS].sort());
    expect(bundle.run!.evaluations.map(({ step, depth }) => [step, depth])).toEqual([
      [0, 16],
      [3, 16],
      [6, 16],
    ]);
    expect(bundle.rows.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('goes on, and can be exported again', async () => {
    const session = await restoreSession(bundle, DEFAULT_CONFIG, PLATFORM);
    expect(session.buffer().entries).toHaveLength(64);
    const before = await session.policy.save();
    const rows = [(await session.step()).row, (await session.step()).row];
    expect(rows.map(({ step }) => step)).toEqual([9, 10]);
    expect(rows.every(({ loss }) => Number.isFinite(loss))).toBe(true);
    expect((await session.policy.save()).weights).not.toEqual(before.weights);
    const again = fromFiles(await exportFiles(session));
    expect(again.run).toMatchObject({ step: 10, marks: bundle.run!.marks });
    session.dispose();
  });
});

/** The bundle with its vocabulary in another order: row i of the embeddings becomes row `order[i]`'s. */
function reordered({ words, snapshot, ...rest }: RunBundle, order: readonly number[]): RunBundle {
  const tensor = (one: NamedTensor): NamedTensor => {
    const [rows, width] = one.shape;
    if (rows !== words.length) return one;
    const values = new Float32Array(one.values.length);
    order.forEach((from, to) => {
      values.set(one.values.subarray(from * width!, (from + 1) * width!), to * width!);
    });
    return { ...one, values };
  };
  const own = order.map((id) => words[id]!);
  const { padId, bosId, eosId } = tokenizerOf(own);
  const { optimizer, reference } = snapshot;
  const moved: PolicySnapshot = {
    config: { ...snapshot.config, padId, bosId, eosId },
    weights: snapshot.weights.map(tensor),
    ...(optimizer && {
      optimizer: { ...optimizer, m: optimizer.m.map(tensor), v: optimizer.v.map(tensor) },
    }),
    ...(reference && { reference: reference.map(tensor) }),
  };
  return { ...rest, words: own, snapshot: moved };
}

describe('special tokens at other ids', () => {
  it('import, run and export again', async () => {
    const original = await createSession(CONFIG, PLATFORM);
    await original.step();
    const bundle = fromFiles(await exportFiles(original));
    const last = bundle.words.length - 1;
    // <pad> in the middle, <bos> and <eos> at the end.
    const order = bundle.words.map((_, i) => (i + 3 + (last >> 1)) % (last + 1)).reverse();
    const other = reordered(bundle, order);
    const { padId, bosId, eosId } = other.snapshot.config;
    expect(Math.min(padId, bosId, eosId)).toBeGreaterThan(2);

    const session = await restoreSession(other, CONFIG, PLATFORM);
    // Greedy: samples would depend on the order of the words.
    const greedy = { evalTemperature: 0 };
    const [own, theirs] = [await session.evaluate(greedy), await original.evaluate(greedy)];
    expect(own.quality).toEqual(theirs.quality);
    expect(own.quality[0]!.mean).toBeGreaterThan(0);

    const untouched = fromFiles(await exportFiles(session));
    expect(untouched.words).toEqual(other.words);
    expect(untouched.snapshot).toEqual(other.snapshot);
    const { record } = await session.step();
    expect(record.groups.flatMap(({ completions }) => completions)).toHaveLength(16);
    expect(record.groups.every(({ prompt }) => prompt[0] === '<bos>')).toBe(true);
    const after = fromFiles(await exportFiles(session));
    expect(after.run?.step).toBe(2);
    expect(fromFiles(toFiles(after))).toEqual(after);
    original.dispose();
    session.dispose();
  });
});
