/**
 * A stretch of a run's steps as one compressed file that is read without any other: where it begins, what
 * earlier steps have said is said again.
 */
import * as v from 'valibot';
import { RECORDS_VERSION, type StepRecord } from '../../schema/records.ts';
import { checkObject, decodeText, encodeText, parseJson, RunFormatError } from '../checks.ts';
import { concat, frameBytes, readFrames } from './frames.ts';
import { StepDecoder, StepEncoder } from './step-codec.ts';

const FORMAT = 'exit-lab steps';
const KIND = { head: 0, step: 1 } as const;
/** Many times what a writer puts into one. */
const MOST_BYTES = 2 ** 28;

const Head = v.looseObject({
  format: v.literal(FORMAT, `"${FORMAT}"`),
  version: v.pipe(
    v.number(`${RECORDS_VERSION} or before`),
    v.integer(`${RECORDS_VERSION} or before`),
    v.minValue(1, `${RECORDS_VERSION} or before`),
    v.maxValue(RECORDS_VERSION, `${RECORDS_VERSION} or before`),
  ),
});

/** Takes steps one by one, and can be turned into a file after each. */
export class SegmentEncoder {
  private readonly encoder = new StepEncoder();
  private readonly frames: Uint8Array[] = [];
  /** Before compression. */
  bytes = 0;

  constructor() {
    const head = { format: FORMAT, version: RECORDS_VERSION };
    this.push(KIND.head, encodeText(JSON.stringify(head)));
  }

  /** Steps must come in their order. */
  add(record: StepRecord): void {
    this.push(KIND.step, this.encoder.encode(record));
  }

  private push(kind: number, payload: Uint8Array): void {
    const frame = frameBytes(kind, payload);
    this.frames.push(frame);
    this.bytes += frame.length;
  }

  /** All steps so far, as a file. */
  async compressed(): Promise<Uint8Array<ArrayBuffer>> {
    const stream = streamOf(concat(this.frames)).pipeThrough(new CompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }
}

/**
 * The steps of a segment in their order.
 * @param file its name, for messages.
 * @throws RunFormatError naming the file and what is wrong with it.
 */
export async function* decodeSegment(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
): AsyncGenerator<StepRecord> {
  let decoder: StepDecoder | undefined;
  try {
    for await (const { kind, payload } of readFrames(streamOf(bytes), MOST_BYTES)) {
      if (kind === KIND.step && decoder) yield decoder.decode(payload);
      else if (kind === KIND.head && !decoder) decoder = new StepDecoder(versionOf(file, payload));
      else
        throw new RunFormatError(file, `got a frame of kind ${kind}, expected a head, then steps`);
    }
  } catch (cause) {
    if (cause instanceof RunFormatError) throw cause;
    throw new RunFormatError(file, `is damaged: ${(cause as Error).message}`, { cause });
  }
}

function versionOf(file: string, payload: Uint8Array): number {
  return checkObject(file, Head, parseJson(file, decodeText(file, payload))).version;
}

function streamOf(bytes: Uint8Array<ArrayBuffer>): ReadableStream<BufferSource> {
  return new Blob([bytes]).stream();
}
