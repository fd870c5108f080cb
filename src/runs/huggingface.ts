/**
 * A policy as `transformers` writes and reads it: config.json of a `LlamaForCausalLM`,
 * generation_config.json, and the names and shapes of its tensors.
 */
import * as v from 'valibot';
import type { NamedTensor, PolicyConfig } from '../model/policy.ts';
import { checkObject, real, RunFormatError, whole } from './checks.ts';
import { checkMeaning, ropeThetaOf } from './rope-config.ts';
import { elements } from './safetensors.ts';

const ARCHITECTURE = 'LlamaForCausalLM';

/** The content of config.json. */
export function toHuggingFaceConfig(config: PolicyConfig) {
  return {
    architectures: [ARCHITECTURE],
    model_type: 'llama',
    vocab_size: config.vocabSize,
    hidden_size: config.hiddenSize,
    intermediate_size: config.intermediateSize,
    num_hidden_layers: config.numLayers,
    num_attention_heads: config.numHeads,
    num_key_value_heads: config.numHeads,
    head_dim: config.headDim,
    max_position_embeddings: config.maxPositions,
    rms_norm_eps: config.rmsNormEps,
    rope_theta: config.ropeTheta,
    hidden_act: 'silu',
    tie_word_embeddings: config.tieEmbeddings,
    attention_bias: false,
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

const noBias = v.optional(v.literal(false, 'false: biases are not supported'), false);

const ConfigSchema = v.looseObject({
  architectures: v.pipe(
    v.array(v.string(`["${ARCHITECTURE}"]`), `["${ARCHITECTURE}"]`),
    v.includes(ARCHITECTURE, `["${ARCHITECTURE}"]`),
  ),
  model_type: v.literal('llama', '"llama"'),
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
  attention_bias: noBias,
  mlp_bias: noBias,
  bos_token_id: whole(0),
  eos_token_id: whole(0),
  pad_token_id: whole(0),
});
type ConfigFile = v.InferOutput<typeof ConfigSchema>;

/**
 * Fields that `transformers` may leave out take its defaults.
 * @throws RunFormatError naming the first field that this app's decoder cannot follow.
 */
export function fromHuggingFaceConfig(value: unknown, file = 'config.json'): PolicyConfig {
  const fields = checkObject(file, ConfigSchema, value);
  const config: PolicyConfig = {
    vocabSize: fields.vocab_size,
    hiddenSize: fields.hidden_size,
    intermediateSize: fields.intermediate_size,
    numLayers: fields.num_hidden_layers,
    numHeads: fields.num_attention_heads,
    headDim: fields.head_dim ?? fields.hidden_size / fields.num_attention_heads,
    maxPositions: fields.max_position_embeddings,
    rmsNormEps: fields.rms_norm_eps,
    ropeTheta: ropeThetaOf(file, fields),
    tieEmbeddings: fields.tie_word_embeddings,
    bosId: fields.bos_token_id,
    eosId: fields.eos_token_id,
    padId: fields.pad_token_id,
  };
  checkRelations(file, fields, config);
  checkMeaning(file, fields);
  return config;
}

/** What no field shows by itself. */
function checkRelations(file: string, fields: ConfigFile, config: PolicyConfig): void {
  const refuse = (field: string, value: number, expected: string): never => {
    throw new RunFormatError(file, `${field}: got ${value}, expected ${expected}`);
  };
  const { numHeads, headDim, vocabSize } = config;
  const keyValueHeads = fields.num_key_value_heads ?? numHeads;
  if (keyValueHeads !== numHeads) {
    refuse('num_key_value_heads', keyValueHeads, `num_attention_heads (${numHeads})`);
  }
  if (!Number.isInteger(headDim) || headDim % 2 !== 0) {
    refuse('head_dim', headDim, 'an even whole number, as rotary embeddings need');
  }
  for (const field of ['bos_token_id', 'eos_token_id', 'pad_token_id'] as const) {
    if (fields[field] >= vocabSize) {
      refuse(field, fields[field], `less than vocab_size (${vocabSize})`);
    }
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
  const { vocabSize, hiddenSize: d, intermediateSize: inner, numHeads, headDim } = config;
  const width = numHeads * headDim;
  const block: readonly (readonly [string, readonly number[]])[] = [
    ['input_layernorm', [d]],
    ['self_attn.q_proj', [width, d]],
    ['self_attn.k_proj', [width, d]],
    ['self_attn.v_proj', [width, d]],
    ['self_attn.o_proj', [d, width]],
    ['post_attention_layernorm', [d]],
    ['mlp.gate_proj', [inner, d]],
    ['mlp.up_proj', [inner, d]],
    ['mlp.down_proj', [d, inner]],
  ];
  const shapes = new Map([['model.embed_tokens.weight', [vocabSize, d]]]);
  for (let layer = 0; layer < config.numLayers; layer++) {
    for (const [part, shape] of block)
      shapes.set(`model.layers.${layer}.${part}.weight`, [...shape]);
  }
  shapes.set('model.norm.weight', [d]);
  if (!config.tieEmbeddings) shapes.set('lm_head.weight', [vocabSize, d]);
  return shapes;
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
  const shapes = weightShapes(config);
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
