import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  COMPLETION,
  RECORDS_VERSION,
  type CompletionRecord,
  type StepRecord,
} from '../../schema/records.ts';
import type { SplitEvaluation } from '../../training/session-info.ts';
import { Archive } from '../index/archive.ts';
import { readRecording, writeRecording, type Frame } from './file.ts';
import { compress, recordSome, streamOf } from './recording.testing.ts';
import { StepDecoder, StepEncoder } from './step-codec.ts';

const recording = await recordSome(8);
const records = recording.steps.map(({ record }) => record);

async function read(stream: ReadableStream<BufferSource>): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of readRecording(stream)) frames.push(frame);
  return frames;
}

function decoded(frames: readonly Frame[]): StepRecord[] {
  const decoder = new StepDecoder();
  return frames.flatMap((frame) => (frame.kind === 'step' ? [decoder.decode(frame.bytes)] : []));
}

const exact = (record: StepRecord): unknown => {
  const rounded = (c: CompletionRecord) => ({ ...c, logprobs: c.logprobs.length, ...NO_ROUNDED });
  const groups = record.groups.map((g) => ({ ...g, completions: g.completions.map(rounded) }));
  return JSON.parse(JSON.stringify({ ...record, groups }), (_, value: unknown) =>
    typeof value === 'number' ? Math.fround(value) : value,
  );
};
const NO_ROUNDED = { baseAdvantage: 0, advantage: 0, diversity: 0 };

const completionsOf = (list: readonly StepRecord[]): CompletionRecord[] =>
  list.flatMap(({ groups }) => groups.flatMap(({ completions }) => completions));

describe('a recording', () => {
  it('gives every step back: exactly, or to the precision that it states', async () => {
    const back = decoded(await read(streamOf(compress(recording))));
    expect(back.map(exact)).toEqual(records.map(exact));
    expect(records.some(({ groups }) => groups.some(({ start }) => start.latest))).toBe(true);
    const [before, after] = [completionsOf(records), completionsOf(back)];
    const near = (a: number, b: number, step: number): void =>
      expect(Math.abs(a - b)).toBeLessThanOrEqual(step / 2 + 1e-6);
    before.forEach((one, i) => {
      const other = after[i]!;
      near(one.advantage, other.advantage, COMPLETION.advantage.rounding.step);
      near(one.baseAdvantage, other.baseAdvantage, COMPLETION.advantage.rounding.step);
      near(one.diversity, other.diversity, COMPLETION.diversity.rounding.step);
      one.logprobs.forEach((value, t) =>
        near(value, other.logprobs[t]!, COMPLETION.logprobs.rounding.step),
      );
    });
  });

  it('answers as the run itself does', async () => {
    const [own, recorded] = [new Archive(), new Archive()];
    records.forEach((record) => own.add(record));
    decoded(await read(streamOf(compress(recording)))).forEach((record) => recorded.add(record));
    const [task] = own.tasks(1);
    expect(recorded.tasks(5)).toEqual(own.tasks(5));
    expect(recorded.lineage(task!.taskId)).toEqual(own.lineage(task!.taskId));
    expect(recorded.bufferSnapshot().map(({ id, uses }) => [id, uses])).toEqual(
      own.bufferSnapshot().map(({ id, uses }) => [id, uses]),
    );
  });

  it('brings what it is of first, evaluations with their steps, and the control last', async () => {
    const frames = await read(streamOf(compress(recording), 7));
    const kinds = recording.steps.flatMap(({ evaluations }) => [
      ...evaluations.map(() => 'evaluation'),
      'step',
    ]);
    expect(frames.map(({ kind }) => kind)).toEqual(['head', ...kinds, 'control']);
    expect(frames[0]).toEqual({ kind: 'head', version: RECORDS_VERSION, info: recording.info });
    const last = frames.at(-1)!;
    if (last.kind !== 'control') throw new Error('the control is not the last');
    expect(last.control.config).toEqual(recording.controls[0]!.config);
    expect(last.control.profiles.map(({ count }) => count)).toEqual(
      recording.controls[0]!.profiles.map(({ count }) => count),
    );
    const curves = last.control.evaluations.map(({ step, quality }) => [step, quality.length]);
    expect(curves).toEqual([0, 2, 4, 6, 8].map((step) => [step, 3]));
    const [before, after] = [recording.controls[0]!, last.control].map(({ evaluations }) =>
      evaluations.flatMap(({ quality }) => quality.map(({ mean }) => mean)),
    );
    before!.forEach((mean, i) => expect(after![i]).toBeCloseTo(mean, 6));
  });
});

describe('a file of before controls were evaluated', () => {
  it('opens, and its control has no evaluations', async () => {
    const bytes = readFileSync('src/runs/recording/fixtures/control-without-evaluations.bin');
    const frames = await read(streamOf(new Uint8Array(bytes)));
    const last = frames.at(-1)!;
    if (last.kind !== 'control') throw new Error('the control is not the last');
    expect(last.control.rows.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    expect(last.control.evaluations).toEqual([]);
    expect(decoded(frames)).toHaveLength(4);
  });
});

describe('the shipped recording', () => {
  it('plays, whatever the tables have become', async () => {
    const bytes = readFileSync('public/recordings/locks-exit.bin');
    const frames = await read(streamOf(new Uint8Array(bytes), 65_536));
    const [head] = frames;
    if (head?.kind !== 'head') throw new Error('no head');
    const decoder = new StepDecoder(head.version);
    const steps = frames.flatMap((frame) =>
      frame.kind === 'step' ? [decoder.decode(frame.bytes)] : [],
    );
    expect(head.info.config.task).toBe('locks');
    expect(steps.map(({ step }) => step)).toEqual(steps.map((_, i) => i + 1));
    const completions = completionsOf(steps);
    expect(completions.length).toBe(
      steps.length * head.info.config.batchGroups * head.info.config.groupSize,
    );
    expect(completions.filter(({ solved }) => solved).length).toBeGreaterThan(1000);
    const evaluations = frames.flatMap((frame) =>
      frame.kind === 'evaluation' ? [frame.evaluation] : [],
    );
    expect(evaluations.length).toBeGreaterThan(2);
    expect(evaluations.every(({ quality, depth }) => quality.length === depth + 1)).toBe(true);
    const control = frames.find((frame) => frame.kind === 'control')!.control;
    const stepsOf = (list: readonly SplitEvaluation[]) =>
      list.map(({ step, split }) => [step, split]);
    expect(stepsOf(control.evaluations)).toEqual(stepsOf(evaluations));
  });
});

describe('what is no recording', () => {
  it('is refused by version, and where it breaks off', async () => {
    const whole = writeRecording(recording);
    const version = Buffer.from(whole).indexOf('"version":') + '"version":'.length;
    const other = gzipSync(whole.map((byte, i) => (i === version ? '9'.charCodeAt(0) : byte)));
    await expect(read(streamOf(new Uint8Array(other)))).rejects.toThrow(
      `version ${RECORDS_VERSION} or before`,
    );
    const broken = gzipSync(whole.slice(0, whole.length - 10));
    await expect(read(streamOf(new Uint8Array(broken)))).rejects.toThrow('middle of a frame');
  });

  it('cannot be read out of order', () => {
    const encoder = new StepEncoder();
    const bytes = records.map((record) => encoder.encode(record));
    expect(() => new StepDecoder().decode(bytes.at(-1)!)).toThrow();
  });
});
