import { expect, it } from 'vitest';
import { Packed, PackedList } from './packed.ts';

const valueOf = (step: number) => ({
  step,
  quality: [{ mean: step / 3, ci95: 1e-9 }],
  nothing: null,
  examples: [{ tokens: ['a', 'ä', '\ud800', '✓'], quality: -0.1 }],
});

it('reads what was packed, a new value each time', () => {
  const packed = new Packed(valueOf(7));
  expect(packed.read()).toEqual(valueOf(7));
  expect(packed.read()).not.toBe(packed.read());
});

it('keeps a list in order, whatever its length', () => {
  for (const length of [0, 1, 15, 16, 17, 40]) {
    const values = Array.from({ length }, (_, i) => valueOf(i));
    expect(new PackedList(values).all()).toEqual(values);
    const grown = new PackedList<ReturnType<typeof valueOf>>();
    values.forEach((value) => grown.add(value));
    expect(grown.all()).toEqual(values);
  }
});
