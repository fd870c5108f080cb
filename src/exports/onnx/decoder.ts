/**
 * The layers of a Llama decoder in standard operators of ONNX. Weights stay under their Hugging Face names
 * and in their shapes, [out, in]; what is done to them alone (standing them side by side, turning them) the
 * runtime folds away when it loads the file.
 */
import type { NamedTensor, PolicyConfig } from '../../model/policy.ts';
import type { GraphWriter } from './graph-writer.ts';

export type CachePart = 'key' | 'value';
export const CACHE_PARTS = ['key', 'value'] as const satisfies readonly CachePart[];

export interface DecoderInputs {
  /** cos and sin of every position, that broadcast to [rows, heads, time, headDim]; both halves alike. */
  readonly cos: string;
  readonly sin: string;
  /** Added to the scores: broadcasts to [rows, heads, time, keys]. */
  readonly mask: string;
  /** Keys or values of a layer [rows, heads, time, headDim]: what attention reads, earlier ones included. */
  readonly grow: (layer: number, part: CachePart, fresh: string) => string;
}

export class Decoder {
  private readonly weights: ReadonlyMap<string, NamedTensor>;

  constructor(
    private readonly graph: GraphWriter,
    private readonly config: PolicyConfig,
    weights: readonly NamedTensor[],
  ) {
    this.weights = new Map(weights.map((weight) => [weight.name, weight]));
  }

  /**
   * Hidden states [rows, time, hiddenSize] of token ids [rows, time], before the final norm.
   * @throws Error naming the weight that is missing.
   */
  layers(ids: string, inputs: DecoderInputs): string {
    let x = this.graph.node('Gather', [this.weight('model.embed_tokens'), ids]);
    for (let layer = 0; layer < this.config.numLayers; layer++) x = this.block(layer, x, inputs);
    return x;
  }

  /** Logits [..., vocabSize] of hidden states [..., hiddenSize], as the output `name`. */
  head(x: string, name: string): void {
    const head = this.config.tieEmbeddings ? 'model.embed_tokens' : 'lm_head';
    const normal = this.norm(x, 'model.norm');
    this.graph.node('MatMul', [normal, this.transposed([head])], {}, [name]);
  }

  private block(layer: number, x: string, inputs: DecoderInputs): string {
    const at = `model.layers.${layer}`;
    const { graph } = this;
    const attentionOut = this.attention(layer, this.norm(x, `${at}.input_layernorm`), inputs);
    const middle = graph.node('Add', [x, this.linear(attentionOut, [`${at}.self_attn.o_proj`])]);
    const normal = this.norm(middle, `${at}.post_attention_layernorm`);
    const both = this.linear(normal, [`${at}.mlp.gate_proj`, `${at}.mlp.up_proj`]);
    const [gate, up] = graph.split(both, 2, -1);
    const silu = graph.node('Mul', [gate!, graph.node('Sigmoid', [gate!])]);
    const gated = graph.node('Mul', [silu, up!]);
    return graph.node('Add', [middle, this.linear(gated, [`${at}.mlp.down_proj`])]);
  }

  private attention(layer: number, x: string, inputs: DecoderInputs): string {
    const { graph } = this;
    const { numHeads, headDim } = this.config;
    const at = `model.layers.${layer}.self_attn`;
    const keyHeads = this.keyValueHeads(layer);
    // A size of 0 copies the input's.
    const perHead = graph.integers([0, 0, numHeads + 2 * keyHeads, headDim]);
    const projected = this.linear(x, [`${at}.q_proj`, `${at}.k_proj`, `${at}.v_proj`]);
    const flat = graph.node('Reshape', [projected, perHead]);
    const heads = graph.node('Transpose', [flat], { perm: [0, 2, 1, 3] }); // [rows, all heads, time, headDim]
    const [q, k, newValue] = graph.splitInto(heads, [numHeads, keyHeads, keyHeads], 1);
    const query = this.rotate(this.optionalNorm(q!, `${at}.q_norm`), inputs);
    const newKey = this.rotate(this.optionalNorm(k!, `${at}.k_norm`), inputs);
    const key = this.perQueryHead(inputs.grow(layer, 'key', newKey), keyHeads);
    const value = this.perQueryHead(inputs.grow(layer, 'value', newValue!), keyHeads);
    const columns = graph.node('Transpose', [key], { perm: [0, 1, 3, 2] });
    const raw = graph.node('MatMul', [query, columns]); // [rows, heads, time, keys]
    const scores = graph.node('Mul', [raw, graph.scalar(1 / Math.sqrt(headDim))]);
    const masked = graph.node('Add', [scores, inputs.mask]);
    const shares = graph.node('Softmax', [masked], { axis: -1 });
    const attentionOut = graph.node('MatMul', [shares, value]);
    const back = graph.node('Transpose', [attentionOut], { perm: [0, 2, 1, 3] });
    return graph.node('Reshape', [back, graph.integers([0, 0, numHeads * headDim])]);
  }

