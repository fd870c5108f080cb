import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from './bytes.ts';

describe('bytes', () => {
  it('give back what was written, however long its texts are', () => {
    const long = fc.string({ unit: 'grapheme', minLength: 3000, maxLength: 9000 });
    const items = fc.array(fc.oneof(fc.string(), long, fc.maxSafeNat()), { maxLength: 12 });
    fc.assert(
      fc.property(items, (list) => {
        const out = new ByteWriter();
        for (const item of list) {
          if (typeof item === 'string') out.text(item);
          else out.uint(item);
        }
        const from = new ByteReader(out.take());
        const back = list.map((item) => (typeof item === 'string' ? from.text() : from.uint()));
        expect(back).toEqual(list);
        expect(from.isAtEnd).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
