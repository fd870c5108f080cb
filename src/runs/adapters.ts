/** Low-rank adapters as PEFT writes and reads them: adapter_config.json and adapter_model.safetensors. */
import * as v from 'valibot';
import { adapterSpecs, LORA_TARGETS } from '../model/parameters.ts';
import type { LoraConfig, NamedTensor, PolicyConfig } from '../model/policy.ts';
import { checkObject, encodeText, real, RunFormatError, show, toJson, whole } from './checks.ts';
import { checkShapes } from './huggingface.ts';
import { writeSafetensors } from './safetensors.ts';
import type { BundleFile } from './zip.ts';

export const ADAPTER_CONFIG = 'adapter_config.json';
export const ADAPTER_WEIGHTS = 'adapter_model.safetensors';

/** Stands before the name of what is adapted. */
const PREFIX = 'base_model.model.';

const targets = v.picklist(LORA_TARGETS, `names of ${LORA_TARGETS.join(', ')}`);
const ConfigSchema = v.looseObject({
  peft_type: v.literal('LORA', '"LORA"'),
  r: v.pipe(whole(1), v.maxValue(4096, 'at most 4096')),
  lora_alpha: v.pipe(real(), v.gtValue(0, 'a number above 0')),
  target_modules: v.pipe(
    v.array(targets, `names of ${LORA_TARGETS.join(', ')}`),
    v.minLength(1, 'at least one name'),
  ),
});

/** Keys that change what adapters compute, and the values that do not. */
const NEUTRAL: Readonly<Record<string, readonly unknown[]>> = {
  bias: ['none'],
  fan_in_fan_out: [false],
  use_rslora: [false],
  use_dora: [false],
  lora_bias: [false],
  use_qalora: [false],
  rank_pattern: [],
  alpha_pattern: [],
  modules_to_save: [],
  layers_to_transform: [],
  layer_replication: [],
  exclude_modules: [],
  target_parameters: [],
  trainable_token_indices: [],
};

/**
 * The config with the adapters' shape in it, and their tensors under the names of `adapterSpecs`.
 * @throws RunFormatError naming the first field or tensor that is not as expected.
 */
export function readAdapters(
  config: PolicyConfig,
  described: unknown,
  tensors: readonly NamedTensor[],
): { readonly config: PolicyConfig; readonly adapters: readonly NamedTensor[] } {
  const fields = checkObject(ADAPTER_CONFIG, ConfigSchema, described);
  for (const [key, neutral] of Object.entries(NEUTRAL)) {
    const value: unknown = fields[key];
    if (saysNothing(value) || neutral.includes(value)) continue;
    const expected = neutral.length > 0 ? show(neutral[0]) : 'nothing';
    throw new RunFormatError(ADAPTER_CONFIG, `${key}: got ${show(value)}, expected ${expected}`);
  }
  const lora: LoraConfig = {
    rank: fields.r,
    alpha: fields.lora_alpha,
    targets: LORA_TARGETS.filter((target) => fields.target_modules.includes(target)),
  };
  const adapted = { ...config, lora };
  const shapes = new Map(adapterSpecs(adapted).map(({ name, shape }) => [name, shape]));
  return { config: adapted, adapters: checkShapes(ADAPTER_WEIGHTS, shapes, tensors, PREFIX) };
}

function saysNothing(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/**
 * The two files that PEFT loads onto the base model.
 * @param base name or path of the base model.
 */
export function toAdapterFiles(
  config: PolicyConfig,
  adapters: readonly NamedTensor[],
  base: string,
): BundleFile[] {
  const { lora } = config;
  if (!lora) throw new RangeError('lora: got nothing, expected adapters');
  const described = {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: base,
    r: lora.rank,
    lora_alpha: lora.alpha,
    lora_dropout: 0,
    target_modules: lora.targets,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
  };
  const named = adapters.map((tensor) => ({ ...tensor, name: PREFIX + tensor.name }));
  const text = toJson(ADAPTER_CONFIG, described, 2) + '\n';
  return [
    { path: ADAPTER_CONFIG, bytes: encodeText(text) },
    { path: ADAPTER_WEIGHTS, bytes: writeSafetensors(named) },
  ];
}
