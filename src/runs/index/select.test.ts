import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeRange } from './select.ts';

describe('placeRange', () => {
  it('gives what a sort of everything would give', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 200 }),
        fc.nat(220),
        fc.nat(60),
        fc.boolean(),
        (values, from, length, descending) => {
          const keys = Float64Array.from(values);
          const sorted = values.map((_, i) => i).sort((a, b) => keys[a]! - keys[b]! || a - b);
          if (descending) sorted.reverse();
          const end = Math.min(values.length, from + length);
          const indices = Uint32Array.from(values, (_, i) => i);
          placeRange(indices, { from, end, keys, descending });
          expect([...indices.subarray(from, end)]).toEqual(sorted.slice(from, end));
          expect([...indices].sort((a, b) => a - b)).toEqual(values.map((_, i) => i));
        },
      ),
    );
  });
});
