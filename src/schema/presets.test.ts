import { describe, expect, it } from 'vitest';
import { checkConfig, DEFAULT_CONFIG, isLive, isParamId, parseParams } from './params.ts';
import { readConfig } from './config.ts';
import { FORMER_STRATEGIES, matchPreset, SIZES, STRATEGIES, type Preset } from './presets.ts';

const PRESETS: readonly (readonly [string, Preset])[] = [
  ...Object.entries(STRATEGIES),
  ...Object.entries(SIZES),
];

describe.each(PRESETS)('%s', (_, preset) => {
  it('holds values that their parameters accept and that fit together', () => {
    expect(parseParams(preset.values)).toEqual({ values: preset.values, issues: [] });
    expect(checkConfig({ ...DEFAULT_CONFIG, ...preset.values })).toEqual([]);
  });
});

describe('strategies', () => {
  it('all set the same parameters, all live, so that a switch leaves nothing behind', () => {
    const names = Object.keys(STRATEGIES.exit.values).sort();
    for (const { values } of Object.values(STRATEGIES)) {
      expect(Object.keys(values).sort()).toEqual(names);
    }
    expect(names.every((name) => isParamId(name) && isLive(name))).toBe(true);
  });

  it('have a control that is ExIt in all but the priority', () => {
    const { priority, ...rest } = STRATEGIES['exit-uniform'].values;
    expect(priority).toBe('uniform');
    expect({ ...STRATEGIES.exit.values, priority }).toEqual({ ...rest, priority });
  });

  it('open under a former name as what they were', () => {
    const { given, issues } = readConfig({ strategy: 'uniform' });
    expect(issues).toEqual([]);
    expect(given).toEqual(FORMER_STRATEGIES.uniform.values);
    expect(given).toMatchObject({
      priority: 'uniform',
      divergeProbability: 0,
      diversityStrength: 0,
    });
  });

  it('differ from each other', () => {
    const distinct = new Set(Object.values(STRATEGIES).map(({ values }) => JSON.stringify(values)));
    expect(distinct.size).toBe(Object.keys(STRATEGIES).length);
  });
});

describe('matchPreset', () => {
  it('finds the preset that a configuration follows', () => {
    expect(matchPreset(STRATEGIES, { ...DEFAULT_CONFIG, ...STRATEGIES.grpo.values })).toBe('grpo');
    expect(matchPreset(SIZES, { ...DEFAULT_CONFIG, ...SIZES.small.values })).toBe('small');
  });

  it('starts at ExIt and nano', () => {
    expect(matchPreset(STRATEGIES, DEFAULT_CONFIG)).toBe('exit');
    expect(matchPreset(SIZES, DEFAULT_CONFIG)).toBe('nano');
  });

  it('finds none once a value is off', () => {
    const config = { ...DEFAULT_CONFIG, divergeProbability: 0.21 };
    expect(matchPreset(STRATEGIES, config)).toBeUndefined();
  });
});
