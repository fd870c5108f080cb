import { describe, expect, test } from 'vitest';
import { createRng, type Rng } from '../../base/rng.ts';
import { createCountdown } from './countdown.ts';
import { alterStep, miscalculateStep, repairStep, type Derivation } from './alter.ts';
import type { CountdownInstance } from './instance.ts';
import { COUNTDOWN } from './manifest.ts';
import { isRight } from './oracle.testing.ts';
import { solutionsOf } from './solutions.ts';
import { checkSteps, writeSteps, type Step } from './steps.ts';

const FAMILY = COUNTDOWN.variants.find(({ id }) => id === 'countdown-family')!;
const task = createCountdown(FAMILY);
const LARGEST_RESULT = 198;

/** Solutions of training instances, with what `of` makes of each. */
function eachSolution(
  count: number,
  of: (derivation: Derivation, instance: CountdownInstance, rng: Rng) => void,
): void {
  const rng = createRng(11);
  for (let i = 0; i < count; i++) {
    const instance = task.sample('train', rng);
    const steps = solutionsOf(instance.numbers).draw(instance.target, rng, 'fewest');
    of({ numbers: instance.numbers, steps, largestResult: LARGEST_RESULT }, instance, rng);
  }
}

function isSolution({ numbers, target }: CountdownInstance, steps: readonly Step[]): boolean {
  return isRight(numbers, target, writeSteps(steps).join(' '));
}

describe('one step of a derivation', () => {
  test('altered still calculates right, and may at most use a number twice', () => {
    let altered = 0;
    let legal = 0;
    eachSolution(300, (derivation, _instance, rng) => {
      const steps = alterStep(derivation, rng);
      if (!steps) return;
      altered++;
      const kinds = checkSteps(derivation.numbers, steps).faults.flatMap((fault) => fault ?? []);
      expect(kinds.filter(({ kind }) => kind !== 'unavailable')).toEqual([]);
      if (kinds.length === 0) legal++;
      expect(steps).toHaveLength(derivation.steps.length);
      expect(steps).not.toEqual(derivation.steps);
      expect(Math.max(...steps.map(({ result }) => result))).toBeLessThanOrEqual(LARGEST_RESULT);
    });
    expect(altered).toBeGreaterThan(150);
    expect(legal).toBeGreaterThan(0.7 * altered);
  });

  test('miscalculated is the one fault', () => {
    let wrong = 0;
    eachSolution(300, (derivation, _instance, rng) => {
      const steps = miscalculateStep(derivation, rng);
      if (!steps) return;
      wrong++;
      const kinds = checkSteps(derivation.numbers, steps).faults.flatMap((fault) => fault ?? []);
      expect(kinds.map(({ kind }) => kind)).toEqual(['miscalculated']);
    });
    expect(wrong).toBeGreaterThan(150);
  });

  test('set right solves what was wrong in one step', () => {
    const seen = { mended: 0, left: 0 };
    eachSolution(300, (derivation, instance, rng) => {
      for (const change of [alterStep, miscalculateStep]) {
        const steps = change(derivation, rng);
        if (!steps || isSolution(instance, steps)) continue;
        const mended = repairStep({ ...derivation, steps }, instance.target, rng);
        if (mended) expect(isSolution(instance, mended)).toBe(true);
        seen[mended ? 'mended' : 'left']++;
      }
    });
    expect(seen.mended).toBeGreaterThan(300);
    // A number that serves twice can be carried to the wrong place.
    expect(seen.left).toBeLessThan(0.03 * seen.mended);
  });

  test('is set right in the last place that does it', () => {
    const steps = [
      { left: 7, operator: '-', right: 3, result: 4 },
      { left: 8, operator: '+', right: 4, result: 12 },
    ] as const;
    const derivation = { numbers: [3, 7, 8], steps, largestResult: 120 };
    const mended = repairStep(derivation, 32, createRng(1))!;
    expect(writeSteps(mended).join(' ')).toBe('7 - 3 = 4 ; 8 * 4 = 32');
    expect(repairStep(derivation, 119, createRng(1))).toBeUndefined();
  });
});
