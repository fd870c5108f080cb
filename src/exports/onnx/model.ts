/**
 * Writes an ONNX file: a graph of operators over named tensors. The numbers of fields are those of
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */
import { PbfWriter } from 'pbf';

/** Sizes of a tensor's axes; a name stands for one that is known only when the graph runs. */
export type Axes = readonly (number | string)[];

export type ElementType = 'float32' | 'int32' | 'int64';

export interface GraphTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly axes: Axes;
}

export interface Initializer {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

export interface GraphNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** A whole number is written as an integer, a list as integers, `{ float }` as a float. */
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

export type Attribute = number | readonly number[] | { readonly float: number };

export interface Graph {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly initializers: readonly Initializer[];
  readonly inputs: readonly GraphTensor[];
  readonly outputs: readonly GraphTensor[];
}

/** Version of the file format that `writeModel` writes, and of the standard operators it calls for. */
const IR_VERSION = 8;
export const OPSET = 17;

const ELEMENT_TYPES = { float32: 1, int32: 6, int64: 7 } as const satisfies Record<
  ElementType,
  number
>;
const ATTRIBUTE_TYPES = { float: 1, integer: 2, integers: 7 } as const;

/**
 * A `ModelProto`.
 * @throws RangeError where an attribute is a number that is not whole.
 */
export function writeModel(graph: Graph): Uint8Array<ArrayBuffer> {
  const out = new PbfWriter();
  out.writeVarintField(1, IR_VERSION);
  out.writeMessage(7, writeGraph, graph);
  out.writeMessage(8, writeOpset, OPSET);
  return out.finish().slice();
}

function writeOpset(version: number, out: PbfWriter): void {
  // The standard operators: their domain has no name.
  out.writeStringField(1, '');
  out.writeVarintField(2, version);
}

function writeGraph(graph: Graph, out: PbfWriter): void {
  for (const node of graph.nodes) out.writeMessage(1, writeNode, node);
  out.writeStringField(2, graph.name);
  for (const initializer of graph.initializers) out.writeMessage(5, writeTensor, initializer);
  for (const input of graph.inputs) out.writeMessage(11, writeValueInfo, input);
  for (const output of graph.outputs) out.writeMessage(12, writeValueInfo, output);
}

function writeNode({ operator, inputs, outputs, attributes = {} }: GraphNode, out: PbfWriter) {
  for (const input of inputs) out.writeStringField(1, input);
  for (const output of outputs) out.writeStringField(2, output);
  out.writeStringField(4, operator);
  for (const entry of Object.entries(attributes)) out.writeMessage(5, writeAttribute, entry);
}

function writeAttribute([name, value]: [string, Attribute], out: PbfWriter): void {
  out.writeStringField(1, name);
  if (typeof value === 'number') {
    writeInteger(out, 3, value, name);
    out.writeVarintField(20, ATTRIBUTE_TYPES.integer);
  } else if ('float' in value) {
    out.writeFloatField(2, value.float);
    out.writeVarintField(20, ATTRIBUTE_TYPES.float);
  } else {
    for (const entry of value) writeInteger(out, 8, entry, name);
    out.writeVarintField(20, ATTRIBUTE_TYPES.integers);
  }
}

function writeInteger(out: PbfWriter, field: number, value: number, name: string): void {
  if (!Number.isInteger(value)) {
    throw new RangeError(`attribute "${name}": got ${value}, expected a whole number`);
  }
  out.writeVarintField(field, value);
}

function writeTensor({ name, shape, values }: Initializer, out: PbfWriter): void {
  const type = values instanceof Float32Array ? 'float32' : 'int64';
  for (const size of shape) out.writeVarintField(1, size);
  out.writeVarintField(2, ELEMENT_TYPES[type]);
  out.writeStringField(8, name);
  // Little-endian, as every platform that runs WebAssembly stores them.
  const { buffer, byteOffset, byteLength } = values;
  out.writeBytesField(9, new Uint8Array(buffer, byteOffset, byteLength));
}

function writeValueInfo({ name, type, axes }: GraphTensor, out: PbfWriter): void {
  out.writeStringField(1, name);
  out.writeMessage(
    2,
    (_, typeOut) => typeOut.writeMessage(1, writeTensorType, { type, axes }),
    null,
  );
}

function writeTensorType({ type, axes }: Pick<GraphTensor, 'type' | 'axes'>, out: PbfWriter): void {
  out.writeVarintField(1, ELEMENT_TYPES[type]);
  out.writeMessage(2, writeShape, axes);
}

function writeShape(axes: Axes, out: PbfWriter): void {
  for (const axis of axes) out.writeMessage(1, writeDimension, axis);
}

function writeDimension(axis: number | string, out: PbfWriter): void {
  if (typeof axis === 'number') out.writeVarintField(1, axis);
  else out.writeStringField(2, axis);
}
