import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeText } from './decodeText.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const marked = `\uFEFF${text}`;
  const view = new DataView(new ArrayBuffer(2 * marked.length));
  for (let i = 0; i < marked.length; i++) {
    view.setUint16(2 * i, marked.charCodeAt(i), littleEndian);
  }
  return new Uint8Array(view.buffer);
}

describe('text of a file', () => {
  test('is UTF-8 where every byte is, and its mark is no part of it', () => {
    const encoded = new TextEncoder().encode('Bärau\n');
    expect(decodeText(encoded)).toEqual({ text: 'Bärau\n', encoding: 'UTF-8' });
    expect(decodeText(bytes(0xef, 0xbb, 0xbf, ...encoded))).toEqual({
      text: 'Bärau\n',
      encoding: 'UTF-8 (with a byte order mark)',
    });
  });

  test('is windows-1252 otherwise, and letters stay apart', () => {
    const { text, encoding } = decodeText(bytes(0x42, 0xe4, 0x20, 0x42, 0xf6, 0x20, 0x80));
    expect([text, encoding]).toEqual(['Bä Bö €', 'windows-1252']);
  });

  test('is UTF-16 where its mark says so', () => {
    expect(decodeText(utf16('a;ö', true))).toEqual({
      text: 'a;ö',
      encoding: 'UTF-16 (little-endian)',
    });
    expect(decodeText(utf16('a;ö', false))).toEqual({
      text: 'a;ö',
      encoding: 'UTF-16 (big-endian)',
    });
  });

  test.each([
    [bytes(0x50, 0x4b, 3, 4), 'file: got a zip archive or a workbook, expected text'],
    [bytes(0x61, 0, 0x62), 'file: got binary data, expected text'],
    [bytes(0xff, 0xfe, 0x61), 'file: got bytes that are not UTF-16 (little-endian)'],
  ])('is refused where there is none (%#)', (content, message) => {
    expect(() => decodeText(content)).toThrow(RangeError);
    expect(() => decodeText(content)).toThrow(message);
  });

  test('whatever the bytes are, they are text or refused by a RangeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (content) => {
        try {
          expect(decodeText(content).text).not.toContain('\0');
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});
