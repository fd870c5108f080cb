/** The flags that a command has beside the parameters: their kinds, types and reading. */

interface FlagBase {
  readonly help: string;
}

export interface BooleanFlag extends FlagBase {
  readonly kind: 'boolean';
}

export interface StringFlag extends FlagBase {
  readonly kind: 'string';
  readonly default?: string;
  readonly required?: true;
}

export interface IntegerFlag extends FlagBase {
  readonly kind: 'integer';
  readonly range: readonly [number, number];
  readonly default?: number;
  readonly required?: true;
}

/** How often: after so many steps, or after so much time. */
export interface IntervalFlag extends FlagBase {
  readonly kind: 'interval';
  readonly default: string;
}

export type Interval = { readonly everySteps: number } | { readonly everyMs: number };

export type Flag = BooleanFlag | StringFlag | IntegerFlag | IntervalFlag;
export type FlagTable = Readonly<Record<string, Flag>>;

type Text<F> = F extends { kind: 'integer' } ? number : string;

type FlagValue<F> = F extends { kind: 'boolean' }
  ? boolean
  : F extends { kind: 'interval' }
    ? Interval
    : F extends { default: string | number } | { required: true }
      ? Text<F>
      : Text<F> | undefined;

export type FlagValues<T extends FlagTable> = { readonly [K in keyof T]: FlagValue<T[K]> };

export type FlagRead =
  | { readonly ok: true; readonly value: boolean | number | string | Interval | undefined }
  | { readonly ok: false };

/** `text` is undefined where the flag was not given, and empty where its value was not. */
export function readFlag(flag: Flag, text: string | undefined): FlagRead {
  if (flag.kind === 'boolean') return readBoolean(text);
  if (flag.kind === 'interval') return readInterval(text ?? flag.default);
  if (text === undefined) {
    return flag.required ? { ok: false } : { ok: true, value: flag.default };
  }
  if (text === '') return { ok: false };
  return flag.kind === 'string' ? { ok: true, value: text } : readInteger(flag, text);
}

function readBoolean(text: string | undefined): FlagRead {
  if (text === undefined || text === 'false') return { ok: true, value: false };
  return text === '' || text === 'true' ? { ok: true, value: true } : { ok: false };
}

function readInteger({ range }: IntegerFlag, text: string): FlagRead {
  const value = Number(text);
  const fits = Number.isInteger(value) && value >= range[0] && value <= range[1];
  return fits ? { ok: true, value } : { ok: false };
}

const MS = { s: 1000, m: 60_000, h: 3_600_000 } as const;

function readInterval(text: string): FlagRead {
  const match = /^(\d{1,9})([smh]?)$/.exec(text);
  const count = Number(match?.[1]);
  if (!match || count === 0) return { ok: false };
  const unit = match[2] as keyof typeof MS | '';
  return {
    ok: true,
    value: unit === '' ? { everySteps: count } : { everyMs: count * MS[unit] },
  };
}

/** What a flag accepts, in words. */
export function flagExpectation(flag: Flag): string {
  switch (flag.kind) {
    case 'boolean':
      return 'no value';
    case 'string':
      return 'a value';
    case 'integer':
      return `a whole number from ${flag.range[0]} to ${flag.range[1]}`;
    case 'interval':
      return 'a number of steps, or a time such as 30s, 5m or 1h';
    default:
      return flag satisfies never;
  }
}
