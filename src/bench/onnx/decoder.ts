/**
 * The decoder as an ONNX graph of standard operators: new tokens after a cache that goes in and comes out
 * grown, as exported language models have it. One graph reads prompts and writes tokens.
 *
 * Inputs: `ids` [rows, time]; `cos`, `sin` [time, headDim] of their positions; `mask` [time, keys], added
 * to the scores; `past.<layer>.key` and `.value` [rows, heads, past, headDim].
 * Outputs: `logits` [rows, vocab] of the last token; `present.<layer>.key` and `.value`.
 */
import type { NamedTensor, PolicyConfig } from '../../model/policy.ts';
import type { Attribute, Graph, GraphNode, GraphTensor, Initializer } from './model.ts';

export type CachePart = 'key' | 'value';

export function cacheName(when: 'past' | 'present', layer: number, part: CachePart): string {
  return `${when}.${layer}.${part}`;
}

/**
 * @throws Error naming the weight that is missing.
 * @throws RangeError if the head is not the embedding.
 */
export function decoderGraph(config: PolicyConfig, weights: readonly NamedTensor[]): Graph {
  if (!config.tieEmbeddings) throw new RangeError('onnx: only a tied head is written for it');
  return new DecoderWriter(config, weights).write();
}

class DecoderWriter {
  private readonly nodes: GraphNode[] = [];
  private readonly initializers: Initializer[] = [];
  private readonly weights: ReadonlyMap<string, NamedTensor>;

  constructor(
    private readonly config: PolicyConfig,
    weights: readonly NamedTensor[],
  ) {
    this.weights = new Map(weights.map((weight) => [weight.name, weight]));
  }

  write(): Graph {
    const { numLayers, vocabSize } = this.config;
    const layers = Array.from({ length: numLayers }, (_, layer) => layer);
    const embedding = this.weight('model.embed_tokens');
    let x = this.node('Gather', [this.constant(embedding), 'ids']); // [rows, time, d]
    for (const layer of layers) x = this.block(layer, x);
    const last = this.node('Gather', [x, this.integers([-1], [])], { axis: 1 }); // [rows, d]
    const normal = this.norm(last, 'model.norm');
    this.node('MatMul', [normal, this.constant(transposed(embedding))], {}, ['logits']);
    return {
      name: 'decoder',
      nodes: this.nodes,
      initializers: this.initializers,
      inputs: [...this.inputs(), ...layers.flatMap((layer) => this.cache('past', layer))],
      outputs: [
        { name: 'logits', type: 'float32', axes: ['rows', vocabSize] },
        ...layers.flatMap((layer) => this.cache('present', layer)),
      ],
    };
  }

  private inputs(): GraphTensor[] {
    const { headDim } = this.config;
    return [
      { name: 'ids', type: 'int32', axes: ['rows', 'time'] },
      { name: 'cos', type: 'float32', axes: ['time', headDim] },
      { name: 'sin', type: 'float32', axes: ['time', headDim] },
      { name: 'mask', type: 'float32', axes: ['time', 'present'] },
    ];
  }

  private cache(when: 'past' | 'present', layer: number): GraphTensor[] {
    const { numHeads, headDim } = this.config;
    return (['key', 'value'] as const).map((part) => ({
      name: cacheName(when, layer, part),
      type: 'float32',
      axes: ['rows', numHeads, when, headDim],
    }));
  }

  private block(layer: number, x: string): string {
    const at = `model.layers.${layer}`;
    const attentionOut = this.attention(layer, this.norm(x, `${at}.input_layernorm`));
    const middle = this.node('Add', [x, this.linear(attentionOut, [`${at}.self_attn.o_proj`])]);
    const normal = this.norm(middle, `${at}.post_attention_layernorm`);
    const both = this.linear(normal, [`${at}.mlp.gate_proj`, `${at}.mlp.up_proj`]);
    const [gate, up] = this.split(both, 2, -1);
    const silu = this.node('Mul', [gate!, this.node('Sigmoid', [gate!])]);
    const gated = this.node('Mul', [silu, up!]);
    return this.node('Add', [middle, this.linear(gated, [`${at}.mlp.down_proj`])]);
  }

