/** The central directory of a zip archive (APPNOTE.TXT 6.3.10), with or without its 64-bit extension. */
import { strFromU8 } from 'fflate';
import { RunFormatError } from './checks.ts';

export const ARCHIVE = 'the zip archive';

export interface ZipEntry {
  readonly path: string;
  /** 0 is stored, 8 is deflated. */
  readonly method: number;
  readonly encrypted: boolean;
  /** CRC-32 of its content. */
  readonly checksum: number;
  /** Bytes in the archive, and unpacked, as the directory says. */
  readonly packed: number;
  readonly size: number;
  /** Where its local header begins. */
  readonly at: number;
}

/** Signatures and lengths of sections 4.3.7, 4.3.12, 4.3.14, 4.3.15 and 4.3.16. */
const LOCAL = { signature: 0x04034b50, bytes: 30 } as const;
const ENTRY = { signature: 0x02014b50, bytes: 46 } as const;
const END64 = { signature: 0x06064b50, bytes: 56 } as const;
const LOCATOR64 = { signature: 0x07064b50, bytes: 20 } as const;
const END = { signature: 0x06054b50, bytes: 22 } as const;
/** Id of the extra field with 64-bit sizes, section 4.5.3, and what stands where one is meant. */
const EXTRA64 = 1;
const IN_EXTRA = 0xffffffff;
const IN_END64 = 0xffff;

/** A run has a file per kind, and a few per step that is kept. */
const MOST_ENTRIES = 100_000;

function damaged(problem: string): RunFormatError {
  return new RunFormatError(ARCHIVE, `is damaged: ${problem}`);
}

/**
 * All entries, in the order of the directory.
 * @throws RunFormatError if the directory is broken or names a file twice.
 */
export function readDirectory(bytes: Uint8Array): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const { count, at: begin } = extent(view, end);
  if (count > MOST_ENTRIES) {
    throw new RunFormatError(ARCHIVE, `holds ${count} files, expected at most ${MOST_ENTRIES}`);
  }
  const entries = new Map<string, ZipEntry>();
  let at = begin;
  for (let left = count; left > 0; left--) {
    const fits = at + ENTRY.bytes <= end;
    if (!fits || view.getUint32(at, true) !== ENTRY.signature) {
      throw damaged('its directory is broken');
    }
    const { entry, next } = readEntry(bytes, view, at);
    if (next > end) throw damaged('its directory is broken');
    if (entries.has(entry.path)) throw new RunFormatError(ARCHIVE, `holds "${entry.path}" twice`);
    entries.set(entry.path, entry);
    at = next;
  }
  return [...entries.values()];
}

/** The record is last, before a comment of at most 65,535 bytes. */
function findEnd(view: DataView): number {
  const last = view.byteLength - END.bytes;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    const found = view.getUint32(at, true) === END.signature;
    if (found && at + END.bytes + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  throw new RunFormatError(ARCHIVE, 'has no directory: it is truncated, or no zip at all');
}

/** How many entries there are, and where they begin. */
function extent(view: DataView, end: number): { count: number; at: number } {
  const count = view.getUint16(end + 10, true);
  const at = view.getUint32(end + 16, true);
  const locator = end - LOCATOR64.bytes;
  const has64 = locator >= 0 && view.getUint32(locator, true) === LOCATOR64.signature;
  if (!has64 || (count !== IN_END64 && at !== IN_EXTRA)) return { count, at };
  const end64 = large(view, locator + 8);
  const fits = end64 + END64.bytes <= locator;
  if (!fits || view.getUint32(end64, true) !== END64.signature) {
    throw damaged('its directory is broken');
  }
  return { count: large(view, end64 + 32), at: large(view, end64 + 48) };
}

function readEntry(
  bytes: Uint8Array,
  view: DataView,
  at: number,
): { entry: ZipEntry; next: number } {
  const flags = view.getUint16(at + 8, true);
  const nameEnd = at + ENTRY.bytes + view.getUint16(at + 28, true);
  const extraEnd = nameEnd + view.getUint16(at + 30, true);
  const next = extraEnd + view.getUint16(at + 32, true);
  if (next > view.byteLength) throw damaged('its directory is broken');
  const isUtf8 = (flags & 0x800) !== 0;
  const path = strFromU8(bytes.subarray(at + ENTRY.bytes, nameEnd), !isUtf8);
  const short = [24, 20, 42].map((offset) => view.getUint32(at + offset, true));
  const [size, packed, begin] = widened(view, short, { from: nameEnd, to: extraEnd });
  const method = view.getUint16(at + 10, true);
  const checksum = view.getUint32(at + 16, true);
  const encrypted = (flags & 1) !== 0;
  return {
    entry: { path, method, encrypted, checksum, packed: packed!, size: size!, at: begin! },
    next,
  };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Size, packed size and offset; those that do not fit 32 bits stand in an extra field, in this order. */
function widened(view: DataView, short: readonly number[], extra: Span): number[] {
  if (!short.includes(IN_EXTRA)) return [...short];
  const field = findExtra(view, extra);
  let at = field?.from ?? 0;
  return short.map((value) => {
    if (value !== IN_EXTRA) return value;
    if (!field || at + 8 > field.to) throw damaged('its directory is broken');
    at += 8;
    return large(view, at - 8);
  });
}

function findExtra(view: DataView, { from, to }: Span): Span | undefined {
  for (let at = from; at + 4 <= to;) {
    const next = at + 4 + view.getUint16(at + 2, true);
    if (next > to) return undefined;
    if (view.getUint16(at, true) === EXTRA64) return { from: at + 4, to: next };
    at = next;
  }
  return undefined;
}

function large(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged('its directory is broken');
  return Number(value);
}

/**
 * The bytes of an entry, as they are packed.
 * @throws RunFormatError if there are none where the directory says.
 */
export function packedBytes(bytes: Uint8Array, { path, at, packed }: ZipEntry): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fits = at + LOCAL.bytes <= view.byteLength;
  if (!fits || view.getUint32(at, true) !== LOCAL.signature) {
    throw damaged(`"${path}" is not where its directory says`);
  }
  const begin = at + LOCAL.bytes + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (begin + packed > view.byteLength) throw damaged(`"${path}" is cut off`);
  return bytes.subarray(begin, begin + packed);
}
