import { describe, expect, it } from 'vitest';
import { checkConfig, DEFAULT_CONFIG, parseParams } from './params.ts';
import type { Config } from './params.ts';
import {
  SCENARIOS,
  SCENARIO_GROUPS,
  SCENARIO_IDS,
  scenariosOf,
  scenario,
  scenarioValues,
} from './scenarios.ts';
import type { ScenarioId } from './scenarios.ts';
import type { Manifest } from '../tasks/manifest.ts';
import { MANIFESTS } from '../tasks/manifests.ts';
import { configFromQuery, configToQuery } from './url.ts';

function after(...ids: ScenarioId[]): Config {
  return ids.reduce<Config>(
    (config, id) => ({ ...config, ...scenarioValues(id, config) }),
    DEFAULT_CONFIG,
  );
}

describe.each(SCENARIO_IDS)('%s', (id) => {
  const { values, watch: watch } = scenario(id);

  it('holds values that their parameters accept and that fit together', () => {
    expect(parseParams(values)).toEqual({ values, issues: [] });
    expect(checkConfig({ ...DEFAULT_CONFIG, ...values })).toEqual([]);
  });

  it('says what to watch for in one sentence', () => {
    expect(watch).toMatch(/^[A-Z][^.]*\.$/);
    expect(watch.length).toBeLessThan(105);
  });

  it('is the one of its group that holds after it, and comes back from an address', () => {
    const config = after('grpo', 'hot', 'collapse', id);
    const { config: read, issues } = configFromQuery(configToQuery(config));
    expect(issues).toEqual([]);
    const same = scenariosOf(read).filter(
      (other) => SCENARIOS[other].group === SCENARIOS[id].group,
    );
    expect(same).toEqual([id]);
  });
});

describe('scenarios', () => {
  it('leave nothing behind when another of their group is chosen', () => {
    for (const group of Object.keys(SCENARIO_GROUPS)) {
      const ids = SCENARIO_IDS.filter((id) => SCENARIOS[id].group === group);
      const names = ids.map((id) => Object.keys(SCENARIOS[id].values).sort().join());
      expect(new Set(names).size).toBe(1);
    }
  });

  it('end a failure, whichever is chosen after it', () => {
    for (const id of SCENARIO_IDS.filter((one) => SCENARIOS[one].group !== 'failure')) {
      const { trainTasks, learningRate } = after('collapse', 'hot', id);
      expect(trainTasks).toBe(DEFAULT_CONFIG.trainTasks);
      expect(learningRate).toBeLessThanOrEqual(DEFAULT_CONFIG.learningRate);
    }
  });

  it('keep an uneven task space while methods are compared in it, and leave it by a domain', () => {
    const spaces = (config: Config) =>
      SCENARIO_IDS.filter(
        (id) => SCENARIOS[id].group === 'space' && scenariosOf(config).includes(id),
      );
    expect(spaces(after('uneven', 'exit-uniform', 'grpo', 'exit'))).toEqual(['uneven']);
    expect(after('uneven', 'exit', 'locks')).toEqual(DEFAULT_CONFIG);
    expect(after('even').unsolvableShare).toBe(0);
  });

  it('start at ExIt in Locks', () => {
    expect(scenariosOf(DEFAULT_CONFIG)).toEqual(['exit', 'locks']);
  });

  it('tell every domain that wants it, in its first size, and the mixture', () => {
    const told = SCENARIO_IDS.filter((id) => SCENARIOS[id].group === 'domain');
    const first = Object.entries<Manifest>(MANIFESTS)
      .filter(([, { scenario: text }]) => text !== undefined)
      .map(([id, { variants }]) => [id, variants[0].id]);
    expect(told.map((id) => [id, after(id).task])).toEqual([...first, ['mixture', 'mixture']]);
  });
});
