/** Names, shapes and first values of a Llama decoder's parameters, in Hugging Face's layout. */
import { createRng, type Rng } from '../base/rng.ts';
import { LORA_TARGETS } from '../schema/lora-targets.ts';
import type { LoraTarget, NamedTensor, PolicyConfig, PolicySnapshot } from './policy.ts';

export interface ParamSpec {
  readonly name: string;
  /** [out, in] for projections, [vocab, hidden] for the embedding, [hidden] or [headDim] for norms, [out] for biases. */
  readonly shape: readonly number[];
  /** Standard deviation of the first values; `null` means ones. */
  readonly std: number | null;
}

export function keyValueHeads({ numHeads, numKeyValueHeads }: PolicyConfig): number {
  return numKeyValueHeads ?? numHeads;
}

/** All parameters in canonical order: embedding, blocks, final norm, head (unless tied). */
export function paramSpecs(config: PolicyConfig): ParamSpec[] {
  const { vocabSize, hiddenSize: d, numLayers } = config;
  const blocks = Array.from({ length: numLayers }, (_, i) => blockSpecs(config, i)).flat();
  const embedding = {
    name: 'model.embed_tokens.weight',
    shape: [vocabSize, d],
    std: 0.5 / Math.sqrt(d),
  };
  const norm = { name: 'model.norm.weight', shape: [d], std: null };
  const head = { name: 'lm_head.weight', shape: [vocabSize, d], std: 0.5 / Math.sqrt(d) };
  return [embedding, ...blocks, norm, ...(config.tieEmbeddings ? [] : [head])];
}

function blockSpecs(config: PolicyConfig, index: number): ParamSpec[] {
  const { hiddenSize: d, intermediateSize: inner, numHeads, headDim, numLayers } = config;
  const width = numHeads * headDim;
  const keyWidth = keyValueHeads(config) * headDim;
  // Projections back into the residual stream start smaller, so that its variance does not grow with depth.
  const residual = Math.sqrt(1 / (2 * numLayers));
  const projection = (part: string, out: number, input: number, scale = 1): ParamSpec => ({
    name: `model.layers.${index}.${part}.weight`,
    shape: [out, input],
    std: scale / Math.sqrt(input),
  });
  const norm = (part: string, size = d): ParamSpec => ({
    name: `model.layers.${index}.${part}.weight`,
    shape: [size],
    std: null,
  });
  const bias = (part: string, size: number): ParamSpec => ({
    name: `model.layers.${index}.${part}.bias`,
    shape: [size],
    std: 0,
  });
  return [
    norm('input_layernorm'),
    // Their weights stand together, and so do their biases: one product makes all three.
    projection('self_attn.q_proj', width, d),
    projection('self_attn.k_proj', keyWidth, d),
    projection('self_attn.v_proj', keyWidth, d),
    ...(config.attentionBias
      ? [
          bias('self_attn.q_proj', width),
          bias('self_attn.k_proj', keyWidth),
          bias('self_attn.v_proj', keyWidth),
        ]
      : []),
    ...(config.queryKeyNorm
      ? [norm('self_attn.q_norm', headDim), norm('self_attn.k_norm', headDim)]
      : []),
    projection('self_attn.o_proj', d, width, residual),
    norm('post_attention_layernorm'),
    projection('mlp.gate_proj', inner, d),
    projection('mlp.up_proj', inner, d),
    projection('mlp.down_proj', d, inner, residual),
  ];
}

export { LORA_TARGETS };

const ATTENTION_TARGETS: readonly LoraTarget[] = ['q_proj', 'k_proj', 'v_proj', 'o_proj'];

/** The name of a target's weight, without its ending. */
export function targetName(layer: number, target: LoraTarget): string {
  const part = ATTENTION_TARGETS.includes(target) ? 'self_attn' : 'mlp';
  return `model.layers.${layer}.${part}.${target}`;
}

/**
 * All parameters of adapters, layer by layer: A [rank, in] and B [out, rank] of each target. Empty
 * without `lora`. B begins at 0, so that the policy does; A as PEFT begins it, but normal.
 */
export function adapterSpecs(config: PolicyConfig): ParamSpec[] {
  const { lora } = config;
  if (!lora) return [];
  const shapes = new Map(paramSpecs(config).map(({ name, shape }) => [name, shape]));
  return Array.from({ length: config.numLayers }, (_, layer) =>
    LORA_TARGETS.filter((target) => lora.targets.includes(target)).flatMap((target) => {
      const name = targetName(layer, target);
      const [out, input] = shapes.get(`${name}.weight`) as [number, number];
      return [
        { name: `${name}.lora_A.weight`, shape: [lora.rank, input], std: 1 / Math.sqrt(3 * input) },
        { name: `${name}.lora_B.weight`, shape: [out, lora.rank], std: 0 },
      ];
    }),
  ).flat();
}

