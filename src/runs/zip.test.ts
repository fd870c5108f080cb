import { strToU8, zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RunFormatError } from './checks.ts';
import { unzip, zip } from './zip.ts';

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
