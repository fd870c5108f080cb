/**
 * A policy as `transformers` writes and reads it: config.json of a `LlamaForCausalLM`,
 * `Qwen2ForCausalLM` or `Qwen3ForCausalLM`,
 * generation_config.json, and the names and shapes of its tensors.
 */
import * as v from 'valibot';
import { keyValueHeads, paramSpecs } from '../model/parameters.ts';
import type { NamedTensor, PolicyConfig } from '../model/policy.ts';
import { checkObject, real, RunFormatError, show, whole } from './checks.ts';
import { checkMeaning, ropeOf, toRopeScaling } from './rope-config.ts';
import { elements } from './safetensors.ts';

/** By `model_type`. The later ones add biases of queries, keys and values, and norms of queries and keys. */
const ARCHITECTURES = {
  llama: 'LlamaForCausalLM',
  qwen2: 'Qwen2ForCausalLM',
  qwen3: 'Qwen3ForCausalLM',
} as const;
type Family = keyof typeof ARCHITECTURES;

function familyOf({ attentionBias, queryKeyNorm }: PolicyConfig): Family {
  if (queryKeyNorm) return 'qwen3';
  return attentionBias ? 'qwen2' : 'llama';
}

/** The content of config.json. */
export function toHuggingFaceConfig(config: PolicyConfig) {
  const family = familyOf(config);
  return {
    architectures: [ARCHITECTURES[family]],
    model_type: family,
    vocab_size: config.vocabSize,
    hidden_size: config.hiddenSize,
    intermediate_size: config.intermediateSize,
    num_hidden_layers: config.numLayers,
    num_attention_heads: config.numHeads,
    num_key_value_heads: keyValueHeads(config),
    head_dim: config.headDim,
    max_position_embeddings: config.maxPositions,
    rms_norm_eps: config.rmsNormEps,
    rope_theta: config.ropeTheta,
    ...(config.ropeScaling && { rope_scaling: toRopeScaling(config.ropeScaling) }),
    hidden_act: 'silu',
    tie_word_embeddings: config.tieEmbeddings,
    attention_bias: family === 'qwen2',
    mlp_bias: false,
    bos_token_id: config.bosId,
    eos_token_id: config.eosId,
    pad_token_id: config.padId,
    torch_dtype: 'float32',
  };
}

const epsilon = v.pipe(
  real(),
  v.gtValue(0, 'a number above 0'),
  v.maxValue(1, 'a number above 0, and at most 1'),
);
/** Beyond these nothing is made of a file: no list of tensors, no table of positions. */
const MOST = {
  vocabulary: 2 ** 20,
  width: 2 ** 16,
  layers: 2 ** 13,
  heads: 2 ** 12,
  positions: 2 ** 17,
} as const;

function size(most: number) {
  return v.pipe(whole(1), v.maxValue(most, `at most ${most}`));
}

const IDS = 'a whole number of at least 0, or several';
const families = Object.keys(ARCHITECTURES) as Family[];
const classes = Object.values(ARCHITECTURES);

const ConfigSchema = v.looseObject({
  architectures: v.pipe(
    v.array(v.string(`one of ${classes.join(', ')}`), `one of ${classes.join(', ')}`),
    v.check(
      (own) => own.some((name) => classes.some((known) => known === name)),
      `one of ${classes.join(', ')}`,
    ),
  ),
  model_type: v.picklist(families, families.map((family) => `"${family}"`).join(' or ')),
  vocab_size: size(MOST.vocabulary),
  hidden_size: size(MOST.width),
  intermediate_size: size(MOST.width),
  num_hidden_layers: size(MOST.layers),
  num_attention_heads: size(MOST.heads),
  num_key_value_heads: v.nullish(whole(1)),
  head_dim: v.nullish(size(MOST.heads)),
  max_position_embeddings: size(MOST.positions),
  rms_norm_eps: epsilon,
  hidden_act: v.literal('silu', '"silu"'),
  tie_word_embeddings: v.optional(v.boolean('true or false'), false),
  attention_bias: v.nullish(v.boolean('true or false')),
  mlp_bias: v.optional(v.literal(false, 'false: biases are not supported'), false),
  bos_token_id: v.nullish(whole(0)),
  eos_token_id: v.union([whole(0), v.pipe(v.array(whole(0)), v.minLength(1, IDS))], IDS),
  pad_token_id: v.nullish(whole(0)),
});
type ConfigFile = v.InferOutput<typeof ConfigSchema>;

/** What `Qwen3Config` takes where nothing is said; the others divide the width by the heads. */
const QWEN3_HEAD_DIM = 128;

/**
 * Fields that `transformers` may leave out take its defaults. Of several end tokens the first is taken;
 * where there is none that pads or begins, the end token does.
 * @throws RunFormatError naming the first field that this app's decoder cannot follow.
 */
