/** Mutants of the compressed steps of a run: of the bytes inside, whose sums are right, and of the records. */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Rng } from '../base/rng.ts';
import { frameBytes } from '../runs/recording/frames.ts';
import { StepDecoder, StepEncoder } from '../runs/recording/step-codec.ts';
import type { StepRecord } from '../schema/records.ts';
import { joined, mutateBytes, mutateJson, type Bytes } from './mutate.ts';

const HEAD = 0;
const STEP = 1;

export function mutateSegment(bytes: Bytes, rng: Rng): Bytes {
  let plain: Bytes;
  try {
    plain = new Uint8Array(gunzipSync(bytes));
  } catch {
    // It was damaged before.
    return mutateBytes(bytes, rng);
  }
  if (rng.chance(0.3)) return packed(mutateBytes(plain, rng));
  const frames = framesOf(plain);
  if (rng.chance(0.5)) return packed(withFrameMutated(frames, rng));
  return mutateRecords(frames, rng) ?? packed(withFrameMutated(frames, rng));
}

interface Frame {
  readonly kind: number;
  readonly payload: Bytes;
}

function framesOf(plain: Bytes): Frame[] {
  const view = new DataView(plain.buffer);
  const frames: Frame[] = [];
  for (let at = 0; at + 5 <= plain.length;) {
    const end = at + 5 + view.getUint32(at + 1, true);
    frames.push({ kind: plain[at]!, payload: plain.slice(at + 5, end) });
    at = end;
  }
  return frames;
}

function packed(plain: Bytes): Bytes {
  return new Uint8Array(gzipSync(plain, { level: 1 }));
}

/** Its length fits again, so that what is in it is read. */
function withFrameMutated(frames: readonly Frame[], rng: Rng): Bytes {
  const chosen = rng.int(Math.max(1, frames.length));
  return joined(
    ...frames.map(({ kind, payload }, i) =>
      frameBytes(kind, i === chosen ? mutateBytes(payload, rng) : payload),
    ),
  );
}

/** Undefined where no such record can be written. */
function mutateRecords(frames: readonly Frame[], rng: Rng): Bytes | undefined {
  try {
    const decoder = new StepDecoder();
    const steps = frames.filter(({ kind }) => kind === STEP);
    const records = steps.map(({ payload }) => decoder.decode(payload));
    const chosen = rng.int(Math.max(1, records.length));
    const encoder = new StepEncoder();
    const head = frames.filter(({ kind }) => kind === HEAD);
    return packed(
      joined(
        ...head.map(({ kind, payload }) => frameBytes(kind, payload)),
        ...records.map((record, i) => {
          const changed = i === chosen ? (mutateJson(record, rng) as StepRecord) : record;
          return frameBytes(STEP, encoder.encode(changed));
        }),
      ),
    );
  } catch {
    return undefined;
  }
}
