/** From named outside values (a URL's query, CLI flags) to a whole configuration, the same way for all. */
import {
  checkConfig,
  DEFAULT_CONFIG,
  PARAM_IDS,
  PARAMS,
  parseParams,
  type Config,
  type ParamId,
  type ParamIssue,
} from './params.ts';
import { defaultsOf, PARAMS_VERSION } from './migrate.ts';
import { FORMER_STRATEGIES, SIZES, STRATEGIES, type Preset } from './presets.ts';

/** Names that stand for a set of values; what is given explicitly wins over them. */
export const SHORTHANDS: Readonly<Record<string, Readonly<Record<string, Preset>>>> = {
  strategy: STRATEGIES,
  size: SIZES,
};

export interface ReadConfig {
  readonly config: Config;
  /** What was accepted, presets spelled out; the rest of `config` is default. */
  readonly given: Partial<Config>;
  /** What was refused, presets first; constraints between parameters last. */
  readonly issues: readonly ParamIssue[];
}

/**
 * Every refused value falls back to its default; every violated constraint likewise. Never throws.
 * @param version of the table that the values were written with: what is absent has the default of then.
 */
export function readConfig(
  outside: Readonly<Record<string, unknown>>,
  version = PARAMS_VERSION,
): ReadConfig {
  const issues: ParamIssue[] = [];
  const explicit: Record<string, unknown> = {};
  let given: Partial<Config> = {};
  for (const [name, value] of Object.entries(outside)) {
    const preset = findPreset(name, value);
    if (preset) given = { ...given, ...preset.values };
    else if (Object.hasOwn(SHORTHANDS, name)) issues.push(unknownPreset(name, value));
    else explicit[name] = value;
  }
  const parsed = parseParams(explicit);
  given = { ...given, ...parsed.values };
  const config: Config = { ...defaultsOf(version), ...given };
  issues.push(...parsed.issues, ...checkConfig(config));
  return { config: repair(config), given, issues };
}

function findPreset(name: string, value: unknown): Preset | undefined {
  if (typeof value !== 'string' || !Object.hasOwn(SHORTHANDS, name)) return undefined;
  const table: Readonly<Record<string, Preset>> =
    name === 'strategy' ? { ...FORMER_STRATEGIES, ...STRATEGIES } : SHORTHANDS[name]!;
  return presetNamed(table, value);
}

/** The preset of this name, or that had it. */
export function presetNamed(
  table: Readonly<Record<string, Preset>>,
  name: string,
): Preset | undefined {
  if (Object.hasOwn(table, name)) return table[name];
  return Object.values(table).find(({ aliases }) => aliases?.includes(name));
}

function unknownPreset(field: string, value: unknown): ParamIssue {
  const expected = `one of ${Object.keys(SHORTHANDS[field]!).join(', ')}`;
  return { field, value: JSON.stringify(value) ?? String(value), expected };
}

/** The default of the field named is tried first; its neighbours follow only if that is not enough. */
function repair(config: Config): Config {
  for (const { field } of checkConfig(config)) {
    config = withDefaults(config, (id) => id === field);
    if (checkConfig(config).some((issue) => issue.field === field)) {
      const group = PARAMS[field as ParamId].group;
      config = withDefaults(config, (id) => PARAMS[id].group === group);
    }
  }
  return config;
}

function withDefaults(config: Config, chosen: (id: ParamId) => boolean): Config {
  const defaults = PARAM_IDS.filter(chosen).map((id) => [id, DEFAULT_CONFIG[id]]);
  return { ...config, ...(Object.fromEntries(defaults) as Partial<Config>) };
}
