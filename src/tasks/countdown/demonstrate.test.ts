import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRng, type Rng } from '../../base/rng.ts';
import { EMPTY_HISTORY, MODES, type Attempt, type Mode, type Token } from '../task.ts';
import { createCountdown } from './countdown.ts';
import { DEMONSTRATION, type DemonstrationOptions } from './demonstrate.ts';
import { isRight } from './oracle.testing.ts';
import { readSteps, reached } from './steps.ts';
import { solutionsOf } from './solutions.ts';

const SHAPE = {
  id: 'small',
  label: 'Small',
  summary: '',
  numbers: 3,
  slots: 4,
  largest: 10,
  largestTarget: 60,
};
const EXACT: DemonstrationOptions = {
  solveShare: 1,
  keepShare: 1,
  mendShare: 1,
  divergeShare: 1,
  slipShare: 0,
};
const PUZZLE = { numbers: [3, 7, 8], target: 32 };
const task = createCountdown(SHAPE);

function demonstrate(
  mode: Mode,
  rng: Rng,
  { before, options = DEMONSTRATION, instance = PUZZLE }: Setting = {},
): Token[] {
  const latest: Attempt | undefined =
    before === undefined ? undefined : { tokens: before.split(' '), feedback: [], quality: 0 };
  const shown = createCountdown({ ...SHAPE, demonstration: options });
  const history = latest ? { earlier: [], latest } : EMPTY_HISTORY;
  return shown.demonstrate(instance, history, mode, rng);
}

interface Setting {
  readonly before?: string;
  readonly options?: DemonstrationOptions;
  readonly instance?: typeof PUZZLE;
}

function right(tokens: readonly Token[], { numbers, target } = PUZZLE): boolean {
  return isRight(numbers, target, tokens.join(' '));
}

function share(times: number, event: (rng: Rng) => boolean): number {
  const rng = createRng(7);
  let hits = 0;
  for (let i = 0; i < times; i++) if (event(rng)) hits++;
  return hits / times;
}

const RIGHT = '7 - 3 = 4 ; 4 * 8 = 32';
const MISS = '7 - 3 = 4 ; 4 + 8 = 12';
const HOPELESS = '3 * 8 = 24 ; 24 + 7 = 31';

describe('demonstrations', () => {
  test('are well-formed and fit, whatever they continue, in every split', () => {
    const splits = ['train', ...task.heldOut!.map(({ id }) => id)];
    const before = fc.array(fc.constantFrom(...task.vocabulary, ...'3 * 8 = ;'.split(' ')));
    fc.assert(
      fc.property(fc.integer(), before, fc.constantFrom(...MODES), (seed, words, mode) => {
        const rng = createRng(seed);
        const instance = task.sample(rng.pick(splits), rng);
        const latest = { tokens: words, feedback: [], quality: 0 };
        const shown = task.demonstrate(instance, { earlier: [], latest }, mode, rng);
        expect(readSteps(shown)).toBeDefined();
        expect(shown.length).toBeLessThan(task.maxCompletionTokens);
        expect(shown.every((word) => task.vocabulary.includes(word))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('calculate right in nearly every first attempt', () => {
    const legal = share(2000, (rng) => {
      const instance = task.sample('train', rng);
      const steps = readSteps(task.demonstrate(instance, EMPTY_HISTORY, 'solve', rng))!;
      return reached(instance.numbers, steps) !== undefined;
    });
    expect(legal).toBeGreaterThan(0.96);
    expect(legal).toBeLessThan(1);
  });

  test('first attempts are right as often as the option says, and by luck', () => {
    const hit = (solveShare: number): number =>
      share(2000, (rng) => {
        const options = { ...DEMONSTRATION, solveShare };
        return right(demonstrate('solve', rng, { options }));
      });
    expect(hit(1)).toBe(1);
    expect(hit(0)).toBeLessThan(0.1);
    expect(Math.abs(hit(0.5) - 0.5 - hit(0) / 2)).toBeLessThan(0.04);
  });

  test('keep what is right', () => {
    const kept = (options: DemonstrationOptions): number =>
      share(
        1000,
        (rng) => demonstrate('improve', rng, { before: RIGHT, options }).join(' ') === RIGHT,
      );
    expect(kept(EXACT)).toBe(1);
    expect(kept({ ...EXACT, keepShare: 0 })).toBeLessThan(0.05);
    expect(kept(DEMONSTRATION)).toBeGreaterThan(0.93);
  });

  test('change what is wrong, and mend it as often as the option says', () => {
    for (const before of [MISS, HOPELESS, '7 - 3 = 5 ; 4 * 8 = 32', '7 - 3 =']) {
      const at = (mendShare: number) => (event: (shown: Token[]) => boolean) =>
        share(600, (rng) =>
          event(demonstrate('improve', rng, { before, options: { ...DEMONSTRATION, mendShare } })),
        );
      expect(at(1)((shown) => right(shown))).toBe(1);
      expect(at(0)((shown) => right(shown))).toBeLessThan(0.1);
      expect(at(0.5)((shown) => shown.join(' ') === before)).toBeLessThan(0.01);
    }
  });

  test('mend from the first step that cannot stay', () => {
    const rng = createRng(3);
    for (let i = 0; i < 20; i++) {
      const mended = demonstrate('improve', rng, { before: MISS, options: EXACT });
      expect(mended.slice(0, 6).join(' ')).toBe('7 - 3 = 4 ;');
      expect(right(mended)).toBe(true);
    }
  });

  test('diverge to another solution where there is one, else to something else', () => {
    const key = (text: string, instance = PUZZLE): string =>
      task.solutionKey!(instance, text.split(' '));
    const rng = createRng(4);
    for (let i = 0; i < 100; i++) {
      const instance = task.sample('train', rng);
      const solutions = solutionsOf(instance.numbers);
      const before = task.demonstrate(instance, EMPTY_HISTORY, 'solve', rng).join(' ');
      const setting = {
        before,
        options: EXACT,
        instance: { ...instance, numbers: [...instance.numbers] },
      };
      const shown = demonstrate('diverge', rng, setting);
      expect(key(shown.join(' '), setting.instance)).not.toBe(key(before, setting.instance));
      if (solutions.countComplete(instance.target) > 5) {
        expect(right(shown, setting.instance)).toBe(true);
      }
    }
  });

  test('slips write the target where it was not reached', () => {
    const options = { ...EXACT, solveShare: 0, slipShare: 1 };
    const rng = createRng(5);
    for (let i = 0; i < 50; i++) {
      const shown = demonstrate('solve', rng, { options });
      expect(shown.at(-1)).toBe('32');
    }
    expect(share(500, (stream) => right(demonstrate('solve', stream, { options })))).toBeLessThan(
      0.1,
    );
  });
});
