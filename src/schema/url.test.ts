import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryConfig } from './arbitrary.testing.ts';
import { PARAMS_VERSION } from './migrate.ts';
import { DEFAULT_CONFIG, PARAMS } from './params.ts';
import { SIZES, STRATEGIES } from './presets.ts';
import { scenariosOf } from './scenarios.ts';
import { configFromQuery, configToQuery } from './url.ts';

const VERSION = `v=${PARAMS_VERSION}`;

describe('configToQuery', () => {
  it('names the version alone for the default configuration, so that it is not the bare address', () => {
    expect(configToQuery(DEFAULT_CONFIG)).toBe(VERSION);
    expect(configFromQuery(VERSION)).toEqual({ config: DEFAULT_CONFIG, issues: [] });
  });

  it('names the version and what differs, in the order of the table', () => {
    const config = { ...DEFAULT_CONFIG, groupSize: 4, seed: 7, tieEmbeddings: false };
    expect(configToQuery(config)).toBe(`${VERSION}&seed=7&tieEmbeddings=false&groupSize=4`);
  });
});

describe('configFromQuery', () => {
  it.each(['', '?'])('opens the first story where the address names nothing: "%s"', (query) => {
    const { config, issues } = configFromQuery(query);
    expect(issues).toEqual([]);
    expect(scenariosOf(config)).toEqual(['uneven', 'exit']);
    expect(config).toMatchObject({ unsolvableShare: 0.75, seed: DEFAULT_CONFIG.seed });
    expect(configFromQuery(configToQuery(config)).config).toEqual(config);
    expect(configFromQuery('seed=1').config).toEqual(DEFAULT_CONFIG);
  });

  it.each(['fbclid=x', 'utm_source=mail&utm_campaign=a', 'gclid=1&mc_cid=2'])(
    'passes over what is appended where an address is shared: "%s"',
    (query) => {
      expect(configFromQuery(query)).toEqual(configFromQuery(''));
      expect(configFromQuery(`seed=3&${query}`)).toEqual(configFromQuery('seed=3'));
    },
  );

  it('brings every configuration back as it was', () => {
    fc.assert(
      fc.property(arbitraryConfig(), (config) => {
        expect(configFromQuery(configToQuery(config))).toEqual({ config, issues: [] });
        expect(configFromQuery(`?${configToQuery(config)}`).config).toEqual(config);
      }),
    );
  });

  it('never throws and always gives a valid configuration', () => {
    fc.assert(
      fc.property(fc.webQueryParameters(), (query) => {
        const { config } = configFromQuery(query);
        expect(configFromQuery(configToQuery(config))).toEqual({ config, issues: [] });
      }),
      { numRuns: 50 },
    );
  });

  it('names the field, the value and the range of a refused value and keeps the rest', () => {
    const { config, issues } = configFromQuery('v=1&groupSize=1000&seed=9&bogus=1&task=chess');
    expect(config).toEqual({ ...DEFAULT_CONFIG, seed: 9 });
    expect(issues).toEqual([
      { field: 'groupSize', value: '"1000"', expected: 'a whole number from 2 to 64' },
      { field: 'bogus', value: '"1"', expected: 'the name of a parameter' },
      {
        field: 'task',
        value: '"chess"',
        expected: `one of ${Object.keys(PARAMS.task.options).join(', ')}`,
      },
    ]);
  });

  it('takes presets as shorthands, which explicit values override wherever they stand', () => {
    const { config, issues } = configFromQuery('hiddenSize=96&strategy=grpo&size=micro');
    expect(issues).toEqual([]);
    expect(config).toEqual({
      ...DEFAULT_CONFIG,
      ...STRATEGIES.grpo.values,
      ...SIZES.micro.values,
      hiddenSize: 96,
    });
  });

  it.each(['toString', '__proto__', 'EXIT'])('refuses %s as a strategy', (strategy) => {
    const { config, issues } = configFromQuery(`strategy=${strategy}`);
    expect(config).toEqual(DEFAULT_CONFIG);
    expect(issues).toEqual([
      {
        field: 'strategy',
        value: `"${strategy}"`,
        expected: 'one of grpo, curriculum, improve, diverge, exit, exit-uniform',
      },
    ]);
  });

  it('reports a width that its heads do not divide, and repairs the width alone if it can', () => {
    const { config, issues } = configFromQuery('hiddenSize=100&numHeads=8');
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatchObject({ field: 'hiddenSize', value: '100' });
    expect(config).toEqual({ ...DEFAULT_CONFIG, numHeads: 8 });
  });

  it('falls back to the whole default shape where the default width does not fit either', () => {
    const { config, issues } = configFromQuery('numHeads=5&numLayers=3&seed=4');
    expect(issues).toHaveLength(1);
    expect(config).toEqual({ ...DEFAULT_CONFIG, seed: 4 });
  });

  it('reports a version that it does not know and still reads what it can', () => {
    const { config, issues } = configFromQuery('v=99&seed=5');
    const expected = `the version ${PARAMS_VERSION} or an earlier one`;
    expect(issues).toEqual([{ field: 'v', value: '"99"', expected }]);
    expect(config.seed).toBe(5);
  });
});
