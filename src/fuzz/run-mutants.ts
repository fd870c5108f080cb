/** Mutants of exported runs, from single bits of the zip to fields of the files in it. */
import type { Rng } from '../base/rng.ts';
import { encodeText } from '../runs/checks.ts';
import { isSegment } from '../runs/run-paths.ts';
import { zip, type BundleFile } from '../runs/zip.ts';
import { joined, mutateBytes, mutateJson, type Bytes } from './mutate.ts';
import { mutateSegment } from './segment-mutants.ts';

export function mutateRun(files: readonly BundleFile[], rng: Rng): Bytes {
  if (rng.chance(0.15)) return mutateBytes(zip(files), rng);
  if (rng.chance(0.15)) return mutateStructure(zip(files), rng);
  let mutant = files;
  for (let n = rng.chance(0.8) ? 1 : 2; n > 0; n--) mutant = mutateFiles(mutant, rng);
  return zip(mutant);
}

/** Where records of the zip begin: the directory, its entries and its end, and what stands before a file. */
const SIGNATURES = [0x04034b50, 0x02014b50, 0x06054b50] as const;

/** A field of a record of the zip, set to something else. */
function mutateStructure(bytes: Bytes, rng: Rng): Bytes {
  const changed = bytes.slice();
  const view = new DataView(changed.buffer);
  const signature = rng.pick(SIGNATURES);
  const starts: number[] = [];
  for (let at = 0; at + 22 <= bytes.length; at++) {
    if (view.getUint32(at, true) === signature) starts.push(at);
  }
  if (starts.length === 0) return mutateBytes(changed, rng);
  const at = Math.min(rng.pick(starts) + 4 + rng.int(18), bytes.length - 4);
  const value = rng.pick([0, 1, 8, 12, 0xff, 0xffff, rng.int(0x10000)]);
  if (rng.chance(0.5)) view.setUint16(at, value, true);
  else view.setUint32(at, rng.chance(0.3) ? 0xffffffff : value, true);
  return changed;
}

function mutateFiles(files: readonly BundleFile[], rng: Rng): readonly BundleFile[] {
  const chosen = rng.pick(files);
  const replaced = (change: Partial<BundleFile>): BundleFile[] =>
    files.map((file) => (file === chosen ? { ...file, ...change } : file));
  const roll = rng.next();
  if (roll < 0.03) return files.filter((file) => file !== chosen);
  if (roll < 0.05) return replaced({ path: rng.pick(['a/b', 'log.txt', `${chosen.path}.bak`]) });
  if (roll < 0.07) return replaced({ bytes: rng.pick(files).bytes });
  if (roll < 0.09) return [...files, { path: 'notes.txt', bytes: encodeText('hello') }];
  if (roll < 0.095) return replaced({ bytes: filled(rng) });
  if (roll < 0.25) return replaced({ bytes: mutateBytes(chosen.bytes, rng) });
  return replaced({ bytes: mutateContent(chosen, rng) });
}

/** Megabytes of one letter, which pack to almost nothing. */
function filled(rng: Rng): Bytes {
  const letter = rng.pick(['\n', ' ', '[', '{', '"', '0']).charCodeAt(0);
  return new Uint8Array(rng.pick([2 ** 18, 2 ** 20 + 1, 2 ** 23, 2 ** 24 + 1])).fill(letter);
}

/** A change that keeps the file what it is: JSON stays JSON. */
function mutateContent({ path, bytes }: BundleFile, rng: Rng): Bytes {
  if (path.endsWith('.jsonl')) return mutateLines(bytes, rng);
  if (path.endsWith('.json')) return jsonBytes(mutateJson(readJson(bytes), rng));
  if (path.endsWith('.safetensors')) return mutateTensors(bytes, rng);
  if (isSegment(path)) return mutateSegment(bytes, rng);
  return mutateBytes(bytes, rng);
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

function jsonBytes(value: unknown): Bytes {
  return encodeText(JSON.stringify(value) ?? '');
}

function mutateLines(bytes: Bytes, rng: Rng): Bytes {
  const lines = new TextDecoder().decode(bytes).split('\n');
  const at = rng.int(lines.length);
  const other = rng.int(lines.length);
  const changed = JSON.stringify(mutateJson(readJson(encodeText(lines[at]!)), rng)) ?? '';
  return encodeText(
    rng
      .pick([
        lines.with(at, changed),
        lines.filter((_, i) => i !== at),
        [...lines.slice(0, at), lines[at]!, ...lines.slice(at)],
        lines.with(at, lines[other]!).with(other, lines[at]!),
        lines.with(at, ''),
      ])
      .join('\n'),
  );
}

/** Its header as JSON, or its numbers as odd ones. */
function mutateTensors(bytes: Bytes, rng: Rng): Bytes {
  if (bytes.length < 8) return mutateBytes(bytes, rng);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (8 + length > bytes.length) return mutateBytes(bytes, rng);
  const data = bytes.slice(8 + length);
  if (rng.chance(0.5)) {
    const header = jsonBytes(mutateJson(readJson(bytes.subarray(8, 8 + length)), rng));
    const prefix = new Uint8Array(8);
    new DataView(prefix.buffer).setUint32(0, header.length, true);
    return joined(prefix, header, data);
  }
  if (data.length < 4) return mutateBytes(bytes, rng);
  const number = rng.pick([NaN, Infinity, -Infinity, -1, 1e38, -0, 1e-45]);
  new DataView(data.buffer).setFloat32(4 * rng.int(data.length >> 2), number, true);
  return joined(bytes.subarray(0, 8 + length), data);
}
