/** A configuration as a URL's query: what differs from the defaults, in the table's order, versioned. */
import { readConfig } from './config.ts';
import { PARAMS_VERSION } from './migrate.ts';
import { changedParams, DEFAULT_CONFIG, type Config, type ParamIssue } from './params.ts';

/** Of the table of parameters: rises when an old query would be read differently. */
const VERSION = String(PARAMS_VERSION);

/** Without the leading `?`; empty for the default configuration. */
export function configToQuery(config: Config): string {
  const changed = changedParams(config, DEFAULT_CONFIG);
  if (changed.length === 0) return '';
  const entries = changed.map((id) => [id, String(config[id])]);
  return new URLSearchParams([['v', VERSION], ...entries]).toString();
}

/**
 * Reads a query, with or without `?`. Also takes `strategy=exit` and `size=nano`, which explicit values
 * override. What is refused is reported and falls back to its default; the rest is kept.
 */
export function configFromQuery(query: string): {
  readonly config: Config;
  readonly issues: readonly ParamIssue[];
} {
  const { v = VERSION, ...outside } = Object.fromEntries(new URLSearchParams(query));
  const isKnown = /^[1-9]\d*$/.test(v) && Number(v) <= PARAMS_VERSION;
  const { config, issues } = readConfig(outside, isKnown ? Number(v) : PARAMS_VERSION);
  return { config, issues: isKnown ? issues : [unsupported(v), ...issues] };
}

function unsupported(version: string): ParamIssue {
  return {
    field: 'v',
    value: JSON.stringify(version),
    expected: `the version ${VERSION}${PARAMS_VERSION > 1 ? ' or an earlier one' : ''}`,
  };
}
