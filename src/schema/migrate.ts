/**
 * One rule for parameters that were stored (runs, recordings, addresses): what the file names is taken,
 * under its former name too; what it does not know takes the default of then, which the table keeps
 * (`since`, `before`). Files name every parameter of their time, addresses only what differs from the
 * defaults of their version.
 *
 * A parameter that this program does not know comes from a newer one. It is named in `issues`: whoever
 * goes on with a run must refuse it, since the run would go on as another one; whoever only shows what
 * was recorded can leave it out.
 */
import {
  checkConfig,
  PARAMS,
  parseParams,
  type Config,
  type Param,
  type ParamIssue,
  type ParamTable,
} from './params.ts';

export type ParamValue = Param['default'];

/** Rises with each `since`. */
export function paramsVersion(table: ParamTable): number {
  return Math.max(1, ...Object.values(table).map(({ since }) => since ?? 1));
}

export const PARAMS_VERSION = paramsVersion(PARAMS);

/** What whoever did not name the parameter meant by it, at a version of the table. */
export function defaultOfThen(param: Param, version: number): ParamValue {
  return version < (param.since ?? 1) ? (param.before ?? param.default) : param.default;
}

/** The defaults at a version of the table, of parameters that came later too. */
export function defaultsOf(version: number): Config {
  const values = Object.entries<Param>(PARAMS).map(
    ([id, param]) => [id, defaultOfThen(param, version)] as const,
  );
  return Object.fromEntries(values) as unknown as Config;
}

/** Before all versions: a file that lacks a parameter is older than it, however old that is. */
const OLDER = 0;

export interface StoredConfig {
  readonly config: Config;
  /** What was refused, and has its default of then in `config`. */
  readonly issues: readonly ParamIssue[];
}

/** A configuration as a file holds it. Never throws. */
export function storedConfig(outside: Readonly<Record<string, unknown>>): StoredConfig {
  const { values, issues } = parseParams(outside);
  const config = { ...defaultsOf(OLDER), ...values };
  return { config, issues: issues.length > 0 ? issues : checkConfig(config) };
}
