import { expect, it } from 'vitest';
import { packFields } from './pack-fields.ts';

const object = {
  step: 3,
  quality: [{ mean: 0.1, ci95: 1 / 3 }],
  nothing: null,
  absent: undefined,
  examples: [{ tokens: ['a', 'ä'], quality: 0.1 }],
};
const isPacked = (of: object, field: string): boolean =>
  Object.getOwnPropertyDescriptor(of, field)?.get !== undefined;

it('is read, copied, sent and written down as it was', () => {
  const packed = packFields(object);
  expect(Object.keys(object).filter((field) => isPacked(packed, field))).toEqual([
    'quality',
    'examples',
  ]);
  expect(packed).toEqual(object);
  expect({ ...packed }).toEqual(object);
  expect(isPacked({ ...packed }, 'examples')).toBe(false);
  expect(structuredClone(packed)).toEqual(object);
  expect(JSON.stringify(packed)).toBe(JSON.stringify(object));
});

it('packs only what it is told to', () => {
  const packed = packFields(object, ['absent', 'examples']);
  expect(isPacked(packed, 'quality')).toBe(false);
  expect(isPacked(packed, 'examples')).toBe(true);
  expect('absent' in packed).toBe(false);
  expect(packed).toEqual(object);
});
