import { describe, expect, test } from 'vitest';
import { DEFAULT_CONFIG, PARAMS } from '../schema/params.ts';
import { SIZES } from '../schema/presets.ts';
import { recipeFor } from './recipes.ts';

describe('recipes', () => {
  test('mix the domains by weight, the same for every size', () => {
    const nano = recipeFor({ ...DEFAULT_CONFIG, task: 'mixture' });
    const micro = recipeFor({ ...DEFAULT_CONFIG, task: 'mixture', ...SIZES.micro.values });
    expect(nano.values).toEqual(micro.values);
    expect(nano.values.mixLocks).toBeLessThan(nano.values.mixWorkspace!);
  });

  test('leave a single task as it is', () => {
    expect(recipeFor(DEFAULT_CONFIG).values).toEqual({});
  });

  test('take no more steps than a warm start may have', () => {
    const [, most] = PARAMS.warmStartSteps.range;
    expect(recipeFor({ ...DEFAULT_CONFIG, task: 'mixture' }).steps).toBeLessThanOrEqual(most);
  });
});
