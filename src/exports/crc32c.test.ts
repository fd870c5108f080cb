import { expect, it } from 'vitest';
import { crc32c } from './crc32c.ts';

// Examples of RFC 3720, B.4, and the check value of the catalogue of parametrised CRCs.
it.each([
  [new Uint8Array(32), 0x8a9136aa],
  [new Uint8Array(32).fill(0xff), 0x62a8ab43],
  [Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  [new TextEncoder().encode('123456789'), 0xe3069283],
  [new Uint8Array(), 0],
])('is that of the standard: %#', (bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected);
});
