/**
 * A pretrained model as `transformers` saves it: config.json, and weights in one safetensors file or in
 * several with an index; adapters of PEFT beside them, if there are any.
 */
import * as v from 'valibot';
import type { NamedTensor, PolicyConfig, PolicySnapshot } from '../model/policy.ts';
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, readAdapters } from './adapters.ts';
import { checkObject, decodeText, parseJson, RunFormatError } from './checks.ts';
import { checkTensors, fromHuggingFaceConfig } from './huggingface.ts';
import { readSafetensors, type Safetensors } from './safetensors.ts';

/** A file of the model's folder by its name; undefined where there is none. */
export type ReadFile = (name: string) => Promise<Uint8Array | undefined>;

export const CONFIG = 'config.json';
export const WEIGHTS = 'model.safetensors';
export const INDEX = 'model.safetensors.index.json';

/**
 * Config, weights and adapters. Weights of 16 bits are widened to float32.
 * @throws RunFormatError naming the file, and the field or tensor that is not as expected.
 */
export async function readCheckpoint(read: ReadFile): Promise<PolicySnapshot> {
  const config = fromHuggingFaceConfig(await readJson(read, CONFIG), CONFIG);
  const { file, tensors } = await readWeights(read);
  const weights = checkTensors(file, config, withoutCopies(config, tensors));
  const adapter = await read(ADAPTER_WEIGHTS);
  if (!adapter) return { config, weights };
  const described = await readJson(read, ADAPTER_CONFIG);
  return { weights, ...readAdapters(config, described, parse(ADAPTER_WEIGHTS, adapter).tensors) };
}

async function readJson(read: ReadFile, name: string): Promise<unknown> {
  return parseJson(name, decodeText(name, await need(read, name, 'there is no model without it')));
}

async function need(read: ReadFile, name: string, reason: string): Promise<Uint8Array> {
  const bytes = await read(name);
  if (bytes) return bytes;
  throw new RunFormatError(name, `is missing, and ${reason}`);
}

function parse(file: string, bytes: Uint8Array): Safetensors {
  try {
    return readSafetensors(bytes);
  } catch (cause) {
    throw new RunFormatError(file, (cause as Error).message, { cause });
  }
}

interface Weights {
  /** Whose fault it is if a tensor is missing. */
  readonly file: string;
  readonly tensors: readonly NamedTensor[];
}

async function readWeights(read: ReadFile): Promise<Weights> {
  const whole = await read(WEIGHTS);
  if (whole) return { file: WEIGHTS, tensors: parse(WEIGHTS, whole).tensors };
  if (await read(INDEX)) return readShards(read, await readJson(read, INDEX));
  throw new RunFormatError(WEIGHTS, `is missing, and ${INDEX} is not there either`);
}

/** A name in the same folder. */
const fileName = v.pipe(
  v.string('the name of a file'),
  v.regex(/^[^/\\]+\.safetensors$/, 'the name of a safetensors file in the same folder'),
);
const IndexSchema = v.looseObject({
  weight_map: v.record(v.string(), fileName, 'files by tensor'),
});

/** Files by tensor, as the index says. */
export function shardsOf(index: unknown): Readonly<Record<string, string>> {
  return checkObject(INDEX, IndexSchema, index).weight_map;
}

async function readShards(read: ReadFile, index: unknown): Promise<Weights> {
  const files = shardsOf(index);
  const tensors: NamedTensor[] = [];
  for (const file of new Set(Object.values(files))) {
    const named = Object.keys(files).filter((name) => files[name] === file);
    const bytes = await need(read, file, `${INDEX} names it for "${named[0]}"`);
    const found = parse(file, bytes).tensors;
    checkShard(file, named, found);
    tensors.push(...found);
  }
  return { file: INDEX, tensors };
}

/** A shard holds the tensors that the index says it holds, and no other. */
function checkShard(file: string, named: readonly string[], found: readonly NamedTensor[]): void {
  const names = new Set(found.map(({ name }) => name));
  const missing = named.find((name) => !names.has(name));
  if (missing !== undefined) {
    throw new RunFormatError(file, `tensor "${missing}" is missing, and ${INDEX} says it is here`);
  }
  const surplus = found.find(({ name }) => !named.includes(name));
  if (surplus) throw new RunFormatError(file, `tensor "${surplus.name}" is none of ${INDEX}`);
}

/** Files of older versions repeat a tied head, and hold frequencies that the config gives. */
function withoutCopies(config: PolicyConfig, tensors: readonly NamedTensor[]): NamedTensor[] {
  return tensors.filter(({ name }) => !isCopy(config, name));
}

/** Whether a tensor is a repetition that is not read. */
export function isCopy({ tieEmbeddings }: PolicyConfig, name: string): boolean {
  return name.endsWith('.rotary_emb.inv_freq') || (tieEmbeddings && name === 'lm_head.weight');
}
