import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryConfig, arbitraryValue } from './arbitrary.testing.ts';
import {
  changedParams,
  checkConfig,
  DEFAULT_CONFIG,
  describeIssue,
  expectation,
  isLive,
  isParamId,
  PARAM_GROUPS,
  PARAM_IDS,
  PARAMS,
  parseParams,
  type Param,
  taskSettings,
} from './params.ts';

const TABLE: readonly (readonly [string, Param])[] = PARAM_IDS.map((id) => [id, PARAMS[id]]);

describe.each(TABLE)('%s', (id, param) => {
  it('accepts its default, as a value and as text', () => {
    const expected = { values: { [id]: param.default }, issues: [] };
    expect(parseParams({ [id]: param.default })).toEqual(expected);
    expect(parseParams({ [id]: String(param.default) })).toEqual(expected);
  });

  it('accepts whatever it says it accepts', () => {
    fc.assert(
      fc.property(arbitraryValue(param), (value) => {
        expect(parseParams({ [id]: value })).toEqual({ values: { [id]: value }, issues: [] });
      }),
      { numRuns: 20 },
    );
  });

  it('refuses what lies outside, naming field, value and expectation', () => {
    for (const value of outsideOf(param)) {
      const issue = { field: id, value: JSON.stringify(value), expected: expectation(param) };
      expect(parseParams({ [id]: value })).toEqual({ values: {}, issues: [issue] });
    }
  });

  it('says what it does, in a sentence', () => {
    expect(param.label).not.toBe('');
    expect(param.help).toMatch(/\.$/);
    expect(PARAM_GROUPS).toContain(param.group);
  });
});

function outsideOf(param: Param): unknown[] {
  const never = ['', 'nonsense', null, {}, Number.NaN, Number.POSITIVE_INFINITY];
  switch (param.kind) {
    case 'number':
      return [...never, param.range[0] - 1, param.range[1] + 1, `${param.range[1] + 1}`];
    case 'integer':
      return [...never, param.range[0] - 1, param.range[1] + 1, param.range[0] + 0.5];
    case 'boolean':
      return [...never, 1, 'yes'];
    case 'choice':
      return [...never, 'toString', 0];
    default:
      return param satisfies never;
  }
}

describe('parseParams', () => {
  it('refuses unknown names, inherited ones too, and keeps the rest', () => {
    const outside: unknown = JSON.parse('{ "seed": 3, "bogus": 1, "toString": 2, "__proto__": 4 }');
    const { values, issues } = parseParams(outside as Record<string, unknown>);
    expect(values).toEqual({ seed: 3 });
    expect(issues.map(describeIssue)).toEqual([
      'bogus: got 1, expected the name of a parameter',
      'toString: got 2, expected the name of a parameter',
      '__proto__: got 4, expected the name of a parameter',
    ]);
  });
});

describe('a configuration', () => {
  it('is valid by default', () => {
    expect(checkConfig(DEFAULT_CONFIG)).toEqual([]);
  });

  it('has no more than all of its tasks unsolvable or trivial', () => {
    const uneven = (unsolvableShare: number, trivialShare: number) =>
      checkConfig({ ...DEFAULT_CONFIG, unsolvableShare, trivialShare }).map(describeIssue);
    for (const share of [0, 0.1, 0.35, 0.55, 0.7, 1]) expect(uneven(share, 1 - share)).toEqual([]);
    expect(uneven(0.7, 0.35)).toEqual([
      'trivialShare: got 0.35, expected at most 1 together with unsolvableShare (0.7)',
    ]);
  });

  it('needs a width that its heads divide twice', () => {
    fc.assert(
      fc.property(arbitraryConfig(), fc.integer({ min: 8, max: 1024 }), (config, hiddenSize) => {
        const issues = checkConfig({ ...config, hiddenSize });
        const fits = Number.isInteger(hiddenSize / config.numHeads / 2);
        expect(issues.map(({ field }) => field)).toEqual(fits ? [] : ['hiddenSize']);
      }),
    );
  });

  it('knows in what it differs from another', () => {
    expect(changedParams(DEFAULT_CONFIG, DEFAULT_CONFIG)).toEqual([]);
    const other = { ...DEFAULT_CONFIG, seed: 2, klBeta: 0.5 };
    expect(changedParams(DEFAULT_CONFIG, other)).toEqual(['seed', 'klBeta']);
  });
});

it('of a configuration, names what shapes the tasks of one domain', () => {
  const config = { ...DEFAULT_CONFIG, task: 'countdown', countdownFeedback: 'step' } as const;
  expect(taskSettings(config)).toEqual({
    ...{ task: 'countdown', absentShare: 0, mostTurns: 3 },
    ...{ countdownSolutions: 0, countdownCredit: 0, countdownFeedback: 'step' },
  });
});

describe('names', () => {
  it('are known or not', () => {
    expect(isParamId('seed')).toBe(true);
    expect(isParamId('hasOwnProperty')).toBe(false);
  });

  it('are live as the table says: the shape of the model is not, the learning rate is', () => {
    expect(isLive('learningRate')).toBe(true);
    expect(isLive('hiddenSize')).toBe(false);
    expect(isLive('seed')).toBe(false);
  });
});
