import { expect, it } from 'vitest';
import { writeModel } from './model.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What onnx 1.23.1 for Python serialises with `helper.make_model`: concatenates a row and a constant. */
const TINY =
  '08083a720a270a01780a01771201792206436f6e6361742a140a046178697318ffffffffffffffffff01a0010212' +
  '0474696e792a0f0801080110014201774a040000c03f5a170a017812120a100801120c0a061204726f77730a0208' +
  '0262170a017912120a100801120c0a061204726f77730a02080342040a001011';

it('writes a model byte by byte as the library of ONNX does', () => {
  const model = writeModel({
    name: 'tiny',
    nodes: [{ operator: 'Concat', inputs: ['x', 'w'], outputs: ['y'], attributes: { axis: -1 } }],
    initializers: [{ name: 'w', shape: [1, 1], values: Float32Array.of(1.5) }],
    inputs: [{ name: 'x', type: 'float32', axes: ['rows', 2] }],
    outputs: [{ name: 'y', type: 'float32', axes: ['rows', 3] }],
  });
  expect(hex(model)).toBe(TINY);
});

/** Made in the same way: lists and floats as attributes, integers of 32 and 64 bits, a scalar. */
const TYPED =
  '08083a9e010a220a017812017422095472616e73706f73652a0f0a047065726d400040024001a001070a220a0174' +
  '12017922094c65616b7952656c752a0f0a05616c706861150000003fa001011201672a1908021007420169' +
  '4a100100000000000000ffffffffffffffff2a0b10014201734a04000000405a170a017812120a100806120c0a02' +
  '08010a0208020a02080362100a0179120b0a09080712050a0312016e42040a001011';

it('writes every type that the decoder uses', () => {
  const model = writeModel({
    name: 'g',
    nodes: [
      { operator: 'Transpose', inputs: ['x'], outputs: ['t'], attributes: { perm: [0, 2, 1] } },
      {
        operator: 'LeakyRelu',
        inputs: ['t'],
        outputs: ['y'],
        attributes: { alpha: { float: 0.5 } },
      },
    ],
    initializers: [
      { name: 'i', shape: [2], values: BigInt64Array.of(1n, -1n) },
      { name: 's', shape: [], values: Float32Array.of(2) },
    ],
    inputs: [{ name: 'x', type: 'int32', axes: [1, 2, 3] }],
    outputs: [{ name: 'y', type: 'int64', axes: ['n'] }],
  });
  expect(hex(model)).toBe(TYPED);
});

it('refuses a fraction where an integer belongs', () => {
  const nodes = [{ operator: 'Concat', inputs: ['x'], outputs: ['y'], attributes: { axis: 0.5 } }];
  const graph = { name: 'g', nodes, initializers: [], inputs: [], outputs: [] };
  expect(() => writeModel(graph)).toThrow(
    new RangeError('attribute "axis": got 0.5, expected a whole number'),
  );
});
