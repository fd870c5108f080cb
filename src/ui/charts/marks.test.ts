import { describe, expect, it } from 'vitest';
import { describeMark, labelled, referenceMarks } from './marks.ts';

describe('referenceMarks', () => {
  it('names the parameter by its symbol where it has one, and the new value as a person reads it', () => {
    const [temperature, priority] = referenceMarks([
      { step: 4, param: 'temperature', from: 1, to: 0.8 },
      { step: 9, param: 'priority', from: 'softmax', to: 'uniform' },
    ]);
    expect(temperature).toEqual({ x: 4, label: 'τ → 0.8', words: 'Temperature τ: 1 → 0.8' });
    expect(priority?.label).toBe('Priority → none');
  });

  it('leaves out what was chosen before the first step', () => {
    expect(referenceMarks([{ step: 1, param: 'temperature', from: 1, to: 0.8 }])).toEqual([]);
  });

  it('joins what changed at the same step', () => {
    const marks = referenceMarks([
      { step: 4, param: 'temperature', from: 1, to: 0.8 },
      { step: 4, param: 'maskTruncated', from: false, to: true },
    ]);
    expect(marks).toHaveLength(1);
    expect(marks[0]?.label).toBe('2 parameters');
    expect(marks[0]?.words).toBe('Temperature τ: 1 → 0.8; Mask truncated: off → on');
  });
});

describe('describeMark', () => {
  it('gives small learning rates in full', () => {
    const words = describeMark({ step: 1, param: 'learningRate', from: 0.001, to: 0.00002 });
    expect(words).toBe('Learning rate: 0.001 → 0.00002');
  });
});

describe('labelled', () => {
  it('prefers the newest and keeps a distance', () => {
    const marks = [1, 50, 52, 100].map((x) => ({ x, label: String(x), words: '' }));
    expect([...labelled(marks, 10)].map(({ x }) => x)).toEqual([100, 52, 1]);
  });
});
