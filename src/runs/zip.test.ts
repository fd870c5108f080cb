import { strToU8, zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeText, RunFormatError } from './checks.ts';
import { openZip, unzip, zip } from './zip.ts';

const FILES = [
  { path: 'model.safetensors', bytes: Uint8Array.of(1, 2, 3, 250) },
  { path: 'nested/ünïcode.txt', bytes: new TextEncoder().encode('a'.repeat(500)) },
  { path: 'empty', bytes: new Uint8Array() },
];

function refusal(bytes: Uint8Array): string {
  try {
    unzip(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(RunFormatError);
    return (error as Error).message;
  }
  throw new Error('expected a refusal');
}

/** An archive as programs write it that do not know sizes ahead: all of them in 64 bits. */
function zip64(path: string, content: Uint8Array, offset = 0): Uint8Array {
  const plain = zip([{ path: `${path}.safetensors`, bytes: Uint8Array.from(content) }]);
  const checksum = new DataView(plain.buffer).getUint32(14, true);
  const name = encodeText(path);
  const local = record(30, [
    [0, 4, 0x04034b50],
    [14, 4, checksum],
    [26, 2, name.length],
  ]);
  const entry = record(46, [
    [0, 4, 0x02014b50],
    [16, 4, checksum],
    [20, 4, 0xffffffff],
    [24, 4, 0xffffffff],
    [28, 2, name.length],
    [30, 2, 4 + 6 + 28],
    [42, 4, 0xffffffff],
  ]);
  const other = record(6, [
    [0, 2, 0x7075],
    [2, 2, 2],
  ]);
  const sizes = [
    [2, 2, 24],
    [4, 8, content.length],
    [12, 8, content.length],
    [20, 8, offset],
  ];
  const extra = record(28, [[0, 2, 1], ...sizes]);
  const begin = local.length + name.length + content.length;
  const directory = entry.length + name.length + other.length + extra.length + 4;
  const end64 = record(56, [
    [0, 4, 0x06064b50],
    [32, 8, 1],
    [48, 8, begin],
  ]);
  const locator = record(20, [
    [0, 4, 0x07064b50],
    [8, 8, begin + directory],
  ]);
  const end = record(22, [
    [0, 4, 0x06054b50],
    [10, 2, 0xffff],
    [16, 4, 0xffffffff],
  ]);
  const parts = [local, name, content, entry, name, other, extra, new Uint8Array(4)];
  return Uint8Array.from([...parts, end64, locator, end].flatMap((part) => [...part]));
}

/** Little-endian fields of a record: where, of how many bytes, and what. */
function record(length: number, fields: readonly (readonly number[])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(length));
  for (const [at, bytes, value] of fields as readonly (readonly [number, number, number])[]) {
    if (bytes === 8) view.setBigUint64(at, BigInt(value), true);
    else if (bytes === 4) view.setUint32(at, value, true);
    else view.setUint16(at, value, true);
  }
  return new Uint8Array(view.buffer);
}

