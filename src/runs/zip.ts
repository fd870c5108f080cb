/** Zip archives of an exported run. */
import { strFromU8, unzipSync, zipSync, type Unzipped, type Zippable } from 'fflate';
import { RunFormatError } from './checks.ts';

/** A file of a run; the path is relative, e.g. `model.safetensors`. */
export interface BundleFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const ARCHIVE = 'the zip archive';
/** Anything larger is no run of this app; a small archive can claim to hold terabytes. */
const MOST_BYTES = 2 ** 30;
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

/**
 * All files of an archive, in its order. If they lie in one folder, its name is taken off; what file
 * managers add by themselves is skipped.
 * @throws RunFormatError if the archive is damaged, too large, or holds a path that leaves it.
 */
export function unzip(bytes: Uint8Array): BundleFile[] {
  const checksums = readChecksums(bytes);
  const contents = extract(bytes);
  const files = Object.entries(contents).filter(([path]) => !isIgnored(path));
  if (files.length === 0) throw new RunFormatError(ARCHIVE, 'holds no files');
  for (const [path, content] of files) {
    checkPath(path);
    if (crc32(content) === checksums.get(path)) continue;
    throw new RunFormatError(ARCHIVE, `"${path}" is damaged: its checksum does not match`);
  }
  const folder = commonFolder(files.map(([path]) => path));
  return files.map(([path, content]) => ({ path: path.slice(folder.length), bytes: content }));
}

function extract(bytes: Uint8Array): Unzipped {
  let total = 0;
  const withinLimit = ({ originalSize }: { originalSize: number }): boolean => {
    total += originalSize;
    if (total <= MOST_BYTES) return true;
    throw new RunFormatError(ARCHIVE, `unpacks to more than ${MOST_BYTES} bytes`);
  };
  try {
    return unzipSync(bytes, { filter: withinLimit });
  } catch (cause) {
    if (cause instanceof RunFormatError) throw cause;
    throw new RunFormatError(ARCHIVE, `is damaged: ${(cause as Error).message}`, { cause });
  }
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

/** Signatures and offsets of APPNOTE.TXT, sections 4.3.12 and 4.3.16. */
const DIRECTORY_END = 0x06054b50;
const DIRECTORY_END_BYTES = 22;
const DIRECTORY_ENTRY = 0x02014b50;
const DIRECTORY_ENTRY_BYTES = 46;

/** CRC-32 of each file by its path, from the central directory: fflate does not check them. */
function readChecksums(bytes: Uint8Array): ReadonlyMap<string, number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findDirectoryEnd(view);
  const checksums = new Map<string, number>();
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    const fits = at + DIRECTORY_ENTRY_BYTES <= end;
    if (!fits || view.getUint32(at, true) !== DIRECTORY_ENTRY) {
      throw new RunFormatError(ARCHIVE, 'is damaged: its directory is broken');
    }
    const nameEnd = at + DIRECTORY_ENTRY_BYTES + view.getUint16(at + 28, true);
    const isUtf8 = (view.getUint16(at + 8, true) & 0x800) !== 0;
    const name = strFromU8(bytes.subarray(at + DIRECTORY_ENTRY_BYTES, nameEnd), !isUtf8);
    if (checksums.has(name)) throw new RunFormatError(ARCHIVE, `holds "${name}" twice`);
    checksums.set(name, view.getUint32(at + 16, true));
    at = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return checksums;
}

/** The record is last, before a comment of at most 65,535 bytes. */
function findDirectoryEnd(view: DataView): number {
  const last = view.byteLength - DIRECTORY_END_BYTES;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    if (view.getUint32(at, true) === DIRECTORY_END) return at;
  }
  throw new RunFormatError(ARCHIVE, 'has no directory: it is truncated, or no zip at all');
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
