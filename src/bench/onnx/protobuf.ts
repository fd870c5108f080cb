/**
 * The part of the protobuf wire format that an ONNX file needs. A message is its fields' bytes one after
 * another: https://protobuf.dev/programming-guides/encoding/.
 */

export type Bytes = Uint8Array<ArrayBuffer>;

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** Joins the fields of a message, or messages already written. */
export function join(parts: readonly Bytes[]): Bytes {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** An int32, int64 or enum: two's complement of 64 bits where negative. */
export function integerField(field: number, value: number): Bytes {
  return join([tag(field, VARINT), varint(BigInt.asUintN(64, BigInt(value)))]);
}

export function floatField(field: number, value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return join([tag(field, FIXED32), bytes]);
}

/** `bytes`, or an embedded message. */
export function bytesField(field: number, value: Bytes): Bytes {
  return join([tag(field, LENGTH_DELIMITED), varint(BigInt(value.length)), value]);
}

export function textField(field: number, value: string): Bytes {
  return bytesField(field, new TextEncoder().encode(value));
}

function tag(field: number, wireType: number): Bytes {
  return varint(BigInt((field << 3) | wireType));
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function varint(value: bigint): Bytes {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
