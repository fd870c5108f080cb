import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import { SCENARIOS } from '../schema/scenarios.ts';
import { stepsDone } from './tour.ts';
import type { Traces } from './tour.ts';

const still: Traces = {
  running: false,
  config: DEFAULT_CONFIG,
  focus: { pinned: null, group: null },
};
const looking = (pinned: number | null, group: number | null): Traces => ({
  ...still,
  focus: { pinned, group },
});

describe('stepsDone', () => {
  it('finds nothing where nothing was done', () => {
    expect(stepsDone(still, still)).toEqual([]);
    expect(stepsDone(looking(3, 1), looking(3, 1))).toEqual([]);
    expect(stepsDone(looking(3, 1), still)).toEqual([]);
  });

  it('knows that training was started, also if it runs already', () => {
    const running = { ...still, running: true };
    expect(stepsDone(still, running)).toEqual(['task']);
    expect(stepsDone(running, running)).toEqual(['task']);
  });

  it('knows that a step was pinned, a group opened, and another beside it', () => {
    expect(stepsDone(still, looking(3, null))).toEqual(['attempt']);
    expect(stepsDone(looking(3, null), looking(3, 2))).toEqual(['attempt', 'group']);
    expect(stepsDone(still, looking(null, 2))).toEqual(['group']);
    expect(stepsDone(looking(3, 2), looking(3, 5))).toContain('learnability');
  });

  it('knows which parameters were turned', () => {
    const turned = (values: Partial<Traces['config']>): Traces => ({
      ...still,
      config: { ...DEFAULT_CONFIG, ...values },
    });
    expect(stepsDone(still, turned({ priorityStrength: 5 }))).toEqual(['selection']);
    expect(stepsDone(still, turned({ diversityStrength: 1 }))).toEqual(['divergence']);
    expect(stepsDone(still, turned({ temperature: 0.5 }))).toEqual([]);
    expect(stepsDone(still, turned(SCENARIOS.grpo.values))).toEqual(['selection', 'divergence']);
  });
});