describe('zip', () => {
  test('files come back', () => {
    expect(unzip(zip(FILES))).toEqual(FILES);
  });

  test('the same files give the same bytes', () => {
    expect(zip(FILES)).toEqual(zip(FILES));
    const view = new DataView(zip(FILES).buffer);
    expect(view.getUint32(10, true)).toBe(((1 << 5) | 1) << 16);
  });

  test('the folder that all files share is taken off', () => {
    const inFolder = FILES.map(({ path, bytes }) => ({ path: `my run/${path}`, bytes }));
    expect(unzip(zip(inFolder))).toEqual(FILES);
  });

  test('what file managers add is skipped', () => {
    const archive = zipSync({
      'run/': new Uint8Array(),
      'run/a.txt': strToU8('a'),
      'run/.DS_Store': strToU8('x'),
      '__MACOSX/run/._a.txt': strToU8('x'),
    });
    expect(unzip(archive)).toEqual([{ path: 'a.txt', bytes: strToU8('a') }]);
  });

  test.each<[string, Uint8Array, string]>([
    ['no zip', strToU8('hello'), 'the zip archive: has no directory: it is truncated, or no zip'],
    ['a truncated zip', zip(FILES).subarray(0, -1), 'has no directory: it is truncated'],
    ['no files', zip([]), 'the zip archive: holds no files'],
    ['a path upwards', zipSync({ 'a/../../b': strToU8('x') }), '"a/../../b" is not a path inside'],
    ['an absolute path', zipSync({ '/etc/b': strToU8('x') }), '"/etc/b" is not a path inside'],
    ['a foreign separator', zipSync({ 'a\\b': strToU8('x') }), '"a\\b" is not a path inside'],
  ])('%s is refused', (_what, bytes, message) => {
    expect(refusal(bytes)).toContain(message);
  });

  test('a changed byte of a stored file is found', () => {
    const bytes = zip([{ path: 'a.safetensors', bytes: Uint8Array.of(7, 7, 7, 7) }]);
    const at = bytes.findIndex((_, i) => [0, 1, 2, 3].every((k) => bytes[i + k] === 7));
    expect(refusal(bytes.with(at, 8))).toBe(
      'the zip archive: "a.safetensors" is damaged: its checksum does not match',
    );
  });

  test('a file that claims to be huge is refused before it is unpacked', () => {
    const bytes = zip([{ path: 'a', bytes: new Uint8Array(10) }]);
    const directory = bytes.findIndex((_, i) => bytes[i] === 0x50 && bytes[i + 2] === 1);
    new DataView(bytes.buffer).setUint32(directory + 24, 2 ** 31, true);
    expect(refusal(bytes)).toBe('the zip archive: unpacks to more than 1073741824 bytes');
  });

  test('a path that occurs twice is refused', () => {
    const bytes = zip([
      { path: 'a1', bytes: new Uint8Array(1) },
      { path: 'a2', bytes: new Uint8Array(1) },
    ]);
    const renamed = bytes.map((byte, i) => (byte === 0x32 && bytes[i - 1] === 0x61 ? 0x31 : byte));
    expect(refusal(renamed)).toBe('the zip archive: holds "a1" twice');
  });

  test('sizes of 64 bits are read', () => {
    const content = encodeText('{"step":1}\n');
    expect(unzip(zip64('metrics.jsonl', content))).toEqual([
      { path: 'metrics.jsonl', bytes: content },
    ]);
    const beyond = zip64('metrics.jsonl', content, 2 ** 54);
    expect(refusal(beyond)).toBe('the zip archive: is damaged: its directory is broken');
    const far = zip64('metrics.jsonl', content, 2 ** 40);
    expect(refusal(far)).toBe(
      'the zip archive: is damaged: "metrics.jsonl" is not where its directory says',
    );
  });

  test('what is not wanted is named, and not unpacked, whatever its size', () => {
    const bytes = zip([...FILES, { path: 'config.json', bytes: new Uint8Array(2 ** 21) }]);
    const { files, passedOver } = openZip(bytes, (path) => path === 'empty');
    expect(files).toEqual([{ path: 'empty', bytes: new Uint8Array() }]);
    expect(passedOver).toEqual(['model.safetensors', 'nested/ünïcode.txt', 'config.json']);
    expect(refusal(bytes)).toBe(
      'the zip archive: "config.json" unpacks to 2097152 bytes, expected at most 1048576',
    );
  });

  test('text that was made to fill a memory is refused before it is unpacked', () => {
    const bytes = zip([{ path: 'metrics.jsonl', bytes: new Uint8Array(2 ** 25).fill(0x0a) }]);
    expect(bytes.length).toBeLessThan(2 ** 16);
    expect(refusal(bytes)).toMatch(
      /^the zip archive: "metrics.jsonl" unpacks to 33554432 bytes from \d+, expected at most 100/,
    );
  });

  test('a file that unpacks to more or less than it says is refused', () => {
    for (const size of [9, 11]) {
      const bytes = zip([{ path: 'a', bytes: new Uint8Array(10) }]);
      const directory = bytes.findIndex((_, i) => bytes[i] === 0x50 && bytes[i + 2] === 1);
      new DataView(bytes.buffer).setUint32(directory + 24, size, true);
      const problem = size < 10 ? 'more than it says' : 'less than it says';
      expect(refusal(bytes)).toBe(`the zip archive: "a" is damaged: it unpacks to ${problem}`);
    }
  });

  test.each([
    ['encrypted', 8, 1, 'is encrypted, expected a file that can be read'],
    ['packed by another method', 10, 12, 'is packed by method 12, expected 0 or 8'],
  ])('a file that is %s is refused', (_what, at, value, problem) => {
    const bytes = zip([{ path: 'a', bytes: new Uint8Array(10) }]);
    const directory = bytes.findIndex((_, i) => bytes[i] === 0x50 && bytes[i + 2] === 1);
    new DataView(bytes.buffer).setUint16(directory + at, value, true);
    expect(refusal(bytes)).toBe(`the zip archive: "a" ${problem}`);
  });

  test('any corruption gives the same files or a RunFormatError', () => {
    const sound = zip(FILES);
    const damage = fc.record({ at: fc.nat(sound.length - 1), bit: fc.nat(7) });
    fc.assert(
      fc.property(damage, ({ at, bit }) => {
        const broken = sound.with(at, sound[at]! ^ (1 << bit));
        try {
          const contents = unzip(broken).map(({ bytes }) => String(bytes));
          const whole = FILES.map(({ bytes }) => String(bytes));
          expect(whole).toEqual(expect.arrayContaining(contents));
        } catch (error) {
          expect(error).toBeInstanceOf(RunFormatError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
