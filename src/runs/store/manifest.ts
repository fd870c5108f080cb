/** The list of a set's files, by which a mixture of two states is told from a whole one. */
import * as v from 'valibot';
import {
  checkObject,
  decodeText,
  encodeText,
  parseJson,
  RunFormatError,
  whole,
} from '../checks.ts';
import type { Bytes, Changes } from './files.ts';

export interface FileEntry {
  readonly bytes: number;
  /** Of the content, in hexadecimal digits. */
  readonly sha256: string;
  /** The commit that wrote it. */
  readonly generation: number;
}

export interface Manifest {
  readonly generation: number;
  readonly files: ReadonlyMap<string, FileEntry>;
  /** What the last commit took out: whoever was stopped before it was gone finds it here. */
  readonly removed: readonly string[];
}

export const EMPTY: Manifest = { generation: 0, files: new Map(), removed: [] };

const FORMAT = 'exit-lab-files';
const VERSION = 1;

const Path = v.pipe(v.string('a path'), v.check(isPath, 'a relative path'));
const Entry = v.object(
  {
    bytes: whole(0),
    sha256: v.pipe(
      v.string('64 hexadecimal digits'),
      v.regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits'),
    ),
    generation: whole(1),
  },
  'size, hash and generation of a file',
);
const Schema = v.looseObject({
  format: v.literal(FORMAT, `"${FORMAT}"`),
  version: v.literal(VERSION, `${VERSION}, the version that this program reads`),
  generation: whole(1),
  files: v.record(Path, Entry, 'files by their path'),
  removed: v.array(Path, 'a list of paths'),
});

/** Nothing that leaves the folder, and nothing that a file system might take for something else. */
function isPath(text: string): boolean {
  return /^[\w.-]+(\/[\w.-]+)*$/.test(text) && !/(^|\/)\.{1,2}(\/|$)/.test(text);
}

export function writeManifest({ generation, files, removed }: Manifest): Bytes {
  const content = {
    format: FORMAT,
    version: VERSION,
    generation,
    files: Object.fromEntries(files),
    removed,
  };
  return encodeText(JSON.stringify(content, null, 1) + '\n');
}

/** @throws RunFormatError naming the field that is off. */
export function readManifest(file: string, bytes: Uint8Array): Manifest {
  const json = parseJson(file, decodeText(file, bytes));
  const { generation, files, removed } = checkObject(file, Schema, json);
  return { generation, files: new Map(Object.entries(files)), removed };
}

/** Whether it is one, whole or damaged: other programs have files of that name. */
export function isManifest(file: string, bytes: Uint8Array): boolean {
  try {
    const json = parseJson(file, decodeText(file, bytes));
    return typeof json === 'object' && json !== null && 'format' in json && json.format === FORMAT;
  } catch {
    return true;
  }
}

export async function sha256(bytes: Bytes): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether the bytes are what was committed. */
export async function isContent(bytes: Bytes, entry: FileEntry): Promise<boolean> {
  return bytes.length === entry.bytes && (await sha256(bytes)) === entry.sha256;
}

/** @throws RunFormatError if the bytes are not what was committed. */
export async function checkContent(path: string, bytes: Bytes, entry: FileEntry): Promise<Bytes> {
  if (await isContent(bytes, entry)) return bytes;
  throw mixture(path, entry, `${bytes.length} bytes`);
}

export function mixture(
  path: string,
  { bytes, generation }: FileEntry,
  got: string,
): RunFormatError {
  return new RunFormatError(
    path,
    `got ${got}, expected the ${bytes} bytes that save ${generation} wrote: it was changed since, or is of another run`,
  );
}

export interface Plan {
  readonly manifest: Manifest;
  /** What is not there already with the same content. */
  readonly writes: ReadonlyMap<string, Bytes>;
}

/** @throws RangeError at a path that is none, or that is written and removed at once. */
export async function planCommit(
  current: Manifest,
  { write = new Map(), remove = [] }: Changes,
): Promise<Plan> {
  const generation = current.generation + 1;
  const files = new Map(current.files);
  const removed: string[] = [];
  for (const path of remove) {
    if (write.has(path)) throw new RangeError(`remove: got "${path}", which is written too`);
    if (files.delete(path)) removed.push(path);
  }
  const writes = new Map<string, Bytes>();
  for (const [path, bytes] of write) {
    if (!isPath(path)) throw new RangeError(`write: got "${path}", expected a relative path`);
    const hash = await sha256(bytes);
    const before = files.get(path);
    if (before?.sha256 === hash && before.bytes === bytes.length) continue;
    files.set(path, { bytes: bytes.length, sha256: hash, generation });
    writes.set(path, bytes);
  }
  return { manifest: { generation, files, removed }, writes };
}

export function sizesOf({ files }: Manifest): ReadonlyMap<string, number> {
  return new Map([...files].map(([path, { bytes }]) => [path, bytes]));
}
