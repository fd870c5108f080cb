import { describe, expect, it } from 'vitest';
import { packCompletions, packPrompts, passes, indicesByValue, unpackLogits } from './packing.ts';

describe('packing', () => {
  const prompts = [
    [1, 5],
    [1, 6, 7],
    [1, 5],
  ];
  const completions = [[8, 9, 2], [9, 2], [3]];
  const { packing, scored } = packCompletions(prompts, completions);

  it('puts each distinct prompt once and its completions, without their last tokens, after it', () => {
    expect([...packing.ids]).toEqual([1, 5, 8, 9, 1, 6, 7, 9]);
    expect([...packing.positions]).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
    expect(packing.longest).toBe(4);
  });

  it('tells every sequence its prefix and its followers', () => {
    const rows = Array.from({ length: packing.count }, (_, i) => [
      ...packing.table.subarray(6 * i, 6 * i + 6),
    ]);
    expect(rows).toEqual([
      [0, 2, 0, 0, 2, 2],
      [2, 2, 0, 2, 4, 0],
      // A completion of one token is never read.
      [4, 0, 0, 2, 4, 0],
      [4, 3, 0, 0, 7, 1],
      [7, 1, 4, 3, 8, 0],
    ]);
    expect([...packing.sequenceOf]).toEqual([0, 0, 1, 1, 3, 3, 3, 4]);
  });

  it('scores each completion token from the row before it, in the order given', () => {
    expect([...scored.targets]).toEqual([8, 9, 2, 9, 2, 3]);
    expect([...scored.rows]).toEqual([1, 2, 3, 6, 7, 1]);
    expect([...scored.starts]).toEqual([0, 3, 5, 6]);
  });

  it.each([
    ['prompt 1', [[1], []], [[2], [2]]],
    ['completion 0', [[1]], [[]]],
    ['prompt 0', [], []],
  ] as const)('refuses an empty %s', (what, somePrompts, someCompletions) => {
    expect(() => packCompletions(somePrompts, someCompletions)).toThrow(what);
  });

  it('keeps equal prompts apart where each is asked for by itself', () => {
    expect(packPrompts(prompts).rows).toBe(7);
  });
});

describe('lists of places', () => {
  it('say where each value stands', () => {
    const { starts, items } = indicesByValue(Int32Array.of(2, 0, 2), 4);
    expect([...starts]).toEqual([0, 1, 1, 3, 3]);
    expect([...items]).toEqual([1, 0, 2]);
  });
});

describe('passes', () => {
  it('hold at most so many tokens, but at least one prompt', () => {
    const prompts = [[1, 2, 3], [4], [5, 6, 7, 8, 9], [10]];
    expect(passes(prompts, 4).map(({ length }) => length)).toEqual([2, 1, 1]);
  });
});

describe('unpacked logits', () => {
  it('are padded with zeros on the right', () => {
    const packed = Float32Array.of(1, 2, 3, 4, 5, 6);
    const { values, batch, time } = unpackLogits(packed, [[7], [8, 9]], 2);
    expect([batch, time]).toEqual([2, 2]);
    expect([...values]).toEqual([1, 2, 0, 0, 3, 4, 5, 6]);
  });
});
