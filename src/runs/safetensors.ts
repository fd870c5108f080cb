/**
 * The safetensors format: an 8-byte little-endian header length, a JSON header padded with spaces to a
 * multiple of 8, then the tensors' bytes without gaps (https://github.com/huggingface/safetensors).
 * Reading is as strict as the reference implementation. Typed arrays are taken to be little-endian, as
 * they are wherever a browser runs.
 */
import * as v from 'valibot';
import type { NamedTensor } from '../model/policy.ts';
import { show, whole } from './checks.ts';
import { fromBFloat16, fromFloat16 } from './halves.ts';
import { duplicateKey } from './json-keys.ts';

/** Bytes that are not a safetensors file, or tensors that cannot be written as one. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
}

export type Metadata = Readonly<Record<string, string>>;

export interface Safetensors {
  /** In the order of their bytes. */
  readonly tensors: readonly NamedTensor[];
  readonly metadata: Metadata;
}

const LENGTH_BYTES = 8;
/** As in the reference implementation. */
const LONGEST_HEADER = 100_000_000;
const METADATA_KEY = '__metadata__';

const DTYPES = {
  F32: { bytes: 4, read: (buffer: ArrayBuffer) => new Float32Array(buffer) },
  F16: { bytes: 2, read: (buffer: ArrayBuffer) => fromFloat16(new Uint16Array(buffer)) },
  BF16: { bytes: 2, read: (buffer: ArrayBuffer) => fromBFloat16(new Uint16Array(buffer)) },
} as const;

const EntrySchema = v.strictObject({
  dtype: v.picklist(['F32', 'F16', 'BF16']),
  shape: v.array(whole(0)),
  data_offsets: v.strictTuple([whole(0), whole(0)]),
});
type Entry = v.InferOutput<typeof EntrySchema>;

const MetadataSchema = v.record(v.string(), v.string());

/**
 * Writes float32 tensors in the order given; `{ format: 'pt' }` is always part of the metadata.
 * @throws SafetensorsError if a name repeats or is reserved, or a shape does not fit its values.
 */
export function writeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Metadata = {},
): Uint8Array<ArrayBuffer> {
  // A Map and not an object: integer-like names would be reordered and `__proto__` would vanish.
  const header = new Map<string, object>([[METADATA_KEY, { format: 'pt', ...metadata }]]);
  let end = 0;
  for (const tensor of tensors) {
    checkWritable(tensor, header);
    const begin = end;
    end += tensor.values.byteLength;
    header.set(tensor.name, { dtype: 'F32', shape: tensor.shape, data_offsets: [begin, end] });
  }
  const head = encodeHeader(header);
  const bytes = new Uint8Array(LENGTH_BYTES + head.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true);
  bytes.set(head, LENGTH_BYTES);
  let offset = LENGTH_BYTES + head.length;
  for (const { values } of tensors) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
  return bytes;
}

function checkWritable({ name, shape, values }: NamedTensor, taken: ReadonlyMap<string, object>) {
  if (taken.has(name)) {
    const problem = name === METADATA_KEY ? 'is a reserved name' : 'occurs twice';
    throw new SafetensorsError(`tensor "${name}" ${problem}`);
  }
  if (elements(shape) !== values.length) {
    throw new SafetensorsError(
      `tensor "${name}": got ${values.length} values, expected ${elements(shape)} for shape [${shape.join(', ')}]`,
    );
  }
}

