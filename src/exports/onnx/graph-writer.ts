/** Puts an ONNX graph together, node by node. */
import type { Attribute, GraphNode, Initializer } from './model.ts';

export class GraphWriter {
  readonly nodes: GraphNode[] = [];
  readonly initializers: Initializer[] = [];

  /** Appends a node; its first output. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    outputs: readonly string[] = [this.fresh()],
  ): string {
    this.nodes.push({ operator, inputs, outputs, attributes });
    return outputs[0]!;
  }

  /** Equal parts of a tensor along an axis. */
  split(x: string, parts: number, axis: number): string[] {
    const outputs = Array.from({ length: parts }, (_, part) => `${this.fresh()}.${part}`);
    this.node('Split', [x], { axis }, outputs);
    return outputs;
  }

  /** Parts of a tensor of these sizes along an axis. */
  splitInto(x: string, sizes: readonly number[], axis: number): string[] {
    const outputs = sizes.map((_, part) => `${this.fresh()}.${part}`);
    this.node('Split', [x, this.integers(sizes)], { axis }, outputs);
    return outputs;
  }

  /** A tensor of the file; its name. Each is written once. */
  constant(initializer: Initializer): string {
    const { name } = initializer;
    if (!this.initializers.some((one) => one.name === name)) this.initializers.push(initializer);
    return name;
  }

  scalar(value: number): string {
    return this.constant({ name: this.unnamed(), shape: [], values: Float32Array.of(value) });
  }

  integers(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.constant({
      name: this.unnamed(),
      shape,
      values: BigInt64Array.from(values, BigInt),
    });
  }

  private fresh(): string {
    return `n${this.nodes.length}`;
  }

  private unnamed(): string {
    return `c${this.initializers.length}`;
  }
}
