/** The stages before the model: imputing, scaling, features. Each learns from the training rows only. */
import { PCA } from 'ml-pca';
import type { Pipeline } from './choices.ts';
import { PipelineError } from './fault.ts';
import { mean, told } from './metrics.ts';
import type { Table } from './table.ts';

/** [rows, columns]; NaN where a value is missing. */
export type Rows = readonly (readonly number[])[];
type Transform = (rows: Rows) => Rows;

/** Of `pca3` and `best3`. */
const FEW = 3;

/**
 * Learns the stages from training rows.
 * @returns what does the same to any rows.
 * @throws PipelineError `missing` if a value is still missing after imputing, `columns` if there are fewer
 * than the features ask for.
 */
export function prepare(
  pipeline: Pipeline,
  table: Pick<Table, 'classes'>,
  training: Rows,
  targets: readonly number[],
): Transform {
  const impute = IMPUTE[pipeline.impute](training);
  const imputed = complete(impute(training));
  const scale = SCALE[pipeline.scale](imputed);
  const scaled = scale(imputed);
  const select = FEATURES[pipeline.features](scaled, targets, table);
  return (rows) => select(scale(complete(impute(rows))));
}

function complete(rows: Rows): Rows {
  if (rows.some((row) => row.some(Number.isNaN))) throw new PipelineError('missing');
  return rows;
}

function columnsOf(rows: Rows): number[][] {
  return rows[0]!.map((_, column) => rows.map((row) => row[column]!));
}

function known(column: readonly number[]): number[] {
  return column.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
}

/** 0 where every value is missing. */
function medianOf(column: readonly number[]): number {
  const sorted = known(column);
  if (sorted.length === 0) return 0;
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

const IMPUTE: Readonly<Record<Pipeline['impute'], (training: Rows) => Transform>> = {
  keep: () => (rows) => rows,
  median: imputeMedian,
  flag: (training) => {
    const gaps = columnsOf(training).flatMap((values, i) => (values.some(Number.isNaN) ? [i] : []));
    const fill = imputeMedian(training);
    return (rows) =>
      fill(rows).map((row, i) => [
        ...row,
        ...gaps.map((gap) => Number(Number.isNaN(rows[i]![gap]))),
      ]);
  },
};

function imputeMedian(training: Rows): Transform {
  const medians = columnsOf(training).map(medianOf);
  return (rows) => rows.map((row) => row.map((v, i) => (Number.isNaN(v) ? medians[i]! : v)));
}

const SCALE: Readonly<Record<Pipeline['scale'], (training: Rows) => Transform>> = {
  raw: () => (rows) => rows,
  standard: (training) => {
    const centres = columnsOf(training).map(mean);
    const spreads = columnsOf(training).map((values, i) => deviation(values, centres[i]!));
    return (rows) => rows.map((row) => row.map((v, i) => (v - centres[i]!) / spreads[i]!));
  },
  rank: (training) => {
    const sorted = columnsOf(training).map(known);
    return (rows) => rows.map((row) => row.map((v, i) => rankIn(sorted[i]!, v)));
  },
};

/** 1 where all values are equal, so that one may divide by it. */
function deviation(values: readonly number[], centre: number): number {
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2))) || 1;
}

/** Share of the values below, half of those that are equal included, in units of a deviation around 0. */
function rankIn(sorted: readonly number[], value: number): number {
  const below = sorted.filter((other) => other < value).length;
  const equal = sorted.filter((other) => other === value).length;
  return ((below + equal / 2) / sorted.length - 0.5) * Math.sqrt(12);
}

type Select = (
  training: Rows,
  targets: readonly number[],
  table: Pick<Table, 'classes'>,
) => Transform;

const FEATURES: Readonly<Record<Pipeline['features'], Select>> = {
  all: () => (rows) => rows,
  products: () => (rows) => rows.map(withProducts),
  pca3: (training) => {
    needColumns(training);
    const pca = new PCA(training.map((row) => [...row]));
    return (rows) =>
      pca
        .predict(
          rows.map((row) => [...row]),
          { nComponents: FEW },
        )
        .to2DArray();
  },
  best3: (training, targets, table) => {
    needColumns(training);
    const worth = columnsOf(training).map((values) => told(values, targets, table));
    const best = worth
      .map((_, column) => column)
      .sort((a, b) => worth[b]! - worth[a]! || a - b)
      .slice(0, FEW);
    return (rows) => rows.map((row) => best.map((column) => row[column]!));
  },
};

function needColumns(rows: Rows): void {
  if (rows[0]!.length < FEW) throw new PipelineError('columns');
}

function withProducts(row: readonly number[]): number[] {
  return [...row, ...row.flatMap((left, i) => row.slice(i).map((right) => left * right))];
}