export function fromHuggingFaceConfig(value: unknown, file = 'config.json'): PolicyConfig {
  const fields = checkObject(file, ConfigSchema, value);
  const family = fields.model_type;
  const [eosId] = [fields.eos_token_id].flat() as [number];
  const { num_attention_heads: numHeads, num_key_value_heads: shared } = fields;
  const dividedDim = fields.hidden_size / numHeads;
  const config: PolicyConfig = {
    vocabSize: fields.vocab_size,
    hiddenSize: fields.hidden_size,
    intermediateSize: fields.intermediate_size,
    numLayers: fields.num_hidden_layers,
    numHeads,
    headDim: fields.head_dim ?? (family === 'qwen3' ? QWEN3_HEAD_DIM : dividedDim),
    maxPositions: fields.max_position_embeddings,
    rmsNormEps: fields.rms_norm_eps,
    ...ropeOf(file, fields),
    tieEmbeddings: fields.tie_word_embeddings,
    ...(shared && shared !== numHeads && { numKeyValueHeads: shared }),
    ...(family === 'qwen2' && { attentionBias: true }),
    ...(family === 'qwen3' && { queryKeyNorm: true }),
    bosId: fields.bos_token_id ?? eosId,
    eosId,
    padId: fields.pad_token_id ?? eosId,
  };
  checkRelations(file, fields, config);
  checkMeaning(file, fields);
  return config;
}

/** What no field shows by itself. */
function checkRelations(file: string, fields: ConfigFile, config: PolicyConfig): void {
  const refuse = (field: string, value: unknown, expected: string): never => {
    throw new RunFormatError(file, `${field}: got ${show(value)}, expected ${expected}`);
  };
  const { numHeads, headDim, vocabSize } = config;
  const named = ARCHITECTURES[fields.model_type];
  if (!fields.architectures.includes(named)) {
    refuse('architectures', fields.architectures, `["${named}"], which model_type says`);
  }
  const bias = config.attentionBias ?? false;
  if ((fields.attention_bias ?? bias) !== bias) {
    refuse('attention_bias', fields.attention_bias, `${bias}, as every ${named} here has it`);
  }
  if (numHeads % keyValueHeads(config) !== 0) {
    const expected = `a divisor of num_attention_heads (${numHeads})`;
    refuse('num_key_value_heads', keyValueHeads(config), expected);
  }
  if (!Number.isInteger(headDim) || headDim % 2 !== 0) {
    refuse('head_dim', headDim, 'an even whole number, as rotary embeddings need');
  }
  for (const field of ['bos_token_id', 'eos_token_id', 'pad_token_id'] as const) {
    const outside = [fields[field] ?? []].flat().find((id) => id >= vocabSize);
    if (outside !== undefined) refuse(field, outside, `less than vocab_size (${vocabSize})`);
  }
}

/**
 * The content of generation_config.json: samples as the run does. Top-k and top-p are spelled out, since
 * the defaults of `transformers` would cut the distribution.
 */
export function toGenerationConfig(config: PolicyConfig, temperature: number) {
  return {
    bos_token_id: config.bosId,
    eos_token_id: config.eosId,
    pad_token_id: config.padId,
    do_sample: true,
    temperature,
    top_k: 0,
    top_p: 1,
  };
}

/** Shape of every parameter by its name; [out, in] for projections. No head where it is tied. */
export function weightShapes(config: PolicyConfig): ReadonlyMap<string, readonly number[]> {
  return new Map(paramSpecs(config).map(({ name, shape }) => [name, shape]));
}

/**
 * Holds tensors against config.json; `prefix` stands before each name, as in `m.model.norm.weight`.
 * @returns the tensors without the prefix, in the order of `weightShapes`.
 * @throws RunFormatError naming the first tensor that is missing, surplus or misshapen, or holds a
 *   value that is not finite.
 */
export function checkTensors(
  file: string,
  config: PolicyConfig,
  tensors: readonly NamedTensor[],
  prefix = '',
): NamedTensor[] {
  return checkShapes(file, weightShapes(config), tensors, prefix);
}

/** As `checkTensors`, for any list of names and shapes. */
export function checkShapes(
  file: string,
  shapes: ReadonlyMap<string, readonly number[]>,
  tensors: readonly NamedTensor[],
  prefix: string,
): NamedTensor[] {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const surplus = tensors.find(({ name }) => !shapes.has(name.slice(prefix.length)));
  if (surplus) {
    throw new RunFormatError(file, `tensor "${surplus.name}" is none that config.json calls for`);
  }
  return [...shapes].map(([name, shape]) => {
    const tensor = byName.get(prefix + name);
    if (!tensor) {
      const expected = `expected one of shape [${shape.join(', ')}]`;
      throw new RunFormatError(file, `tensor "${prefix}${name}" is missing, ${expected}`);
    }
    checkTensor(file, tensor, shape);
    return { ...tensor, name };
  });
}

function checkTensor(
  file: string,
  { name, shape, values }: NamedTensor,
  expected: readonly number[],
) {
  if (shape.join() !== expected.join() || values.length !== elements(shape)) {
    throw new RunFormatError(
      file,
      `tensor "${name}": got shape [${shape.join(', ')}], expected [${expected.join(', ')}]`,
    );
  }
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    throw new RunFormatError(
      file,
      `tensor "${name}": got ${values[at]} at ${at}, expected finite numbers`,
    );
  }
}
