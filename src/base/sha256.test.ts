import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRng } from './rng.ts';
import { createSha256 } from './sha256.ts';

describe('SHA-256', () => {
  it('is that of the standard', () => {
    const hash = createSha256();
    hash.update(new TextEncoder().encode('abc'));
    expect(hash.digest()).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('is that of Node at every length around a block, in whatever pieces the bytes come', () => {
    const rng = createRng(5);
    const lengths = [...Array.from({ length: 140 }, (_, length) => length), 4099, 70_001];
    for (const length of lengths) {
      const bytes = Uint8Array.from({ length }, () => rng.int(256));
      const hash = createSha256();
      for (let at = 0; at < length;) {
        const end = Math.min(length, at + 1 + rng.int(150));
        hash.update(bytes.subarray(at, end));
        at = end;
      }
      expect(hash.digest()).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });
});
