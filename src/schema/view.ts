/** How the page is opened, beside what it trains: the part of the address that is no parameter. */
import type { ParamIssue } from './params.ts';

export interface View {
  /** Charts and transport only, to stand in another page. */
  readonly embed: boolean;
}

const SWITCH: Readonly<Record<string, boolean>> = { 1: true, true: true, 0: false, false: false };

/** Takes the view out of a query; what is refused is reported and falls back to the whole page. */
export function viewFromQuery(query: string): {
  readonly view: View;
  /** The query without it. */
  readonly rest: string;
  readonly issues: readonly ParamIssue[];
} {
  const entries = new URLSearchParams(query);
  const text = entries.get('embed');
  entries.delete('embed');
  const known = text !== null && Object.hasOwn(SWITCH, text);
  const issues =
    text === null || known
      ? []
      : [{ field: 'embed', value: JSON.stringify(text), expected: '1 or 0' }];
  return { view: { embed: known && SWITCH[text] === true }, rest: entries.toString(), issues };
}

/** The query that opens a configuration's query in that view. */
export function withView(query: string, { embed }: View): string {
  if (!embed) return query;
  return query === '' ? 'embed=1' : `embed=1&${query}`;
}
