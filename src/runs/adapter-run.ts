/**
 * A run that trains adapters of a pretrained model, as files: the adapters as PEFT reads them, and which
 * model they belong to. The model's own files are kept once, wherever they are, and are no part of it.
 */
import * as v from 'valibot';
import { trainableSpecs } from '../model/parameters.ts';
import type { PolicyConfig, PolicySnapshot } from '../model/policy.ts';
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, readAdapters, toAdapterFiles } from './adapters.ts';
import { CONFIG } from './checkpoint.ts';
import { checkObject, encodeText, RunFormatError, toJson, whole } from './checks.ts';
import { fromHuggingFaceConfig, toHuggingFaceConfig } from './huggingface.ts';
import type { Safetensors } from './safetensors.ts';
import type { BundleFile } from './zip.ts';

export const BASE_MODEL = 'base_model.json';

/** What there is beside the run itself. */
export const ADAPTER_RUN_FILES = [BASE_MODEL, CONFIG, ADAPTER_CONFIG, ADAPTER_WEIGHTS] as const;

/** The model beneath a run's adapters. */
export interface BaseModel {
  /** Tells its files from those of all others: made of their contents. */
  readonly id: string;
  /** As a person knows it. */
  readonly name: string;
  /** Of an answer, the token that ends it included. */
  readonly maxTokens: number;
}

const text = v.pipe(v.string('a text'), v.minLength(1, 'a text that is not empty'));
const BaseSchema = v.object({
  id: v.pipe(v.string('an id'), v.regex(/^[0-9a-f]{32}$/, '32 hexadecimal digits')),
  name: v.pipe(text, v.maxLength(200, 'at most 200 letters')),
  maxTokens: v.pipe(whole(1), v.maxValue(4096, 'at most 4096')),
});

/** @throws RunFormatError naming the field. */
export function readBaseModel(value: unknown): BaseModel {
  return checkObject(BASE_MODEL, BaseSchema, value);
}

export function toAdapterRunFiles(
  base: BaseModel,
  { config, adapters }: PolicySnapshot,
): BundleFile[] {
  if (!adapters) throw new RunFormatError(ADAPTER_WEIGHTS, 'got nothing, expected adapters');
  const json = (path: string, value: unknown): BundleFile => ({
    path,
    bytes: encodeText(toJson(path, value, 2) + '\n'),
  });
  return [
    json(BASE_MODEL, base),
    json(CONFIG, toHuggingFaceConfig(config)),
    ...toAdapterFiles(config, adapters, base.name),
  ];
}

/** A snapshot without weights: those are the model's. */
export function readAdapterRun(
  json: (path: string) => unknown,
  tensors: (path: string) => Safetensors,
): { readonly base: BaseModel; readonly snapshot: PolicySnapshot } {
  const base = readBaseModel(json(BASE_MODEL));
  const shape = fromHuggingFaceConfig(json(CONFIG), CONFIG);
  const read = readAdapters(shape, json(ADAPTER_CONFIG), tensors(ADAPTER_WEIGHTS).tensors);
  return { base, snapshot: { weights: [], ...read } };
}

/** Shape of everything that is trained by its name: adapters where there are such, or else weights. */
export function trainedShapes(config: PolicyConfig): ReadonlyMap<string, readonly number[]> {
  return new Map(trainableSpecs(config).map(({ name, shape }) => [name, shape]));
}
