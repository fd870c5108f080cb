/** Reads a golden folder: a Hugging Face model and its `reference.json`. */
import * as v from 'valibot';
import { decodeText, parseJson } from '../runs/checks.ts';
import { readCheckpoint } from '../runs/checkpoint.ts';
import type { GoldenFolder } from './check.ts';
import { ReferenceSchema } from './reference.ts';

/**
 * @param read gives a file of the folder by its name; undefined where there is none.
 * @throws Error naming the file and the field that is not as expected.
 */
export async function readGoldenFolder(
  read: (name: string) => Promise<Uint8Array | undefined>,
): Promise<GoldenFolder> {
  const bytes = await read('reference.json');
  if (!bytes) throw new Error('reference.json: is missing');
  const snapshot = await readCheckpoint(read);
  return { ...snapshot, reference: readReference(json('reference.json', bytes)) };
}

function json(file: string, bytes: Uint8Array): unknown {
  return parseJson(file, decodeText(file, bytes));
}

function readReference(value: unknown): GoldenFolder['reference'] {
  const result = v.safeParse(ReferenceSchema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue) ?? 'the file';
  throw new Error(`reference.json: ${field}: ${issue.message}`);
}
