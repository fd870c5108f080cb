import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import { SCENARIOS } from '../schema/scenarios.ts';
import { stepsDone } from './tour.ts';
import type { PageState } from './tour.ts';

const idle: PageState = {
  running: false,
  config: DEFAULT_CONFIG,
  focus: { pinned: null, group: null },
};
const looking = (pinned: number | null, group: number | null): PageState => ({
  ...idle,
  focus: { pinned, group },
});

describe('stepsDone', () => {
  it('finds nothing where nothing was done', () => {
    expect(stepsDone(idle, idle)).toEqual([]);
    expect(stepsDone(looking(3, 1), looking(3, 1))).toEqual([]);
    expect(stepsDone(looking(3, 1), idle)).toEqual([]);
  });

  it('knows that training was started, also if it runs already', () => {
    const running = { ...idle, running: true };
    expect(stepsDone(idle, running)).toEqual(['task']);
    expect(stepsDone(running, running)).toEqual(['task']);
  });

  it('knows that a step was pinned, a group opened, and another beside it', () => {
    expect(stepsDone(idle, looking(3, null))).toEqual(['attempt']);
    expect(stepsDone(looking(3, null), looking(3, 2))).toEqual(['attempt', 'group']);
    expect(stepsDone(idle, looking(null, 2))).toEqual(['group']);
    expect(stepsDone(looking(3, 2), looking(3, 5))).toContain('learnability');
  });

  it('knows which parameters were turned', () => {
    const turned = (values: Partial<PageState['config']>): PageState => ({
      ...idle,
      config: { ...DEFAULT_CONFIG, ...values },
    });
    expect(stepsDone(idle, turned({ priorityStrength: 5 }))).toEqual(['selection']);
    expect(stepsDone(idle, turned({ diversityStrength: 1 }))).toEqual(['divergence']);
    expect(stepsDone(idle, turned({ temperature: 0.5 }))).toEqual([]);
    expect(stepsDone(idle, turned(SCENARIOS.grpo.values))).toEqual(['selection', 'divergence']);
  });
});
