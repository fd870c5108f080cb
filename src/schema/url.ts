/** A configuration as a URL's query: what differs from the defaults, in the table's order, versioned. */
import { readConfig } from './config.ts';
import { PARAMS_VERSION } from './migrate.ts';
import { changedParams, DEFAULT_CONFIG, type Config, type ParamIssue } from './params.ts';
import { OPENING_CONFIG } from './scenarios.ts';

/** Of the table of parameters: rises when an old query would be read differently. */
const VERSION = String(PARAMS_VERSION);

/** Without the leading `?`. Never empty: an empty one opens the first story, whatever that is by then. */
export function configToQuery(config: Config): string {
  const changed = changedParams(config, DEFAULT_CONFIG);
  const entries = changed.map((id) => [id, String(config[id])]);
  return new URLSearchParams([['v', VERSION], ...entries]).toString();
}

/** What mail programs and networks append to an address that is shared there: none of it is meant for us. */
const OF_SENDERS = /^(utm_\w+|fbclid|gclid|msclkid|mc_[ce]id)$/;

/**
 * Reads a query, with or without `?`: what it names on top of the defaults, and the first story where it
 * names nothing. Also takes `strategy=exit` and `size=nano`, which explicit values override. What is
 * refused is reported and falls back to its default; the rest is kept.
 */
export function configFromQuery(query: string): {
  readonly config: Config;
  readonly issues: readonly ParamIssue[];
} {
  const named = namedIn(query);
  if (namesNothing(query)) return { config: OPENING_CONFIG, issues: [] };
  const { v = VERSION, ...outside } = named;
  const isKnown = /^[1-9]\d*$/.test(v) && Number(v) <= PARAMS_VERSION;
  const { config, issues } = readConfig(outside, isKnown ? Number(v) : PARAMS_VERSION);
  return { config, issues: isKnown ? issues : [unsupported(v), ...issues] };
}

/** Whether a query opens the first story. */
export function namesNothing(query: string): boolean {
  return Object.keys(namedIn(query)).length === 0;
}

function namedIn(query: string): Readonly<Record<string, string>> {
  const all = [...new URLSearchParams(query)];
  return Object.fromEntries(all.filter(([name]) => !OF_SENDERS.test(name)));
}

function unsupported(version: string): ParamIssue {
  return {
    field: 'v',
    value: JSON.stringify(version),
    expected: `the version ${VERSION}${PARAMS_VERSION > 1 ? ' or an earlier one' : ''}`,
  };
}
