/** How the page is opened, beside what it trains: the part of the address that is no parameter. */
import type { ParamIssue } from './params.ts';

/** Parts of the first screen. */
export const PARTS = ['task', 'curve', 'map', 'method'] as const;
export type Part = (typeof PARTS)[number];

export interface View {
  /** Charts and transport only, to stand in another page. */
  readonly embed: boolean;
  /** The id of a run that this browser keeps, to be opened; null for a run of the parameters' own. */
  readonly run: string | null;
  /** The only parts of the first screen that are shown, for a lesson; null for the whole page. */
  readonly show: readonly Part[] | null;
  /** Type that is read from the last row. */
  readonly large: boolean;
  /** The step that is pinned as soon as it is there. */
  readonly step: number | null;
  /** A recorded run in a file beside the page, shown instead of the shipped one. */
  readonly recording: string | null;
}

/** The whole page with a run of its own. */
export const WHOLE_PAGE: View = {
  ...{ embed: false, run: null, show: null, large: false, step: null, recording: null },
};

interface Field<T> {
  /** Undefined of what is refused. */
  readonly read: (text: string) => T | undefined;
  /** Undefined where the address need not say it. */
  readonly write: (value: T) => string | undefined;
  readonly expected: string;
}

const SWITCH: Readonly<Record<string, boolean>> = { 1: true, true: true, 0: false, false: false };

const FIELDS: { readonly [K in keyof View]: Field<View[K]> } = {
  embed: {
    read: (text) => (Object.hasOwn(SWITCH, text) ? SWITCH[text] : undefined),
    write: (embed) => (embed ? '1' : undefined),
    expected: '1 or 0',
  },
  run: {
    read: (text) => (/^[\w-]{1,64}$/.test(text) ? text : undefined),
    // A run is opened once, and told by the tab then.
    write: () => undefined,
    expected: 'the id of a run',
  },
  show: {
    read: readParts,
    write: (parts) => parts?.join(','),
    expected: `some of ${PARTS.join(',')}`,
  },
  large: {
    read: (text) => (text === 'large' ? true : text === 'normal' ? false : undefined),
    write: (large) => (large ? 'large' : undefined),
    expected: 'large or normal',
  },
  step: {
    read: (text) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined),
    write: (step) => (step === null ? undefined : String(step)),
    expected: 'a step, from 1',
  },
  recording: {
    read: (text) => (isBeside(text) ? text : undefined),
    write: (recording) => recording ?? undefined,
    expected: 'the name of a .bin file beside the page, or in a folder there',
  },
};

/** No scheme, no host, nothing above the page: folders and a file, whose names begin with a letter or digit. */
const BESIDE = /^([a-z\d][\w-]{0,63}\/){0,4}[a-z\d][\w.-]{0,122}\.bin$/i;

function isBeside(path: string): boolean {
  return BESIDE.test(path) && !path.includes('..');
}

/** How the address calls a field. */
const NAMES: { readonly [K in keyof View]: string } = {
  ...{ embed: 'embed', run: 'run', show: 'show', large: 'size', step: 'step' },
  recording: 'recording',
};

function readParts(text: string): readonly Part[] | undefined {
  const named = text.split(',');
  const parts = PARTS.filter((part) => named.includes(part));
  return parts.length === new Set(named).size ? parts : undefined;
}

/** Takes the view out of a query; what is refused is reported and falls back to the whole page. */
export function viewFromQuery(query: string): {
  readonly view: View;
  /** The query without it. */
  readonly rest: string;
  readonly issues: readonly ParamIssue[];
} {
  const entries = new URLSearchParams(query);
  const issues: ParamIssue[] = [];
  const take = <K extends keyof View>(id: K): View[K] => {
    const text = entries.get(NAMES[id]);
    entries.delete(NAMES[id]);
    if (text === null) return WHOLE_PAGE[id];
    const { read, expected } = FIELDS[id];
    const value = read(text);
    if (value !== undefined) return value;
    issues.push({ field: NAMES[id], value: JSON.stringify(text), expected });
    return WHOLE_PAGE[id];
  };
  const view: View = {
    ...{ embed: take('embed'), run: take('run'), show: take('show') },
    ...{ large: take('large'), step: take('step'), recording: take('recording') },
  };
  return { view, rest: entries.toString(), issues };
}

/** The query that opens a configuration's query in that view. */
export function withView(query: string, view: Partial<View>): string {
  const write = <K extends keyof View>(id: K): string[] => {
    const text = FIELDS[id].write(view[id] ?? WHOLE_PAGE[id]);
    return text === undefined ? [] : [`${NAMES[id]}=${text}`];
  };
  const written = [
    ...write('embed'),
    ...write('run'),
    ...write('show'),
    ...write('large'),
    ...write('step'),
    ...write('recording'),
  ];
  return [...written, ...(query === '' ? [] : [query])].join('&');
}
