/**
 * Keys of config.json that change what a decoder computes: understood, or refused where they say something
 * that ours cannot follow. `transformers` 4 writes `rope_theta` and `rope_scaling`, 5 writes
 * `rope_parameters`; both say the same.
 */
import type { PolicyConfig, RopeScaling } from '../model/policy.ts';
import { RunFormatError, show } from './checks.ts';

/** What `transformers` takes where nothing is said. */
const DEFAULT_THETA = 10_000;
const THETAS = { least: 1, most: 1e12 } as const;

type Fields = Readonly<Record<string, unknown>>;

/** What a policy takes of the rotary embeddings. */
export type Rope = Pick<PolicyConfig, 'ropeTheta' | 'ropeScaling'>;

/**
 * Base and scaling of the rotary embeddings.
 * @throws RunFormatError if they are scaled otherwise than Llama 3's, partial or not the same throughout,
 * or if the two spellings disagree.
 */
export function ropeOf(file: string, fields: Fields): Rope {
  checkRopeKeys(file, fields);
  const theta = thetaOf(file, 'rope_theta', fields.rope_theta);
  const scaling = scalingOf(file, 'rope_scaling', fields.rope_scaling);
  const own = fields.rope_parameters ?? undefined;
  const inner = scalingOf(file, 'rope_parameters', own);
  const innerTheta = isObject(own)
    ? thetaOf(file, 'rope_parameters.rope_theta', own.rope_theta)
    : undefined;
  requireSame(file, 'rope_parameters.rope_theta', innerTheta, ['rope_theta', theta]);
  requireSame(file, 'rope_parameters', inner, ['rope_scaling', scaling]);
  const ropeScaling = inner ?? scaling;
  return { ropeTheta: innerTheta ?? theta ?? DEFAULT_THETA, ...(ropeScaling && { ropeScaling }) };
}

/** @throws RunFormatError if both fields are given and say something else. */
function requireSame(
  file: string,
  field: string,
  value: unknown,
  [other, expected]: readonly [string, unknown],
): void {
  if (value === undefined || expected === undefined) return;
  if (JSON.stringify(value) === JSON.stringify(expected)) return;
  throw new RunFormatError(
    file,
    `${field}: got ${show(value)}, expected ${other} (${show(expected)}), where both are given`,
  );
}

const ROPE_KEYS: readonly string[] = ['rope_theta', 'rope_scaling', 'rope_parameters'];

function checkRopeKeys(file: string, fields: Fields): void {
  const other = Object.keys(fields).find(
    (key) => key.startsWith('rope_') && !ROPE_KEYS.includes(key),
  );
  if (other === undefined || isNeutral(fields[other])) return;
  throw new RunFormatError(
    file,
    `${other}: got ${show(fields[other])}, expected nothing: this decoder has no such part`,
  );
}

function thetaOf(file: string, field: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const fits = typeof value === 'number' && value >= THETAS.least && value <= THETAS.most;
  if (fits) return value;
  const expected = `a number from ${THETAS.least} to ${THETAS.most}`;
  throw new RunFormatError(file, `${field}: got ${show(value)}, expected ${expected}`);
}

/** Fields of Llama 3's scaling, and what each must be. */
const LLAMA3 = {
  factor: { least: 1, expected: 'a number of at least 1' },
  low_freq_factor: { least: 1e-6, expected: 'a number above 0' },
  high_freq_factor: { least: 1e-6, expected: 'a number above 0' },
  original_max_position_embeddings: { least: 1, expected: 'a number of at least 1' },
} as const;

/** Fields that stand beside these, and values of them that change nothing. */
const NEUTRAL: Readonly<Record<string, readonly unknown[]>> = { partial_rotary_factor: [1] };

/** Absent where positions are not scaled: null, or an object that says so. */
function scalingOf(file: string, field: string, value: unknown): RopeScaling | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) return refuse(file, field, value, 'an object or null');
  const { rope_theta: _base, ...others } = value;
  const own = field === 'rope_parameters' ? others : value;
  const { rope_type: named, type: older, ...rest } = own;
  const type = named ?? older ?? 'default';
  if (type !== 'default' && type !== 'llama3') {
    refuse(
      file,
      `${field}.${named === undefined ? 'type' : 'rope_type'}`,
      type,
      '"default" or "llama3"',
    );
  }
  for (const [key, said] of Object.entries(rest)) {
    if (said === null || NEUTRAL[key]?.includes(said)) continue;
    if (type === 'llama3' && key in LLAMA3) continue;
    refuse(file, `${field}.${key}`, said, `nothing with rope_type ${show(type)}`);
  }
  return type === 'llama3' ? llama3Of(file, field, rest) : undefined;
}

function llama3Of(file: string, field: string, value: Fields): RopeScaling {
  const read = (key: keyof typeof LLAMA3): number => {
    const own = value[key];
    const { least, expected } = LLAMA3[key];
    if (typeof own === 'number' && own >= least) return own;
    return refuse(file, `${field}.${key}`, own, expected);
  };
  const scaling = {
    factor: read('factor'),
    lowFreqFactor: read('low_freq_factor'),
    highFreqFactor: read('high_freq_factor'),
    originalMaxPositions: read('original_max_position_embeddings'),
  };
  if (scaling.highFreqFactor > scaling.lowFreqFactor) return scaling;
  const expected = `more than low_freq_factor (${scaling.lowFreqFactor})`;
  return refuse(file, `${field}.high_freq_factor`, scaling.highFreqFactor, expected);
}

/** The content of `rope_scaling`. */
export function toRopeScaling(scaling: RopeScaling) {
  return {
    rope_type: 'llama3',
    factor: scaling.factor,
    low_freq_factor: scaling.lowFreqFactor,
    high_freq_factor: scaling.highFreqFactor,
    original_max_position_embeddings: scaling.originalMaxPositions,
  };
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
    // Qwen names a window that it does not use.
    if (key === 'sliding_window' && fields.use_sliding_window === false) continue;
    const expected = neutral.length > 0 ? `${show(neutral[0])} or nothing` : 'nothing';
    refuse(file, key, value, `${expected}: this decoder has no such part`);
  }
}

/** As `transformers` 5 may spell out of a model that attends to everything. */
function allFull(value: unknown): boolean {
  return Array.isArray(value) && value.every((type) => type === 'full_attention');
}