  private attention(layer: number, x: string): string {
    const { numHeads, headDim } = this.config;
    const projections = ['q', 'k', 'v'].map((p) => `model.layers.${layer}.self_attn.${p}_proj`);
    // A size of 0 copies the input's.
    const perHead = this.integers([0, 0, 3 * numHeads, headDim]);
    const flat = this.node('Reshape', [this.linear(x, projections), perHead]);
    const heads = this.node('Transpose', [flat], { perm: [0, 2, 1, 3] }); // [rows, 3·heads, time, headDim]
    const [q, k, newValue] = this.split(heads, 3, 1);
    const key = this.grow(layer, 'key', this.rotate(k!));
    const value = this.grow(layer, 'value', newValue!);
    const columns = this.node('Transpose', [key], { perm: [0, 1, 3, 2] });
    const raw = this.node('MatMul', [this.rotate(q!), columns]); // [rows, heads, time, keys]
    const scores = this.node('Mul', [raw, this.scalar(1 / Math.sqrt(headDim))]);
    const shares = this.node('Softmax', [this.node('Add', [scores, 'mask'])], { axis: -1 });
    const attentionOut = this.node('MatMul', [shares, value]);
    const back = this.node('Transpose', [attentionOut], { perm: [0, 2, 1, 3] });
    return this.node('Reshape', [back, this.integers([0, 0, numHeads * headDim])]);
  }

  private grow(layer: number, part: CachePart, fresh: string): string {
    const past = cacheName('past', layer, part);
    const present = cacheName('present', layer, part);
    return this.node('Concat', [past, fresh], { axis: 2 }, [present]);
  }

  /** Rotary positions, by halves. */
  private rotate(x: string): string {
    const [a, b] = this.split(x, 2, -1);
    const turned = this.node('Concat', [this.node('Neg', [b!]), a!], { axis: -1 });
    return this.node('Add', [this.node('Mul', [x, 'cos']), this.node('Mul', [turned, 'sin'])]);
  }

  /** As the runtime's optimizer knows it, which puts one kernel in its place. */
  private norm(x: string, name: string): string {
    const square = this.node('Pow', [x, this.scalar(2)]);
    const mean = this.node('ReduceMean', [square], { axes: [-1], keepdims: 1 });
    const sum = this.node('Add', [mean, this.scalar(this.config.rmsNormEps)]);
    const normal = this.node('Div', [x, this.node('Sqrt', [sum])]);
    return this.node('Mul', [normal, this.constant(this.weight(name))]);
  }

  /** x · [W₁; W₂; …]ᵀ: projections of one input stand side by side in one product. */
  private linear(x: string, names: readonly string[]): string {
    const all = names.map((name) => this.weight(name));
    const stacked: NamedTensor = {
      name: names.join('+'),
      shape: [all.reduce((sum, { shape }) => sum + shape[0]!, 0), all[0]!.shape[1]!],
      values: Float32Array.from(all.flatMap(({ values }) => [...values])),
    };
    return this.node('MatMul', [x, this.constant(transposed(stacked))]);
  }

  private split(x: string, parts: number, axis: number): string[] {
    const outputs = Array.from({ length: parts }, (_, part) => `${this.fresh()}.${part}`);
    this.node('Split', [x], { axis }, outputs);
    return outputs;
  }

  /** Appends a node; its first output. */
  private node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    outputs: readonly string[] = [this.fresh()],
  ): string {
    this.nodes.push({ operator, inputs, outputs, attributes });
    return outputs[0]!;
  }

  private fresh(): string {
    return `n${this.nodes.length}`;
  }

  private weight(name: string): NamedTensor {
    const weight = this.weights.get(`${name}.weight`);
    if (!weight) throw new Error(`onnx: the weights lack "${name}.weight"`);
    return weight;
  }

  private constant({ name, shape, values }: Initializer): string {
    this.initializers.push({ name, shape, values });
    return name;
  }

  private scalar(value: number): string {
    const name = `c${this.initializers.length}`;
    return this.constant({ name, shape: [], values: Float32Array.of(value) });
  }

  private integers(values: readonly number[], shape: readonly number[] = [values.length]): string {
    const name = `c${this.initializers.length}`;
    return this.constant({ name, shape, values: BigInt64Array.from(values, BigInt) });
  }
}

/** [out, in] → [in, out], as `MatMul` wants it. */
function transposed({ name, shape, values }: NamedTensor): NamedTensor {
  const [rows = 0, columns = 0] = shape;
  const flipped = Float32Array.from(values, (_, at) => {
    return values[(at % rows) * columns + Math.floor(at / rows)]!;
  });
  return { name: `${name}.T`, shape: [columns, rows], values: flipped };
}
