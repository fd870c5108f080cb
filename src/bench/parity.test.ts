import { describe, expect, it } from 'vitest';
import { checkParity, shareOfEqual } from './parity.ts';

describe('loss parity', () => {
  const reference = { id: 'plain', losses: [4.2, 4.1, 4.0] };

  it('lets rounding pass, and engines that do not train', () => {
    const near = { id: 'ours', losses: [4.2004, 4.0996, 4.0009] };
    expect(() => checkParity([reference, near, { id: 'sampler', losses: [] }])).not.toThrow();
  });

  it('names the engine and the step that differ', () => {
    const far = { id: 'ours', losses: [4.2, 4.1, 4.002] };
    expect(() => checkParity([reference, far])).toThrow('ours, step 3: loss 4.002, plain has 4');
  });

  it('refuses a loss that is missing or no number', () => {
    expect(() => checkParity([reference, { id: 'a', losses: [4.2, NaN, 4] }])).toThrow('a, step 2');
    expect(() => checkParity([reference, { id: 'b', losses: [4.2, 4.1] }])).toThrow('b, step 3');
  });
});

it('counts equal tokens', () => {
  expect(shareOfEqual([1, 2, 3, 4], [1, 2, 0, 4])).toBe(0.75);
});
