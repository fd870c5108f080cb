import { PbfReader } from 'pbf';
import { expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import { writeEvents } from './tensorboard.ts';

/** A record of a TFRecord file, without its checksums, which TensorBoard's own reader checks. */
function recordsIn(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer);
  const records: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(view.getBigUint64(at, true));
    records.push(bytes.subarray(at + 12, at + 12 + length));
    at += 12 + length + 4;
  }
  return records;
}

interface Event {
  seconds: number;
  step: number;
  version?: string;
  values: [tag: string, value: number | string][];
}

function eventOf(bytes: Uint8Array): Event {
  return new PbfReader(bytes).readFields<Event>(
    (field, event, pbf) => {
      if (field === 1) event.seconds = pbf.readDouble();
      if (field === 2) event.step = pbf.readVarint();
      if (field === 3) event.version = pbf.readString();
      if (field === 5) pbf.readMessage(readSummary, event.values);
    },
    { seconds: 0, step: 0, values: [] },
  );
}

function readSummary(field: number, values: Event['values'], pbf: PbfReader): void {
  if (field !== 1) return;
  const value: Event['values'][number] = ['', NaN];
  pbf.readMessage((inner, to, from) => {
    if (inner === 1) to[0] = from.readString();
    if (inner === 2) to[1] = from.readFloat();
    if (inner === 8) to[1] = new TextDecoder().decode(from.readBytes());
  }, value);
  values.push(value);
}

it('holds every metric of every step, when its step was done, and the parameters', () => {
  const rows = [
    { step: 1, loss: 0.5, step_time: 1500 },
    { step: 300, loss: -0.25, 'start_depth/mean': 2, step_time: 500 },
  ];
  const [version, config, ...steps] = recordsIn(writeEvents(rows, DEFAULT_CONFIG)).map(eventOf);
  expect(version).toMatchObject({ version: 'brain.Event:2', seconds: 0 });
  const [tag, text] = config!.values[0]!;
  expect(tag).toBe('config/text_summary');
  expect(text).toContain(`| groupSize | ${DEFAULT_CONFIG.groupSize} |`);
  expect(steps).toEqual([
    {
      seconds: 1.5,
      step: 1,
      values: [
        ['loss', 0.5],
        ['step_time', 1500],
      ],
    },
    {
      seconds: 2,
      step: 300,
      values: [
        ['loss', -0.25],
        ['start_depth/mean', 2],
        ['step_time', 500],
      ],
    },
  ]);
});

it('begins byte by byte as the library of TensorBoard writes it', () => {
  // RecordWriter of tensorboard 2.21.0, given an event that holds the version alone.
  const first = '0f000000000000006d532b091a0d627261696e2e4576656e743a32fc985129';
  const bytes = writeEvents([], DEFAULT_CONFIG).subarray(0, first.length / 2);
  expect(Buffer.from(bytes).toString('hex')).toBe(first);
});
