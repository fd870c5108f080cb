/** What a new domain takes: one object here stands for its folder, and all else derives from the lists it joins. */
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { createRng } from '../base/rng.ts';
import { baseCheckpoints } from '../runs/base-checkpoints.ts';
import {
  mixtureWeights,
  PARAMS,
  WEIGHT_IDS,
  type Config,
  type LiveParamId,
} from '../schema/params.ts';
import { domainScenarios, SCENARIOS, type ScenarioId } from '../schema/scenarios.ts';
import type { AttemptViewProps } from './attempt-view.ts';
import { MIXTURE, tableOf, taskLabels } from './manifest.ts';
import type { Manifest, TaskIdOf, ToldDomainOf, WeightIdOf } from './manifest.ts';
import { manifestOf, MANIFESTS, type Domain } from './manifests.ts';
import { mixtureOf, taskById, TASKS } from './registry.ts';
import { MODES, type Task, type TaskNames } from './task.ts';
import { taskViews } from './views.ts';

interface DieShape {
  readonly sides: number;
}

const DICE = {
  manifest: {
    variants: [
      { id: 'dice', label: 'Dice', summary: 'Say what is up.', checkpoints: ['small'], sides: 6 },
      { id: 'dice-large', label: 'Dice, large', summary: 'Say what is up.', sides: 20 },
    ],
    mixture: { param: 'mixDice', of: 'dice', tasks: 'dice', checkpoints: ['micro'] },
    scenario: { label: 'Dice', watch: 'Nothing can be learned, and nothing is.' },
    file: { name: 'photograph', accept: 'image/*', hint: 'as a photograph of the die' },
  } as const satisfies Manifest<DieShape>,

  createTask: ({ sides, ...names }: DieShape & TaskNames): Task<number> => {
    const numbers = Array.from({ length: sides }, (_, i) => `${i + 1}`);
    return {
      ...names,
      vocabulary: [...numbers, ...MODES],
      maxPromptTokens: 1,
      maxCompletionTokens: 2,
      feedback: false,
      turns: () => 1,
      sample: (_split, rng) => 1 + rng.int(sides),
      prompt: (_instance, _history, mode) => [mode],
      grade: (up, _history, [word]) => {
        const solved = word === `${up}`;
        return { quality: Number(solved), solved, valid: true, feedback: [] };
      },
      demonstrate: (up) => [`${up}`],
    };
  },

  View: ({ instance, attempt }: AttemptViewProps) =>
    createElement('p', null, `${JSON.stringify(instance)} up, said ${attempt?.tokens.join(' ')}`),
};

const DOMAINS = Object.keys(MANIFESTS) as Domain[];
const LIST = { ...MANIFESTS, dice: DICE.manifest } as const;
const SAID = { tokens: ['3'], feedback: [], quality: 0 };

/** The same for each of those that are there already. */
function ofAll<K extends string, V>(keys: readonly K[], value: V): Readonly<Record<K, V>> {
  return tableOf(keys.map((key) => [key, value]));
}

describe('a domain that joins the lists', () => {
  test('is an option in each of its sizes, after those before it', () => {
    const { mixture, ...before } = PARAMS.task.options;
    const added = { dice: 'Dice', 'dice-large': 'Dice, large' };
    expect(Object.entries(taskLabels(LIST))).toEqual(
      Object.entries({ ...before, ...added, mixture }),
    );
  });

  test('has a weight that may change while training runs', () => {
    const weights = mixtureWeights(LIST);
    expect(Object.keys(weights).at(-1)).toBe('mixDice');
    expect(weights.mixDice).toEqual({
      ...PARAMS.mixLocks,
      label: 'Weight of dice',
      help: 'How often a fresh base task is one of dice when all domains are mixed, beside the other weights.',
    });
  });

  test('is a scenario in its first size, before the mixture', () => {
    const scenarios = domainScenarios(LIST);
    expect(Object.keys(scenarios).slice(-2)).toEqual(['dice', MIXTURE.id]);
    expect(scenarios.dice).toEqual({
      label: 'Dice',
      group: 'domain',
      watch: 'Nothing can be learned, and nothing is.',
      values: { ...SCENARIOS.locks.values, task: 'dice' },
    });
  });

  test('has the base policies that it names; the mixture has those that know all that is mixed', () => {
    const policies = baseCheckpoints(LIST);
    expect(policies.dice).toEqual({ micro: 'base-micro', small: 'dice-small' });
    expect(policies['dice-large']).toEqual({});
    expect(policies.mixture).toEqual({ micro: 'base-micro' });
    expect(policies.locks).toEqual(baseCheckpoints(MANIFESTS).locks);
  });

  test('makes its tasks, and is drawn in a mixture by its weight', () => {
    const dice = DICE.manifest.variants.map(DICE.createTask);
    expect(taskById('dice-large', [...TASKS, ...dice]).vocabulary).toContain('20');
    const others = ofAll(WEIGHT_IDS, 0);
    const mixture = mixtureOf(LIST, { ...ofAll(DOMAINS, TASKS), dice }, () => {
      return { ...others, mixDice: 1 };
    });
    expect(mixture.parts.map(({ id }) => id).at(-1)).toBe('dice');
    expect(mixture.sample('train', createRng(1)).domain).toBe('dice');
  });

  test('is shown by its own view, alone and in a mixture', () => {
    const views = taskViews(LIST, { ...ofAll(DOMAINS, () => null), dice: DICE.View });
    const mixed = { domain: 'dice-large', instance: 17 };
    const alone = createElement(views['dice-large'], { instance: 17, attempt: SAID });
    const inMixture = createElement(views.mixture, { instance: mixed, attempt: SAID });
    expect(renderToStaticMarkup(alone)).toBe('<p>17 up, said 3</p>');
    expect(renderToStaticMarkup(inMixture)).toBe('<p>17 up, said 3</p>');
  });

  test('is found by each of its tasks, with what it says of files and of parts', () => {
    expect(manifestOf('dice-large', LIST)).toBe(DICE.manifest);
    expect(manifestOf('locks', LIST)).toBe(MANIFESTS.locks);
    expect(manifestOf('mixture', LIST)).toBeUndefined();
  });
});

test('ids are exact in types too', () => {
  type Added = { readonly dice: typeof DICE.manifest };
  expectTypeOf<TaskIdOf<Added>>().toEqualTypeOf<'dice' | 'dice-large' | 'mixture'>();
  expectTypeOf<WeightIdOf<Added>>().toEqualTypeOf<'mixDice'>();
  expectTypeOf<ToldDomainOf<Added>>().toEqualTypeOf<'dice'>();
  expectTypeOf<'locks-large' | 'mixture'>().toExtend<Config['task']>();
  expectTypeOf<'dice'>().not.toExtend<Config['task']>();
  expectTypeOf<'mixLocks'>().toExtend<LiveParamId>();
  expectTypeOf<'mixDice'>().not.toExtend<LiveParamId>();
  expectTypeOf<'locks' | 'mixture' | 'exit'>().toExtend<ScenarioId>();
  expectTypeOf<'dice'>().not.toExtend<ScenarioId>();
});
