import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../base/rng.ts';
import { EMPTY_HISTORY } from '../task.ts';
import { createLocks } from './locks.ts';

const small = createLocks({ id: 'small', label: 'small', summary: '', dials: 4, values: 3 });
const large = createLocks({ id: 'large', label: 'large', summary: '', dials: 5, values: 4 });

describe('a typed lock', () => {
  it.each([small, large])('comes back as it was written ($id)', (task) => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const lock = task.sample('test', createRng(seed));
        expect(task.parse!(task.format!(lock))).toEqual(lock);
      }),
    );
  });

  it('is opened by the code that was typed, and by no other', async () => {
    const lock = small.parse!('A3 B11 C0 = v1 v0 v2 v2');
    const quality = async (code: string): Promise<number> =>
      (await small.grade(lock, EMPTY_HISTORY, code.split(' '))).quality;
    expect(await quality('v1 v0 v2 v2')).toBe(1);
    expect(await quality('v1 v0 v2 v1')).toBeLessThan(1);
  });

  it('may be written loosely', () => {
    expect(small.parse!(' a3,b11, c0=1 0 2 2 ')).toEqual(small.parse!('A3 B11 C0 = v1 v0 v2 v2'));
  });

  it.each([
    ['A3 B11 C0', 'lock: got "A3 B11 C0", expected descriptors = dials, like A3 B11 C0 = '],
    ['A3 B16 C0 = 1 0 2 2', 'descriptor 2: got "B16", expected B0 to B15'],
    ['B3 A1 C0 = 1 0 2 2', 'descriptor 1: got "B3", expected A0 to A15'],
    ['A3 B1 = 1 0 2 2', 'descriptors: got "A3 B1", expected 3 of them'],
    ['A3 B1 C0 C1 = 1 0 2 2', 'descriptors: got "C1", expected 3 of them before "="'],
    ['A3 B1 C0 = 1 0 2', 'dials: got "1 0 2", expected 4 values'],
    ['A3 B1 C0 = 1 3 2 2', 'dial 2: got "3", expected v0 to v2'],
    ['A3 B1 C0 = 1 x 2 2', 'dial 2: got "x", expected v0 to v2'],
  ])('%j is refused with what was expected', (text, problem) => {
    expect(() => small.parse!(text)).toThrow(RangeError);
    expect(() => small.parse!(text)).toThrow(problem);
  });
});
