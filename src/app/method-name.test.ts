import { describe, expect, it } from 'vitest';
import { changedParams, DEFAULT_CONFIG, type Config } from '../schema/params.ts';
import { STRATEGIES } from '../schema/presets.ts';
import type { ParamChange } from '../schema/records.ts';
import { methodName } from './method-name.ts';

const EXIT: Config = { ...DEFAULT_CONFIG, ...STRATEGIES.exit.values };

/** A run that became each of these configurations at its step. */
function runOf(...turns: readonly (readonly [step: number, values: Partial<Config>])[]) {
  let config = EXIT;
  const marks: ParamChange[] = [];
  for (const [step, values] of turns) {
    const next = { ...config, ...values };
    for (const param of changedParams(config, next)) {
      marks.push({ step, param, from: config[param], to: next[param] });
    }
    config = next;
  }
  return methodName(config, marks);
}

describe('the name of a method', () => {
  it('is that of the strategy, whatever else was changed', () => {
    expect(methodName(EXIT)).toBe('ExIt');
    expect(runOf([40, { temperature: 0.5 }])).toBe('ExIt');
    expect(runOf([1, STRATEGIES.grpo.values])).toBe('GRPO');
  });

  it('says what it became, and when', () => {
    expect(runOf([103, STRATEGIES.grpo.values])).toBe('ExIt → GRPO at 103');
    expect(runOf([5, { divergeProbability: 0.9 }], [9, STRATEGIES.exit.values])).toBe(
      'ExIt → Own mixture at 5 → ExIt at 9',
    );
  });
});
