/**
 * Keys of config.json that change what a decoder computes: understood, or refused where they say something
 * that ours cannot follow. `transformers` 4 writes `rope_theta` and `rope_scaling`, 5 writes
 * `rope_parameters`; both say the same.
 */
import { RunFormatError, show } from './checks.ts';

/** What `transformers` takes where nothing is said. */
const DEFAULT_THETA = 10_000;
const THETAS = { least: 1, most: 1e12 } as const;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The base of the rotary embeddings.
 * @throws RunFormatError if they are scaled, partial or not the same throughout, or if the two spellings
 * disagree.
 */
export function ropeThetaOf(file: string, fields: Fields): number {
  checkRopeKeys(file, fields);
  const theta = thetaOf(file, 'rope_theta', fields.rope_theta);
  checkUnscaled(file, 'rope_scaling', fields.rope_scaling);
  const own = fields.rope_parameters ?? undefined;
  checkUnscaled(file, 'rope_parameters', own);
  const inner = isObject(own)
    ? thetaOf(file, 'rope_parameters.rope_theta', own.rope_theta)
    : undefined;
  if (theta !== undefined && inner !== undefined && theta !== inner) {
    const expected = `rope_theta (${theta}), where both are given`;
    throw new RunFormatError(
      file,
      `rope_parameters.rope_theta: got ${inner}, expected ${expected}`,
    );
  }
  return inner ?? theta ?? DEFAULT_THETA;
}

const ROPE_KEYS: readonly string[] = ['rope_theta', 'rope_scaling', 'rope_parameters'];

function checkRopeKeys(file: string, fields: Fields): void {
  const other = Object.keys(fields).find(
    (key) => key.startsWith('rope_') && !ROPE_KEYS.includes(key),
  );
  if (other === undefined || isNeutral(fields[other])) return;
  throw new RunFormatError(
    file,
    `${other}: got ${show(fields[other])}, expected nothing: plain rotary embeddings only`,
  );
}

function thetaOf(file: string, field: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const fits = typeof value === 'number' && value >= THETAS.least && value <= THETAS.most;
  if (fits) return value;
  const expected = `a number from ${THETAS.least} to ${THETAS.most}`;
  throw new RunFormatError(file, `${field}: got ${show(value)}, expected ${expected}`);
}

const PLAIN: Readonly<Record<string, readonly unknown[]>> = {
  type: ['default'],
  rope_type: ['default'],
  partial_rotary_factor: [1],
};

/** Null, or an object that says that nothing is scaled. */
function checkUnscaled(file: string, field: string, value: unknown): void {
  if (value === undefined || value === null) return;
  const expected = 'null: scaled rotary embeddings are not supported';
  if (!isObject(value)) refuse(file, field, value, expected);
  else {
    for (const [key, own] of Object.entries(value)) {
      const plain = field === 'rope_parameters' && key === 'rope_theta';
      if (plain || own === null || PLAIN[key]?.includes(own)) continue;
      refuse(file, field, value, field === 'rope_parameters' ? 'rope_type "default"' : expected);
    }
  }
}

function refuse(file: string, field: string, value: unknown, expected: string): never {
  throw new RunFormatError(file, `${field}: got ${show(value)}, expected ${expected}`);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What models of other families, and later ones of this, say with these; `transformers` would compute
 * something else than our decoder. Values that leave all as it is are beside them.
 */
const CHANGES_MEANING: Readonly<Record<string, readonly unknown[]>> = {
  partial_rotary_factor: [1],
  quantization_config: [],
  compression_config: [],
  sliding_window: [],
  use_sliding_window: [],
  layer_types: [],
  no_rope_layers: [],
  no_rope_layer_interval: [],
  attn_logit_softcapping: [],
  final_logit_softcapping: [],
  embedding_multiplier: [1],
  residual_multiplier: [1],
  attention_multiplier: [],
  logits_scaling: [1],
  logit_scale: [1],
  query_pre_attn_scalar: [],
  qk_norm: [],
  use_qk_norm: [],
  clip_qkv: [],
  num_experts: [0, 1],
  num_local_experts: [0, 1],
  parallel_attn: [],
  is_encoder_decoder: [],
  add_cross_attention: [],
  is_causal: [true],
};

/** Says nothing. */
function isNeutral(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === false ||
    (Array.isArray(value) && !value.length)
  );
}

/** @throws RunFormatError naming the first key that asks for another decoder. */
export function checkMeaning(file: string, fields: Fields): void {
  for (const [key, neutral] of Object.entries(CHANGES_MEANING)) {
    const value = fields[key];
    if (isNeutral(value) || neutral.includes(value)) continue;
    if (key === 'layer_types' && allFull(value)) continue;
    const expected = neutral.length > 0 ? `${show(neutral[0])} or nothing` : 'nothing';
    refuse(file, key, value, `${expected}: this decoder has no such part`);
  }
}

/** As `transformers` 5 may spell out of a model that attends to everything. */
function allFull(value: unknown): boolean {
  return Array.isArray(value) && value.every((type) => type === 'full_attention');
}
