/** A compressed file of frames, each a kind and a payload, which are read while they arrive. */

export interface RawFrame {
  readonly kind: number;
  readonly payload: Uint8Array<ArrayBuffer>;
}

/** Kind, and length of what follows. */
const PREFIX = 5;

/** Not compressed yet. */
export function frameBytes(kind: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(PREFIX + payload.length);
  bytes[0] = kind;
  new DataView(bytes.buffer).setUint32(1, payload.length, true);
  bytes.set(payload, PREFIX);
  return bytes;
}

/**
 * The frames of a compressed file as they arrive.
 * @param mostBytes what it may unpack to.
 * @throws Error if it is none, is cut off, or unpacks to more.
 */
export async function* readFrames(
  file: ReadableStream<BufferSource>,
  mostBytes = Infinity,
): AsyncGenerator<RawFrame> {
  const reader = file.pipeThrough(new DecompressionStream('gzip')).getReader();
  let rest: Uint8Array = new Uint8Array(0);
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    total += value.length;
    if (total > mostBytes) {
      await reader.cancel();
      throw new Error(`it unpacks to more than ${mostBytes} bytes`);
    }
    rest = concat([rest, value]);
    let at = 0;
    for (let end = endOfFrame(rest, at); end <= rest.length; end = endOfFrame(rest, at)) {
      // A copy: a view would keep all that was read alive.
      yield { kind: rest[at]!, payload: new Uint8Array(rest.slice(at + PREFIX, end)) };
      at = end;
    }
    rest = rest.slice(at);
  }
  if (rest.length > 0) throw new Error('the recording ends in the middle of a frame');
}

/** Infinity while its length is not known. */
function endOfFrame(bytes: Uint8Array, at: number): number {
  if (at + PREFIX > bytes.length) return Infinity;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return at + PREFIX + view.getUint32(at + 1, true);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
