/** fast-check arbitraries of the parameter table, for tests. */
import fc from 'fast-check';
import {
  checkConfig,
  DEFAULT_CONFIG,
  PARAM_IDS,
  PARAMS,
  parseParams,
  type Config,
  type Param,
} from './params.ts';

/** Any value that the parameter accepts. */
export function arbitraryValue(param: Param): fc.Arbitrary<number | boolean | string> {
  switch (param.kind) {
    case 'number':
      // −0 is written as 0, and no parameter tells them apart.
      return fc
        .double({ min: param.range[0], max: param.range[1], noNaN: true })
        .map((value) => value + 0);
    case 'integer':
      return fc.integer({ min: param.range[0], max: param.range[1] });
    case 'boolean':
      return fc.boolean();
    case 'choice':
      return fc.constantFrom(...Object.keys(param.options));
    default:
      return param satisfies never;
  }
}

/** Any valid configuration: some parameters moved, all constraints kept. */
export function arbitraryConfig(): fc.Arbitrary<Config> {
  const values = Object.fromEntries(PARAM_IDS.map((id) => [id, arbitraryValue(PARAMS[id])]));
  return fc
    .record(values, { requiredKeys: [] })
    .map((moved): Config => ({ ...DEFAULT_CONFIG, ...parseParams(moved).values }))
    .map((config) => ({ ...config, hiddenSize: 2 * config.numHeads * fitting(config) }))
    .filter((config) => checkConfig(config).length === 0);
}

/** A head dimension (halved) that keeps the width in its range. */
function fitting({ hiddenSize, numHeads }: Config): number {
  const [low, high] = PARAMS.hiddenSize.range;
  const half = Math.round(hiddenSize / (2 * numHeads));
  return Math.min(
    Math.max(half, Math.ceil(low / (2 * numHeads))),
    Math.floor(high / (2 * numHeads)),
  );
}
