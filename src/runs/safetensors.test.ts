import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NamedTensor } from '../model/policy.ts';
import { readSafetensors, SafetensorsError, writeSafetensors } from './safetensors.ts';

const tensor: fc.Arbitrary<NamedTensor> = fc
  .record({
    name: fc.string().filter((name) => name !== '__metadata__'),
    shape: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
  })
  .chain(({ name, shape }) => {
    const length = shape.reduce((a, b) => a * b, 1);
    return fc
      .float32Array({ minLength: length, maxLength: length })
      .map((values) => ({ name, shape, values }));
  });

const tensors = fc.uniqueArray(tensor, { selector: ({ name }) => name, maxLength: 6 });

const TWO: readonly NamedTensor[] = [
  { name: 'b', shape: [2], values: Float32Array.of(1, -2.5) },
  { name: 'a', shape: [1, 3], values: Float32Array.of(0.1, 0, 3e38) },
];

/** A file with this header (text, or an object of entries) and this many bytes of zeros. */
function fileOf(header: string | object, dataBytes: number): Uint8Array {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  const head = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + head.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true);
  bytes.set(head, 8);
  return bytes;
}

function entry(dtype: string, shape: unknown, data_offsets: unknown): object {
  return { dtype, shape, data_offsets };
}

function refusal(bytes: Uint8Array): string {
  try {
    readSafetensors(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(SafetensorsError);
    return (error as Error).message;
  }
  throw new Error('expected the file to be refused');
}

describe('round trip', () => {
  test('any tensors come back with names, shapes, bits and order', () => {
    fc.assert(
      fc.property(tensors, (written) => {
        expect(readSafetensors(writeSafetensors(written)).tensors).toEqual(written);
      }),
    );
  });

  test('tensors without elements come back', () => {
    const empty = [{ name: 'none', shape: [2, 0], values: new Float32Array() }];
    expect(readSafetensors(writeSafetensors(empty)).tensors).toEqual(empty);
    expect(readSafetensors(writeSafetensors([])).tensors).toEqual([]);
  });

  test('metadata comes back, beside the format', () => {
    const { metadata } = readSafetensors(writeSafetensors(TWO, { step: '12' }));
    expect(metadata).toEqual({ format: 'pt', step: '12' });
  });

  test('a file may lie at any offset of its buffer', () => {
    const bytes = writeSafetensors(TWO);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(readSafetensors(shifted.subarray(3)).tensors).toEqual(TWO);
  });

  test('values that are a view into a larger buffer are written alone', () => {
    const values = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
    const read = readSafetensors(writeSafetensors([{ name: 'view', shape: [2], values }]));
    expect(read.tensors[0]!.values).toEqual(Float32Array.of(1, 2));
  });

  test('the header is padded with spaces to a multiple of 8 bytes', () => {
    fc.assert(
      fc.property(tensors, (written) => {
        const bytes = writeSafetensors(written);
        const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
        expect(length % 8).toBe(0);
        expect(new TextDecoder().decode(bytes.subarray(8, 8 + length))).toMatch(/^\{.*\} {0,7}$/s);
      }),
    );
  });
});

describe('files of the reference implementation', () => {
  test.each(['tied', 'untied'])('%s is read, and written back byte for byte', (name) => {
    const url = new URL(`../golden/fixtures/${name}/model.safetensors`, import.meta.url);
    const bytes = new Uint8Array(readFileSync(url));
    const { tensors: read, metadata } = readSafetensors(bytes);
    expect(read.map(({ name }) => name)).toContain('model.layers.1.mlp.down_proj.weight');
    expect(metadata).toEqual({ format: 'pt' });
    expect(Buffer.compare(writeSafetensors(read), bytes)).toBe(0);
  });
});

describe('16-bit floats', () => {
  function readBits(dtype: string, bits: readonly number[]): number[] {
    const bytes = fileOf({ t: entry(dtype, [bits.length], [0, 2 * bits.length]) }, 2 * bits.length);
    const view = new DataView(bytes.buffer, bytes.length - 2 * bits.length);
    bits.forEach((value, i) => view.setUint16(2 * i, value, true));
    return Array.from(readSafetensors(bytes).tensors[0]!.values);
  }

  test('F16: normal, subnormal, signed zero and infinite values', () => {
    const bits = [0x3c00, 0xc000, 0x3555, 0x7bff, 0x0001, 0x03ff, 0x8000, 0x7c00, 0xfc00];
    const expected = [1, -2, 0.333251953125, 65504, 2 ** -24, 1023 * 2 ** -24, -0];
    expect(readBits('F16', bits)).toEqual([...expected, Infinity, -Infinity]);
    expect(readBits('F16', [0x7e00])).toEqual([NaN]);
  });

  test('BF16: the upper half of a float32', () => {
    const bits = [0x3f80, 0xc000, 0x3eab, 0x7f80, 0x0001];
    expect(readBits('BF16', bits)).toEqual([1, -2, 0.333984375, Infinity, 2 ** -133]);
  });
});

describe('what is refused on reading', () => {
  const good = entry('F32', [2], [0, 8]);

  test.each<[string, Uint8Array, string]>([
    ['no file', new Uint8Array(3), 'the file has 3 bytes, expected at least 8'],
    [
      'an absurd header length',
      new TextEncoder().encode('{"format":"pt"}'),
      'expected at most 100000000: this is no safetensors file',
    ],
    [
      'a truncated header',
      fileOf({ t: good }, 8).subarray(0, 20),
      'but only 12 are left: the file is truncated',
    ],
    [
      'truncated data',
      fileOf({ t: good }, 8).subarray(0, -1),
      'tensor "t": data_offsets end at 8, but the file holds 7 bytes of data',
    ],
    ['a header that is not JSON', fileOf('{"t":', 0), 'the header is not JSON: '],
    ['a header that is not UTF-8', fileOf('{"t":1}', 0).with(10, 0xff), 'the header is not JSON: '],
    ['a header that is no object', fileOf('[1]', 0), 'the header is [1], expected a JSON object'],
    [
      'an unknown dtype',
      fileOf({ t: entry('I64', [1], [0, 8]) }, 8),
      'tensor "t": dtype is "I64", expected one of F32, F16, BF16',
    ],
    [
      'a dtype that is a property of every object',
      fileOf({ t: entry('toString', [1], [0, 8]) }, 8),
      'tensor "t": dtype is "toString", expected one of',
    ],
    [
      'a negative dimension',
      fileOf({ t: entry('F32', [-1], [0, 8]) }, 8),
      'expected dtype, shape and data_offsets [begin, end]',
    ],
    [
      'a missing field',
      fileOf({ t: { dtype: 'F32', shape: [2] } }, 8),
      'expected dtype, shape and',
    ],
    ['a surplus field', fileOf({ t: { ...good, zip: 1 } }, 8), 'expected dtype, shape and'],
    [
      'offsets that do not fit the shape',
      fileOf({ t: entry('F32', [3], [0, 8]) }, 8),
      'tensor "t": data_offsets hold 8 bytes, expected 12 for F32 [3]',
    ],
    [
      'offsets that run backwards',
      fileOf({ t: entry('F32', [2], [8, 0]) }, 8),
      'tensor "t": data_offsets hold -8 bytes, expected 8',
    ],
    [
      'offsets out of range',
      fileOf({ t: entry('F32', [2], [8, 16]) }, 8),
      'tensor "t": data_offsets end at 16, but the file holds 8 bytes of data',
    ],
    [
      'overlapping tensors',
      fileOf({ t: good, u: entry('F32', [2], [4, 12]) }, 12),
      'tensor "u": data_offsets overlap the tensor before',
    ],
    [
      'two tensors over the same bytes',
      fileOf({ t: good, u: good }, 8),
      'tensor "u": data_offsets overlap the tensor before',
    ],
    [
      'a gap',
      fileOf({ t: good, u: entry('F32', [1], [12, 16]) }, 16),
      'bytes 8 to 12 of the data belong to no tensor',
    ],
    ['bytes left over', fileOf({ t: good }, 10), 'bytes 8 to 10 of the data belong to no tensor'],
    [
      'a name twice',
      fileOf(`{"t":${JSON.stringify(good)},"\\u0074":${JSON.stringify(good)}}`, 8),
      'tensor "t" occurs twice',
    ],
    [
      'metadata that are not texts',
      fileOf({ __metadata__: { step: 3 }, t: good }, 8),
      '__metadata__ is {"step":3}, expected texts by name',
    ],
  ])('%s', (_what, bytes, message) => {
    expect(refusal(bytes)).toContain(message);
  });

  test('any corruption is either read or refused by SafetensorsError, nothing else', () => {
    const sound = writeSafetensors(TWO);
    const damage = fc.array(
      fc.record({ at: fc.nat(sound.length - 1), value: fc.integer({ min: 0, max: 255 }) }),
      { minLength: 1, maxLength: 6 },
    );
    const cut = fc.nat(sound.length);
    fc.assert(
      fc.property(damage, cut, fc.boolean(), (bytes, end, truncate) => {
        const broken = sound.slice(0, truncate ? end : sound.length);
        for (const { at, value } of bytes) if (at < broken.length) broken[at] = value;
        try {
          readSafetensors(broken);
        } catch (error) {
          expect(error).toBeInstanceOf(SafetensorsError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('every truncation is refused', () => {
    const sound = writeSafetensors(TWO);
    for (let end = 0; end < sound.length; end++) {
      expect(() => readSafetensors(sound.subarray(0, end))).toThrow(SafetensorsError);
    }
  });
});

describe('what is refused on writing', () => {
  const values = Float32Array.of(1, 2);

  test.each<[string, readonly NamedTensor[], string]>([
    [
      'a shape that does not fit',
      [{ name: 't', shape: [3], values }],
      'tensor "t": got 2 values, expected 3 for shape [3]',
    ],
    [
      'a name twice',
      [
        { name: 't', shape: [2], values },
        { name: 't', shape: [2], values },
      ],
      'tensor "t" occurs twice',
    ],
    [
      'the name of the metadata',
      [{ name: '__metadata__', shape: [2], values }],
      'tensor "__metadata__" is a reserved name',
    ],
  ])('%s', (_what, written, message) => {
    expect(() => writeSafetensors(written)).toThrow(new SafetensorsError(message));
  });
});
