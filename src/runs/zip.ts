/** Zip archives of an exported run. */
import { Inflate, zipSync, type Zippable } from 'fflate';
import { RunFormatError } from './checks.ts';
import { MOST_BYTES, mostBytesOf } from './limits.ts';
import { ARCHIVE, packedBytes, readDirectory, type ZipEntry } from './zip-directory.ts';

/** A file of a run; the path is relative, e.g. `model.safetensors`. */
export interface BundleFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The first moment that a zip can hold, in local time as the format wants it: no clock in the bytes. */
const EPOCH = new Date(1980, 0, 1);

/** The same files always give the same bytes. */
export function zip(files: readonly BundleFile[]): Uint8Array<ArrayBuffer> {
  const contents: Zippable = {};
  for (const { path, bytes } of files) {
    // Weights are noise to a compressor.
    contents[path] = [bytes, { level: path.endsWith('.safetensors') ? 0 : 6 }];
  }
  return zipSync(contents, { mtime: EPOCH });
}

/** As `openZip`, of all files. */
export function unzip(bytes: Uint8Array): BundleFile[] {
  return openZip(bytes, () => true).files;
}

export interface OpenedZip {
  readonly files: BundleFile[];
  /** Files that are not wanted, which were not unpacked. */
  readonly passedOver: readonly string[];
}

/**
 * The files of an archive that are wanted, in its order. If all files lie in one folder, its name is taken
 * off; what file managers add by themselves is skipped. Nothing is unpacked that is larger than such a
 * file may be, or than the directory says.
 * @throws RunFormatError if the archive is damaged, too large, or holds a path that leaves it.
 */
export function openZip(bytes: Uint8Array, wanted: (path: string) => boolean): OpenedZip {
  const entries = readDirectory(bytes).filter(({ path }) => !isIgnored(path));
  if (entries.length === 0) throw new RunFormatError(ARCHIVE, 'holds no files');
  for (const { path } of entries) checkPath(path);
  const folder = commonFolder(entries.map(({ path }) => path));
  const named = entries.map((entry) => ({ entry, path: entry.path.slice(folder.length) }));
  const taken = named.filter(({ path }) => wanted(path));
  checkTotal(taken.map(({ entry }) => entry));
  return {
    files: taken.map(({ entry, path }) => ({ path, bytes: unpack(bytes, entry, path) })),
    passedOver: named.map(({ path }) => path).filter((path) => !wanted(path)),
  };
}

function isIgnored(path: string): boolean {
  return path.endsWith('/') || path.startsWith('__MACOSX/') || /(^|\/)\.DS_Store$/.test(path);
}

function checkPath(path: string): void {
  if (!/^\/|\\|(^|\/)\.\.(\/|$)/.test(path)) return;
  throw new RunFormatError(ARCHIVE, `"${path}" is not a path inside of the archive`);
}

/** With its slash; empty unless all files share it. */
function commonFolder(paths: readonly string[]): string {
  const folder = /^[^/]+\//.exec(paths[0] ?? '')?.[0] ?? '';
  return paths.every((path) => path.startsWith(folder)) ? folder : '';
}

function checkTotal(entries: readonly ZipEntry[]): void {
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total <= MOST_BYTES) return;
  throw new RunFormatError(ARCHIVE, `unpacks to more than ${MOST_BYTES} bytes`);
}

const STORED = 0;
const DEFLATED = 8;
/** Text of a run packs to a tenth; what packs a hundred times better was made to fill a memory. */
const MOST_RATIO = 100;
const RATIO_MATTERS_FROM = 2 ** 24;

function unpack(bytes: Uint8Array, entry: ZipEntry, path: string): Uint8Array<ArrayBuffer> {
  checkEntry(entry, path);
  const packed = packedBytes(bytes, entry);
  const content = entry.method === STORED ? new Uint8Array(packed) : inflate(packed, entry);
  if (content.length === entry.size && crc32(content) === entry.checksum) return content;
  throw new RunFormatError(ARCHIVE, `"${entry.path}" is damaged: its checksum does not match`);
}

function checkEntry({ path: name, method, encrypted, packed, size }: ZipEntry, path: string): void {
  const refuse = (problem: string): never => {
    throw new RunFormatError(ARCHIVE, `"${name}" ${problem}`);
  };
  if (encrypted) refuse('is encrypted, expected a file that can be read');
  if (method !== STORED && method !== DEFLATED) {
    refuse(`is packed by method ${method}, expected ${STORED} or ${DEFLATED}`);
  }
  const most = mostBytesOf(path);
  if (size > most) refuse(`unpacks to ${size} bytes, expected at most ${most}`);
  if (size > RATIO_MATTERS_FROM && size > MOST_RATIO * packed) {
    refuse(`unpacks to ${size} bytes from ${packed}, expected at most ${MOST_RATIO} times as many`);
  }
}

/** Of the packed bytes at a time, so that what comes out of them is small. */
const SLICE = 2 ** 14;

function inflate(packed: Uint8Array, { path, size }: ZipEntry): Uint8Array<ArrayBuffer> {
  const content = new Uint8Array(size);
  let written = 0;
  const inflator = new Inflate((chunk) => {
    if (written + chunk.length > size) {
      throw new RunFormatError(ARCHIVE, `"${path}" is damaged: it unpacks to more than it says`);
    }
    content.set(chunk, written);
    written += chunk.length;
  });
  try {
    for (let at = 0; at < packed.length || at === 0; at += SLICE) {
      inflator.push(packed.subarray(at, at + SLICE), at + SLICE >= packed.length);
    }
  } catch (cause) {
    if (cause instanceof RunFormatError) throw cause;
    throw new RunFormatError(ARCHIVE, `is damaged: ${(cause as Error).message}`, { cause });
  }
  if (written === size) return content;
  throw new RunFormatError(ARCHIVE, `"${path}" is damaged: it unpacks to less than it says`);
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) {
    crc = CRC_TABLE[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
