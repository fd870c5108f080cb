import { describe, expect, it } from 'vitest';
import { BASE_TASKS } from '../runs/base-checkpoints.ts';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import { MIXTURE, taskFor } from '../tasks/registry.ts';
import { warmStartRate } from '../training/warm-start.ts';

describe('warm start', () => {
  it('takes smaller steps the wider the policy is', () => {
    expect(warmStartRate(64)).toBe(3e-3);
    expect(warmStartRate(128)).toBe(1.5e-3);
    expect(warmStartRate(16)).toBe(3e-3);
  });
});

describe('a base policy of all domains', () => {
  it('is offered for the domains of the mixture, and for no others', () => {
    const mixture = taskFor({ ...DEFAULT_CONFIG, task: MIXTURE.id }, () => DEFAULT_CONFIG);
    const parts = mixture.parts?.map(({ id }) => id) ?? [];
    expect([...BASE_TASKS].sort()).toEqual([MIXTURE.id, ...parts].sort());
  });
});
