/**
 * What a column of a record can be. Everything that is made of records follows from tables of these: their
 * types (here), the archive's arrays, the bytes of a recording and the checks on files (in runs/).
 */
import type { MetricRow } from './metrics.ts';
import type { Config, ParamId } from './params.ts';

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** How a recording may round a number: to whole steps, on one side of 0 or on both. */
export interface Rounding {
  readonly step: number;
  readonly side: 'positive' | 'negative' | 'both';
}

interface Common {
  readonly doc: string;
  /** The version of the tables in which it came; 1 where absent. Recordings of before do not have it. */
  readonly since?: number;
  /** What records of before `since` are read with; the kind's empty value where absent. */
  readonly before?: Json;
  /** May be absent from a record. */
  readonly optional?: true;
  /** Null unless another column, which stands before it, has this value. */
  readonly onlyIf?: { readonly column: string; readonly is: string };
}

/** A column whose value is one of a few dozen bytes: what an archive of a million rows can hold. */
export type ColumnarColumn = Common &
  (
    | { readonly kind: 'uint'; readonly least?: 0 | 1 }
    | { readonly kind: 'int' }
    /** `usually` names an earlier column that it mostly equals. */
    | { readonly kind: 'float32'; readonly rounding?: Rounding; readonly usually?: string }
    | { readonly kind: 'flag' }
    /** From 1, or null. Those that rise over the rows say what became of a row, not what it is. */
    | { readonly kind: 'id'; readonly rises?: true }
    | { readonly kind: 'choice'; readonly options: readonly string[] }
    | { readonly kind: 'words' }
    | { readonly kind: 'numbers'; readonly rounding?: Rounding }
  );

export type Column =
  | ColumnarColumn
  | (Common &
      (
        | { readonly kind: 'real' }
        | { readonly kind: 'text' }
        | { readonly kind: 'ids' }
        /** `per` names an earlier column whose value tells it: a recording spells it out once. */
        | { readonly kind: 'json'; readonly per?: string }
        | { readonly kind: 'metrics' }
        | { readonly kind: 'param' }
        | { readonly kind: 'paramValue' }
        /** `of` names an earlier column: the history whose latest attempt it mostly is. */
        | {
            readonly kind: 'attempt';
            readonly columns: Table;
            readonly nullable: true;
            readonly of: string;
          }
        /** `expected` is what a file that has something else is told. */
        | { readonly kind: 'row'; readonly columns: Table; readonly expected: string }
        | {
            readonly kind: 'rows';
            readonly columns: Table;
            readonly expected: string;
            readonly expectedList?: string;
            /** One row per self-improvement step k = 0 … `depth`, another column of the table. */
            readonly perDepth?: true;
          }
      ));

export type Kind = Column['kind'];
export type Table = Readonly<Record<string, Column>>;
export type ColumnarTable = Readonly<Record<string, ColumnarColumn>>;

/** Values of the kinds that need no more than their name. */
export interface PlainValues {
  readonly uint: number;
  readonly int: number;
  readonly float32: number;
  readonly real: number;
  readonly flag: boolean;
  readonly id: number | null;
  readonly words: readonly string[];
  readonly numbers: readonly number[];
  readonly ids: readonly number[];
  readonly text: string;
  readonly json: Json;
  readonly metrics: MetricRow;
  readonly param: ParamId;
  readonly paramValue: Config[ParamId];
}

type PresentValue<C> = C extends { kind: 'choice'; options: readonly (infer O)[] }
  ? O
  : C extends { kind: 'attempt'; columns: infer T }
    ? RowOf<T> | null
    : C extends { kind: 'row'; columns: infer T }
      ? RowOf<T>
      : C extends { kind: 'rows'; columns: infer T }
        ? readonly RowOf<T>[]
        : C extends { kind: infer K extends keyof PlainValues }
          ? PlainValues[K]
          : never;

export type ValueOf<C> = PresentValue<C> | (C extends { onlyIf: object } ? null : never);

type OptionalName<T> = {
  [K in keyof T]: T[K] extends { optional: true } ? K : never;
}[keyof T];

/** The type of a record with the table's columns. */
export type RowOf<T> = {
  readonly [K in keyof T as K extends OptionalName<T> ? never : K]: ValueOf<T[K]>;
} & { readonly [K in OptionalName<T>]?: ValueOf<T[K]> };

/** The table without some of its columns. */
export function omit<T extends Table, K extends keyof T>(
  table: T,
  ...names: readonly K[]
): Omit<T, K> {
  const rest = Object.entries(table).filter(([name]) => !names.some((one) => one === name));
  return Object.fromEntries(rest) as unknown as Omit<T, K>;
}

/** The newest version that a column of the table, or of one inside it, came with. */
export function versionOf(table: Table): number {
  const versions = Object.values(table).map((column) =>
    Math.max(column.since ?? 1, 'columns' in column ? versionOf(column.columns) : 1),
  );
  return Math.max(1, ...versions);
}

/** What a record from before the column is read with. */
export function valueBefore(column: Column): unknown {
  if (column.before !== undefined) return column.before;
  if (column.onlyIf !== undefined) return null;
  return column.kind === 'choice' ? column.options[0] : EMPTY[column.kind];
}

/** Null where there is none. */
const EMPTY: Readonly<Record<Exclude<Kind, 'choice'>, unknown>> = {
  ...{ uint: 0, int: 0, float32: 0, real: 0, flag: false, id: null, words: [], numbers: [] },
  ...{ ids: [], rows: [], text: '', json: null, metrics: { step: 0 }, attempt: null },
  ...{ row: null, param: null, paramValue: null },
};
