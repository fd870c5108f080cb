import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryConfig } from './arbitrary.testing.ts';
import { presetNamed } from './config.ts';
import {
  defaultOfThen,
  defaultsOf,
  PARAMS_VERSION,
  paramsVersion,
  storedConfig,
} from './migrate.ts';
import {
  DEFAULT_CONFIG,
  describeIssue,
  PARAM_IDS,
  PARAMS,
  parseWith,
  type Param,
  type ParamTable,
} from './params.ts';

const COMMON = { label: 'x', group: 'run', live: true, help: 'X.' } as const;

/** It came with version 2; until then the program behaved as with 0. */
const LATER: Param = {
  ...COMMON,
  ...{ kind: 'number', default: 0.5, range: [0, 1], step: 0.1, since: 2, before: 0 },
};
const RENAMED: Param = {
  ...COMMON,
  ...{ kind: 'choice', default: 'uniform', options: { uniform: 'Uniform', rank: 'Rank' } },
  ...{ aliases: ['weighting'], optionAliases: { flat: 'uniform' } },
};
const TABLE: ParamTable = { later: LATER, priority: RENAMED };

describe('a parameter that came later', () => {
  it('means to whoever is older what the program did then', () => {
    expect([0, 1, 2, 3].map((version) => defaultOfThen(LATER, version))).toEqual([0, 0, 0.5, 0.5]);
  });

  it('has its default where the table keeps none of before', () => {
    expect(defaultOfThen({ ...RENAMED, since: 2 }, 1)).toBe('uniform');
  });

  it('raises the version of the table, and so of addresses', () => {
    expect(paramsVersion(TABLE)).toBe(2);
    expect(paramsVersion({ priority: RENAMED })).toBe(1);
    expect(PARAMS_VERSION).toBe(paramsVersion(PARAMS));
  });

  it('has a value of before that it accepts', () => {
    for (const id of PARAM_IDS) {
      const before = defaultOfThen(PARAMS[id], 0);
      expect(parseWith(PARAMS, { [id]: before })).toEqual({ values: { [id]: before }, issues: [] });
    }
  });

  it('changes nothing for an address of today', () => {
    expect(defaultsOf(PARAMS_VERSION)).toEqual(DEFAULT_CONFIG);
  });
});

describe('a former name', () => {
  it('of a parameter, and of an option, is read as the one of today', () => {
    const { values, issues } = parseWith(TABLE, { weighting: 'flat' });
    expect(values).toEqual({ priority: 'uniform' });
    expect(issues).toEqual([]);
    expect(parseWith(TABLE, { priority: 'rank' }).values).toEqual({ priority: 'rank' });
  });

  it.each(['flat', 'toString', '__proto__'])(
    '%s is none where the table does not say so',
    (name) => {
      const table = { priority: { ...RENAMED, optionAliases: {} } };
      const { issues } = parseWith(table, { priority: name });
      expect(issues.map(describeIssue)).toEqual([
        `priority: got "${name}", expected one of uniform, rank`,
      ]);
    },
  );

  it('of a strategy or size stands for the same values', () => {
    const preset = { label: 'x', help: 'X.', values: {}, aliases: ['curriculum'] };
    expect(presetNamed({ base: preset }, 'curriculum')).toBe(preset);
    expect(presetNamed({ base: preset }, 'base')).toBe(preset);
    expect(presetNamed({ base: preset }, 'toString')).toBeUndefined();
  });
});

describe('a stored configuration', () => {
  it('comes back whole', () => {
    fc.assert(
      fc.property(arbitraryConfig(), (config) => {
        expect(storedConfig(config)).toEqual({ config, issues: [] });
      }),
    );
  });

  it('lacks what came after it, and is filled in', () => {
    fc.assert(
      fc.property(arbitraryConfig(), fc.subarray(PARAM_IDS), (config, missing) => {
        const file = Object.fromEntries(
          Object.entries(config).filter(([id]) => !missing.some((one) => one === id)),
        );
        const read = storedConfig(file).config;
        const before = defaultsOf(0);
        for (const id of PARAM_IDS) {
          expect(read[id]).toBe(missing.includes(id) ? before[id] : config[id]);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('names what only a newer program knows', () => {
    const { config, issues } = storedConfig({ ...DEFAULT_CONFIG, tomorrow: 1 });
    expect(issues.map(describeIssue)).toEqual([
      'tomorrow: got 1, expected the name of a parameter',
    ]);
    expect(config).toEqual(DEFAULT_CONFIG);
  });
});
