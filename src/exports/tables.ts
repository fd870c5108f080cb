/** What was measured of a run, as tables that spreadsheets and data frames read. */
import Papa from 'papaparse';
import type { RunContent } from '../runs/run-file.ts';
import { METRIC_IDS, type MetricRow } from '../schema/metrics.ts';
import type { Estimate, Evaluation } from '../schema/records.ts';

/** A row per step, a column per metric that was ever measured; empty where it was not. */
export function metricsTable(rows: readonly MetricRow[]): string {
  const measured = METRIC_IDS.filter((id) => rows.some((row) => row[id] !== undefined));
  return csv(
    ['step', ...measured],
    rows.map((row) => [row.step, ...measured.map((id) => row[id] ?? '')]),
  );
}

/** A mean and the half-width of its 95% interval, at one self-improvement step k of one evaluation. */
export interface EvaluationRow {
  readonly step: number;
  /** The domain of a mixture; null for the whole, or where there is one domain. */
  readonly domain: string | null;
  readonly measure: string;
  /** Null where the measure is of the whole chain. */
  readonly k: number | null;
  readonly mean: number;
  readonly ci95: number;
}

/** Per evaluation, measure and k: the long form, which plots group by any column. */
export function evaluationRows({ evaluations }: RunContent): EvaluationRow[] {
  return evaluations.flatMap(({ parts = [], ...whole }) => [
    ...rowsOf(whole, null),
    ...parts.flatMap(({ task, ...part }) => rowsOf(part, task)),
  ]);
}

function rowsOf(evaluation: Omit<Evaluation, 'parts'>, domain: string | null): EvaluationRow[] {
  const { step } = evaluation;
  return Object.entries(evaluation).flatMap(([measure, value]): EvaluationRow[] => {
    if (isCurve(value)) return value.map((at, k) => ({ step, domain, measure, k, ...at }));
    return isEstimate(value) ? [{ step, domain, measure, k: null, ...value }] : [];
  });
}

function isEstimate(value: unknown): value is Estimate {
  return typeof value === 'object' && value !== null && 'mean' in value && 'ci95' in value;
}

function isCurve(value: unknown): value is readonly Estimate[] {
  return Array.isArray(value) && value.every(isEstimate);
}

const EVALUATION_COLUMNS = ['step', 'domain', 'measure', 'k', 'mean', 'ci95'] as const;

export function evaluationsTable(run: RunContent): string {
  return csv(
    EVALUATION_COLUMNS,
    evaluationRows(run).map((row) => EVALUATION_COLUMNS.map((column) => row[column] ?? '')),
  );
}

type Cell = string | number;

function csv(fields: readonly string[], data: readonly (readonly Cell[])[]): string {
  const text = Papa.unparse(
    { fields: [...fields], data: data.map((row) => [...row]) },
    {
      newline: '\n',
    },
  );
  return `${text}\n`;
}

/** One JSON object per line. */
export function jsonLines(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
