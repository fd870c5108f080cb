/** A pretrained model's files, looked at before any of its weights is read: which are there, and their shapes. */
import { CONFIG, INDEX, isCopy, shardsOf, WEIGHTS, type ReadFile } from './checkpoint.ts';
import type { PolicyConfig } from '../model/policy.ts';
import { decodeText, parseJson, RunFormatError } from './checks.ts';
import { fromHuggingFaceConfig, weightShapes } from './huggingface.ts';
import { MODEL_CARD, type ModelFiles } from './model-files.ts';
import { headBytes, readHead, SafetensorsError } from './safetensors.ts';

export interface ModelHeads {
  readonly config: PolicyConfig;
  /** As config.json names it. */
  readonly architecture: string;
  /** As the head of the model card names it; null where that says nothing. */
  readonly licence: string | null;
}

/** @throws RunFormatError naming the file, and the field or tensor that is not as expected. */
export async function readModelHeads(read: ReadFile, files: ModelFiles): Promise<ModelHeads> {
  const described = await json(read, CONFIG);
  const config = fromHuggingFaceConfig(described, CONFIG);
  const found = new Map<string, string>();
  for (const file of await weightFiles(read, files)) {
    for (const [name, shape] of await headOf(file, files.get(file))) {
      if (!isCopy(config, name)) found.set(name, shape.join(', '));
    }
  }
  const source = files.has(WEIGHTS) ? WEIGHTS : INDEX;
  for (const [name, shape] of weightShapes(config)) {
    const [got, expected] = [found.get(name), shape.join(', ')];
    if (got === expected) continue;
    const problem =
      got === undefined ? 'is missing, expected shape' : `got shape [${got}], expected`;
    throw new RunFormatError(source, `tensor "${name}": ${problem} [${expected}] as in ${CONFIG}`);
  }
  const surplus = [...found.keys()].find((name) => !weightShapes(config).has(name));
  if (surplus !== undefined) {
    throw new RunFormatError(source, `tensor "${surplus}" is none that ${CONFIG} calls for`);
  }
  return { config, architecture: architectureOf(described), licence: await licenceOf(read) };
}

async function json(read: ReadFile, name: string): Promise<unknown> {
  const bytes = await read(name);
  if (!bytes) throw new RunFormatError(name, 'is missing, and there is no model without it');
  return parseJson(name, decodeText(name, bytes));
}

async function weightFiles(read: ReadFile, files: ModelFiles): Promise<readonly string[]> {
  if (files.has(WEIGHTS)) return [WEIGHTS];
  if (files.has(INDEX)) return [...new Set(Object.values(shardsOf(await json(read, INDEX))))];
  throw new RunFormatError(WEIGHTS, `is missing, and ${INDEX} is not there either`);
}

const LENGTH_BYTES = 8;

async function headOf(
  name: string,
  file: Blob | undefined,
): Promise<ReadonlyMap<string, readonly number[]>> {
  if (!file) throw new RunFormatError(name, `is missing, and ${INDEX} names it`);
  const part = async (bytes: number): Promise<Uint8Array> =>
    new Uint8Array(await file.slice(0, bytes).arrayBuffer());
  try {
    return readHead(await part(headBytes(await part(LENGTH_BYTES), file.size)), file.size).shapes;
  } catch (cause) {
    if (!(cause instanceof SafetensorsError)) throw cause;
    throw new RunFormatError(name, cause.message, { cause });
  }
}

function architectureOf(described: unknown): string {
  const { architectures } = described as { readonly architectures: readonly string[] };
  return architectures[0] ?? '';
}

/** `license: apache-2.0`, between the two lines of dashes at the top of the card. */
async function licenceOf(read: ReadFile): Promise<string | null> {
  const bytes = await read(MODEL_CARD);
  if (!bytes) return null;
  const card = new TextDecoder().decode(bytes);
  const head = /^---\r?\n([\s\S]*?)\r?\n---/.exec(card)?.[1] ?? '';
  return /^license:\s*["']?([^\s"'#]+)/m.exec(head)?.[1] ?? null;
}