/** What a policy trains: its adapters, or all of its weights. */
export function trainableSpecs(config: PolicyConfig): ParamSpec[] {
  return config.lora ? adapterSpecs(config) : paramSpecs(config);
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

export function parameterCount(config: PolicyConfig): number {
  return paramSpecs(config).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** Random first weights. */
export function initialWeights(config: PolicyConfig, rng: Rng): NamedTensor[] {
  return drawn(paramSpecs(config), rng);
}

/** Random first adapters, with which the policy is what it is without. */
function initialAdapters(config: PolicyConfig, rng: Rng): NamedTensor[] {
  return drawn(adapterSpecs(config), rng);
}

/** Those of a snapshot, or the first ones: with the same config always the same. */
export function firstAdapters(
  { adapters }: Pick<PolicySnapshot, 'adapters'>,
  config: PolicyConfig,
): readonly NamedTensor[] {
  return adapters ?? initialAdapters(config, createRng(0));
}

/**
 * The weights with the adapters added: what is read where adapters are not known. Sums in float64.
 * @throws RangeError naming the first tensor that does not fit.
 */
export function mergedWeights(snapshot: PolicySnapshot): readonly NamedTensor[] {
  const { config, weights } = snapshot;
  const { lora } = config;
  if (!lora) return weights;
  const adapters = orderTensors(adapterSpecs(config), firstAdapters(snapshot, config), 'adapters');
  const byName = new Map(adapters.map(({ name, values }) => [name, values]));
  return weights.map((tensor) => {
    const target = tensor.name.replace(/\.weight$/, '');
    const a = byName.get(`${target}.lora_A.weight`);
    const b = byName.get(`${target}.lora_B.weight`);
    if (!a || !b) return tensor;
    const { rank, alpha } = lora;
    const inputs = tensor.shape[1]!;
    const values = tensor.values.map((value, i) => {
      const [row, column] = [Math.floor(i / inputs), i % inputs];
      let sum = 0;
      for (let r = 0; r < rank; r++) sum += b[row * rank + r]! * a[r * inputs + column]!;
      return value + (alpha / rank) * sum;
    });
    return { ...tensor, values };
  });
}

function drawn(specs: readonly ParamSpec[], rng: Rng): NamedTensor[] {
  return specs.map(({ name, shape, std }) => {
    const draw = normals(rng.fork(name));
    const values = Float32Array.from({ length: sizeOf(shape) }, () =>
      std === null ? 1 : std * draw(),
    );
    return { name, shape, values };
  });
}

/** Standard normal draws (Box–Muller). */
function normals(rng: Rng): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());
}

/**
 * Puts tensors into canonical order.
 * @throws RangeError naming the first tensor that is missing, foreign, or of another shape.
 */
function orderTensors(
  specs: readonly ParamSpec[],
  tensors: readonly NamedTensor[],
  what: string,
): readonly NamedTensor[] {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const known = new Set(specs.map(({ name }) => name));
  const foreign = tensors.find(({ name }) => !known.has(name));
  if (foreign) throw new RangeError(`${what}: "${foreign.name}" is no parameter of this model`);
  return specs.map(({ name, shape }) => {
    const tensor = byName.get(name);
    if (!tensor)
      throw new RangeError(`${what}: "${name}" is missing, expected [${shape.join(', ')}]`);
    const fits = tensor.shape.join() === shape.join() && tensor.values.length === sizeOf(shape);
    if (!fits) {
      throw new RangeError(
        `${what}: "${name}" is [${tensor.shape.join(', ')}], expected [${shape.join(', ')}]`,
      );
    }
    return tensor;
  });
}

/** Cuts a flat vector into named tensors, each a copy. */
export function named(specs: readonly ParamSpec[], flat: Float32Array): NamedTensor[] {
  let at = 0;
  return specs.map(({ name, shape }) => {
    const values = flat.slice(at, at + sizeOf(shape));
    at += values.length;
    return { name, shape, values };
  });
}

/** @throws RangeError as `orderTensors`. */
export function flatten(
  specs: readonly ParamSpec[],
  tensors: readonly NamedTensor[],
  what: string,
): Float32Array {
  const ordered = orderTensors(specs, tensors, what);
  const flat = new Float32Array(ordered.reduce((sum, { values }) => sum + values.length, 0));
  let at = 0;
  for (const { values } of ordered) {
    flat.set(values, at);
    at += values.length;
  }
  return flat;
}
