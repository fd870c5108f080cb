/** A competition's table: numbers, a target, and how predictions are judged. */
import * as v from 'valibot';

export const METRICS = ['accuracy', 'f1', 'rmse', 'r2'] as const;
export type Metric = (typeof METRICS)[number];

export const TableSchema = v.object({
  name: v.string(),
  columns: v.array(v.string()),
  target: v.string(),
  /** Names of the classes; none is a number to be predicted. Of two, the second is the one that F1 is for. */
  classes: v.array(v.string()),
  metric: v.picklist(METRICS),
  /** [rows, columns]; null where a value is missing. */
  rows: v.array(v.array(v.nullable(v.number()))),
  /** [rows]: index of the class, or the number. */
  targets: v.array(v.number()),
});
/** Plain JSON. */
export type Table = v.InferOutput<typeof TableSchema>;

/** As a person reads them. */
export const METRIC_NAMES: Readonly<Record<Metric, string>> = {
  accuracy: 'accuracy',
  f1: 'F1',
  rmse: 'RMSE',
  r2: 'R²',
};

/** What is predicted, in words: `one of a, b`, or `a number`. */
export function targetKind(table: Pick<Table, 'classes'>): string {
  return isClassification(table) ? `one of ${table.classes.join(', ')}` : 'a number';
}

export function isClassification({ classes }: Pick<Table, 'classes'>): boolean {
  return classes.length > 0;
}

const MISSING = new WeakMap<Table, number>();

/** Share of values that are missing. */
export function missingShare(table: Table): number {
  const known = MISSING.get(table);
  if (known !== undefined) return known;
  const values = table.rows.flat();
  const share = values.filter((value) => value === null).length / values.length;
  MISSING.set(table, share);
  return share;
}

export function hasMissing(table: Table): boolean {
  return missingShare(table) > 0;
}
