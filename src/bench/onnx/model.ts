/**
 * Writes an ONNX file: a graph of operators over named tensors. The numbers of fields are those of
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */
import { bytesField, floatField, integerField, join, textField, type Bytes } from './protobuf.ts';

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

/** Version of the file format, and of the standard operators. */
const IR_VERSION = 8;
const OPSET = 17;

const ELEMENT_TYPES = { float32: 1, int32: 6, int64: 7 } as const satisfies Record<
  ElementType,
  number
>;
const ATTRIBUTE_TYPES = { float: 1, integer: 2, integers: 7 } as const;

/** A `ModelProto`. */
export function writeModel(graph: Graph): Bytes {
  const opset = join([textField(1, ''), integerField(2, OPSET)]);
  return join([
    integerField(1, IR_VERSION),
    bytesField(7, writeGraph(graph)),
    bytesField(8, opset),
  ]);
}

function writeGraph({ name, nodes, initializers, inputs, outputs }: Graph): Bytes {
  return join([
    ...nodes.map((node) => bytesField(1, writeNode(node))),
    textField(2, name),
    ...initializers.map((initializer) => bytesField(5, writeTensor(initializer))),
    ...inputs.map((input) => bytesField(11, writeValueInfo(input))),
    ...outputs.map((output) => bytesField(12, writeValueInfo(output))),
  ]);
}

function writeNode({ operator, inputs, outputs, attributes = {} }: GraphNode): Bytes {
  return join([
    ...inputs.map((input) => textField(1, input)),
    ...outputs.map((output) => textField(2, output)),
    textField(4, operator),
    ...Object.entries(attributes).map(([name, value]) =>
      bytesField(5, writeAttribute(name, value)),
    ),
  ]);
}

/** @throws RangeError where a number is not whole. */
function writeAttribute(name: string, value: Attribute): Bytes {
  const label = textField(1, name);
  if (typeof value === 'number') {
    return join([label, integerField(3, value), integerField(20, ATTRIBUTE_TYPES.integer)]);
  }
  if ('float' in value) {
    return join([label, floatField(2, value.float), integerField(20, ATTRIBUTE_TYPES.float)]);
  }
  const integers = value.map((entry) => integerField(8, entry));
  return join([label, ...integers, integerField(20, ATTRIBUTE_TYPES.integers)]);
}

function writeTensor({ name, shape, values }: Initializer): Bytes {
  const type = values instanceof Float32Array ? 'float32' : 'int64';
  return join([
    ...shape.map((size) => integerField(1, size)),
    integerField(2, ELEMENT_TYPES[type]),
    textField(8, name),
    bytesField(9, littleEndian(values)),
  ]);
}

/** As every platform that runs WebAssembly stores them; a copy, so that no view of a larger buffer leaks. */
function littleEndian(values: Float32Array | BigInt64Array): Bytes {
  return new Uint8Array(values.slice().buffer);
}

function writeValueInfo({ name, type, axes }: GraphTensor): Bytes {
  const dimensions = axes.map((axis) =>
    bytesField(1, typeof axis === 'number' ? integerField(1, axis) : textField(2, axis)),
  );
  const tensorType = join([integerField(1, ELEMENT_TYPES[type]), bytesField(2, join(dimensions))]);
  return join([textField(1, name), bytesField(2, bytesField(1, tensorType))]);
}
