/**
 * A run as an event file of TensorBoard: every metric of every step as a scalar, and the parameters as a
 * text. Records are those of TFRecord (https://www.tensorflow.org/tutorials/load_data/tfrecord), each a
 * message of https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto.
 */
import { PbfWriter } from 'pbf';
import { concat } from '../runs/recording/frames.ts';
import type { MetricRow } from '../schema/metrics.ts';
import type { Config } from '../schema/params.ts';
import { crc32c } from './crc32c.ts';

const FILE_VERSION = 'brain.Event:2';
/** The type of a tensor of texts. */
const DT_STRING = 7;

/**
 * The time of an event is that spent in steps, in seconds from 0: a run does not hold when it was trained.
 *
 * @param rows what was measured, one row per step; values are rounded to float32.
 */
export function writeEvents(rows: readonly MetricRow[], config: Config): Uint8Array<ArrayBuffer> {
  const records = [
    record({ seconds: 0, step: 0 }, (event) => event.writeStringField(3, FILE_VERSION)),
    record({ seconds: 0, step: 0 }, (event) => event.writeMessage(5, writeConfig, config)),
  ];
  let seconds = 0;
  for (const row of rows) {
    seconds += (row.step_time ?? 0) / 1000;
    const at = { seconds, step: row.step };
    records.push(record(at, (event) => event.writeMessage(5, writeScalars, row)));
  }
  return concat(records);
}

/** An event as a TFRecord: its length, the length's checksum, the message, its checksum. */
function record(
  { seconds, step }: { readonly seconds: number; readonly step: number },
  write: (event: PbfWriter) => void,
): Uint8Array<ArrayBuffer> {
  const event = new PbfWriter();
  // Zero is what is read where nothing stands.
  if (seconds !== 0) event.writeDoubleField(1, seconds);
  if (step !== 0) event.writeVarintField(2, step);
  write(event);
  const message = event.finish();
  const bytes = new Uint8Array(8 + 4 + message.length + 4);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(message.length), true);
  view.setUint32(8, maskedCrc(bytes.subarray(0, 8)), true);
  bytes.set(message, 12);
  view.setUint32(12 + message.length, maskedCrc(message), true);
  return bytes;
}

/** Turned and shifted, so that the checksum of bytes that hold checksums is none of theirs. */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

function writeScalars(row: MetricRow, summary: PbfWriter): void {
  for (const [tag, value] of Object.entries(row)) {
    if (tag !== 'step') summary.writeMessage(1, writeScalar, { tag, value });
  }
}

function writeScalar(
  { tag, value }: { readonly tag: string; readonly value: number },
  out: PbfWriter,
): void {
  out.writeStringField(1, tag);
  out.writeFloatField(2, value);
}

/** A value that TensorBoard's text plugin shows, as a table in Markdown. */
function writeConfig(config: Config, summary: PbfWriter): void {
  const rows = Object.entries(config).map(([name, value]) => `| ${name} | ${String(value)} |`);
  const table = ['| parameter | value |', '| --- | --- |', ...rows].join('\n');
  summary.writeMessage(1, writeText, { tag: 'config/text_summary', text: table });
}

function writeText({ tag, text }: { readonly tag: string; readonly text: string }, out: PbfWriter) {
  out.writeStringField(1, tag);
  out.writeMessage(8, writeTextTensor, text);
  out.writeMessage(9, writeTextPlugin, null);
}

/** A scalar: its shape is there, and empty. */
function writeTextTensor(text: string, out: PbfWriter): void {
  out.writeVarintField(1, DT_STRING);
  out.writeMessage(2, () => undefined, null);
  out.writeStringField(8, text);
}

function writeTextPlugin(_: null, out: PbfWriter): void {
  out.writeMessage(1, (__, plugin) => plugin.writeStringField(1, 'text'), null);
}