  /** Heads of keys and values, as the weights have them: several heads of queries may share one. */
  keyValueHeads(layer: number): number {
    const name = `model.layers.${layer}.self_attn.k_proj.weight`;
    return this.need(name).shape[0]! / this.config.headDim;
  }

  /** Each head of [rows, keyHeads, keys, headDim] as often as there are queries for it. */
  private perQueryHead(x: string, keyHeads: number): string {
    const { graph } = this;
    const { numHeads, headDim } = this.config;
    if (keyHeads === numHeads) return x;
    const shared = graph.node('Unsqueeze', [x, graph.integers([2])]);
    const sizes = graph.integers([1, 1, numHeads / keyHeads, 1, 1]);
    const repeated = graph.node('Expand', [shared, sizes]);
    return graph.node('Reshape', [repeated, graph.integers([0, numHeads, -1, headDim])]);
  }

  /** Rotary positions, by halves. */
  private rotate(x: string, { cos, sin }: DecoderInputs): string {
    const { graph } = this;
    const [a, b] = graph.split(x, 2, -1);
    const turned = graph.node('Concat', [graph.node('Neg', [b!]), a!], { axis: -1 });
    return graph.node('Add', [graph.node('Mul', [x, cos]), graph.node('Mul', [turned, sin])]);
  }

  /** The norm of that name, where the weights have one. */
  private optionalNorm(x: string, name: string): string {
    return this.weights.has(`${name}.weight`) ? this.norm(x, name) : x;
  }

  /** As the runtime's optimizer knows it, which puts one kernel in its place. */
  private norm(x: string, name: string): string {
    const { graph } = this;
    const square = graph.node('Pow', [x, graph.scalar(2)]);
    const mean = graph.node('ReduceMean', [square], { axes: [-1], keepdims: 1 });
    const sum = graph.node('Add', [mean, graph.scalar(this.config.rmsNormEps)]);
    const normal = graph.node('Div', [x, graph.node('Sqrt', [sum])]);
    return graph.node('Mul', [normal, this.weight(name)]);
  }

  /**
   * x · [W₁; W₂; …]ᵀ: projections of one input stand side by side in one product. Biases are added where
   * the weights have them.
   */
  private linear(x: string, names: readonly string[]): string {
    const product = this.graph.node('MatMul', [x, this.transposed(names)]);
    const biases = names.map((name) => `${name}.bias`).filter((name) => this.weights.has(name));
    if (biases.length === 0) return product;
    const all = names.map((name) => this.constant(`${name}.bias`));
    const stacked = all.length === 1 ? all[0]! : this.graph.node('Concat', all, { axis: 0 });
    return this.graph.node('Add', [product, stacked]);
  }

  /** [out, in] → [in, out], as `MatMul` wants it. */
  private transposed(names: readonly string[]): string {
    const parts = names.map((name) => this.weight(name));
    const stacked = parts.length === 1 ? parts[0]! : this.graph.node('Concat', parts, { axis: 0 });
    return this.graph.node('Transpose', [stacked], { perm: [1, 0] });
  }

  private weight(name: string): string {
    return this.constant(`${name}.weight`);
  }

  private constant(name: string): string {
    return this.graph.constant(this.need(name));
  }

  private need(name: string): NamedTensor {
    const weight = this.weights.get(name);
    if (!weight) throw new Error(`onnx: the weights lack "${name}"`);
    return weight;
  }

  /**
   * Once the graph is written: a weight that it does not use would make other logits.
   * @throws Error naming it.
   */
  refuseUnused(): void {
    const used = new Set(this.graph.initializers.map(({ name }) => name));
    const unused = [...this.weights.keys()].find((name) => !used.has(name));
    if (unused !== undefined) throw new Error(`onnx: the decoder has no use for "${unused}"`);
  }
}