function encodeHeader(header: ReadonlyMap<string, object>): Uint8Array {
  const fields = [...header].map(
    ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`,
  );
  const text = new TextEncoder().encode(`{${fields.join(',')}}`);
  const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20);
  padded.set(text);
  return padded;
}

/** What the head of a file says, of whose tensors nothing is read. */
export interface SafetensorsHead {
  /** Of the header and what stands before it. */
  readonly bytes: number;
  readonly shapes: ReadonlyMap<string, readonly number[]>;
}

/** How many bytes `readHead` needs, told by the first 8 of a file. */
export function headBytes(start: Uint8Array, size: number): number {
  return LENGTH_BYTES + headerLength(start, size);
}

/**
 * @param bytes the first ones of a file, its header included.
 * @param size of the whole file, in bytes.
 * @throws SafetensorsError that says what is wrong with it.
 */
export function readHead(bytes: Uint8Array, size: number): SafetensorsHead {
  const { entries, headerEnd } = readEntries(bytes, size);
  return { bytes: headerEnd, shapes: new Map(entries.map(({ name, shape }) => [name, shape])) };
}

function readEntries(bytes: Uint8Array, size: number) {
  const headerEnd = LENGTH_BYTES + headerLength(bytes, size);
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, headerEnd));
  const metadata = readMetadata(header.get(METADATA_KEY));
  const entries = [...header]
    .filter(([name]) => name !== METADATA_KEY)
    .map(([name, value]) => ({ name, ...readEntry(name, value) }))
    .sort((a, b) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1]);
  checkCoverage(entries, size - headerEnd);
  return { entries, metadata, headerEnd };
}

/**
 * Reads tensors of float32, float16 and bfloat16, all as float32 copies.
 * @throws SafetensorsError that says what is wrong with the file.
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  const { entries, metadata, headerEnd } = readEntries(bytes, bytes.length);
  const data = bytes.subarray(headerEnd);
  const tensors = entries.map(({ name, dtype, shape, data_offsets: [begin, end] }) => {
    // The copy aligns what the file need not have aligned.
    const { buffer } = new Uint8Array(data.subarray(begin, end));
    return { name, shape, values: DTYPES[dtype].read(buffer) };
  });
  return { tensors, metadata };
}

function headerLength(bytes: Uint8Array, size: number): number {
  if (bytes.length < LENGTH_BYTES) {
    throw new SafetensorsError(`the file has ${size} bytes, expected at least ${LENGTH_BYTES}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > LONGEST_HEADER) {
    throw new SafetensorsError(
      `the header length is ${length}, expected at most ${LONGEST_HEADER}: this is no safetensors file`,
    );
  }
  const available = size - LENGTH_BYTES;
  if (Number(length) > available) {
    throw new SafetensorsError(
      `the header should take ${length} bytes, but only ${available} are left: the file is truncated`,
    );
  }
  return Number(length);
}

function parseHeader(bytes: Uint8Array): ReadonlyMap<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new SafetensorsError(`the header is not JSON: ${reason}`, { cause });
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw new SafetensorsError(`the header is ${show(header)}, expected a JSON object`);
  }
  const twice = duplicateKey(text);
  if (twice !== undefined) throw new SafetensorsError(`tensor "${twice}" occurs twice`);
  return new Map(Object.entries(header));
}

function readMetadata(value: unknown): Metadata {
  if (value === undefined) return {};
  const parsed = v.safeParse(MetadataSchema, value);
  if (parsed.success) return parsed.output;
  throw new SafetensorsError(`${METADATA_KEY} is ${show(value)}, expected texts by name`);
}

function readEntry(name: string, value: unknown): Entry {
  const parsed = v.safeParse(EntrySchema, value);
  if (!parsed.success) throw new SafetensorsError(`tensor "${name}": ${refusal(value)}`);
  const { dtype, shape, data_offsets: offsets } = parsed.output;
  const held = offsets[1] - offsets[0];
  const needed = elements(shape) * DTYPES[dtype].bytes;
  if (held !== needed) {
    throw new SafetensorsError(
      `tensor "${name}": data_offsets hold ${held} bytes, expected ${needed} for ${dtype} [${shape.join(', ')}]`,
    );
  }
  return parsed.output;
}

function refusal(value: unknown): string {
  const dtype = v.safeParse(v.looseObject({ dtype: v.string() }), value);
  if (dtype.success && !Object.hasOwn(DTYPES, dtype.output.dtype)) {
    return `dtype is ${show(dtype.output.dtype)}, expected one of ${Object.keys(DTYPES).join(', ')}`;
  }
  return `got ${show(value)}, expected dtype, shape and data_offsets [begin, end]`;
}

/** Bytes must belong to exactly one tensor each. */
function checkCoverage(entries: readonly (Entry & { name: string })[], size: number): void {
  let covered = 0;
  for (const { name, data_offsets: offsets } of entries) {
    const [begin, end] = offsets;
    if (end > size) {
      throw new SafetensorsError(
        `tensor "${name}": data_offsets end at ${end}, but the file holds ${size} bytes of data`,
      );
    }
    if (begin < covered) {
      throw new SafetensorsError(`tensor "${name}": data_offsets overlap the tensor before`);
    }
    if (begin > covered) {
      throw new SafetensorsError(`bytes ${covered} to ${begin} of the data belong to no tensor`);
    }
    covered = end;
  }
  if (covered < size) {
    throw new SafetensorsError(`bytes ${covered} to ${size} of the data belong to no tensor`);
  }
}

/** Number of elements; 1 for a scalar, whose shape is empty. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}
