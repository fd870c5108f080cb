/** How the page is opened, beside what it trains: the part of the address that is no parameter. */
import type { ParamIssue } from './params.ts';

export interface View {
  /** Charts and transport only, to stand in another page. */
  readonly embed: boolean;
  /** The id of a run that this browser keeps, to be opened; null for a run of the parameters' own. */
  readonly run: string | null;
}

const RUN_ID = /^[\w-]{1,64}$/;
const SWITCH: Readonly<Record<string, boolean>> = { 1: true, true: true, 0: false, false: false };

/** Takes the view out of a query; what is refused is reported and falls back to the whole page. */
export function viewFromQuery(query: string): {
  readonly view: View;
  /** The query without it. */
  readonly rest: string;
  readonly issues: readonly ParamIssue[];
} {
  const entries = new URLSearchParams(query);
  const taken = (name: string): string | null => {
    const text = entries.get(name);
    entries.delete(name);
    return text;
  };
  const [embed, run] = [taken('embed'), taken('run')];
  const refused = (field: string, text: string, expected: string): ParamIssue[] => [
    { field, value: JSON.stringify(text), expected },
  ];
  const knowsEmbed = embed === null || Object.hasOwn(SWITCH, embed);
  const knowsRun = run === null || RUN_ID.test(run);
  return {
    view: { embed: knowsEmbed && SWITCH[embed ?? 0] === true, run: knowsRun ? run : null },
    rest: entries.toString(),
    issues: [
      ...(knowsEmbed ? [] : refused('embed', embed, '1 or 0')),
      ...(knowsRun ? [] : refused('run', run, 'the id of a run')),
    ],
  };
}

/** The query that opens a configuration's query in that view. A run is opened once, and told by the tab then. */
export function withView(query: string, { embed }: Pick<View, 'embed'>): string {
  if (!embed) return query;
  return query === '' ? 'embed=1' : `embed=1&${query}`;
}
