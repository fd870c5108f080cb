/** The numbers of a chart as a file: every step, unsmoothed, nothing put together. */
import type { MetricId } from '../../schema/metrics.ts';
import type { MetricHistory } from '../../app/history.ts';
import { xColumn } from './x.ts';

export type Cell = string | number | null;

/** Lines end as RFC 4180 has it. */
export function csv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(cell: Cell): string {
  if (cell === null) return '';
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export interface RunCurves {
  readonly label: string;
  readonly history: MetricHistory;
}

/** One row per run and step: step, tokens and time, then the metrics; empty where one was not measured. */
export function stepsCsv(runs: readonly RunCurves[], ids: readonly MetricId[]): string {
  const shown = ids.filter((id) => id !== 'num_tokens');
  const rows = runs.flatMap(({ label, history }) => {
    const { length, steps, columns } = history;
    const tokens = columns.get('num_tokens');
    const seconds = xColumn(history, 'time');
    return Array.from({ length }, (_, row): Cell[] => [
      label,
      steps[row]!,
      measured(tokens?.[row]),
      // Sums of milliseconds: what lies below is rounding.
      Number(seconds[row]!.toFixed(6)),
      ...shown.map((id) => measured(columns.get(id)?.[row])),
    ]);
  });
  return csv([['run', 'step', 'num_tokens', 'training_seconds', ...shown], ...rows]);
}

function measured(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

/** `start-depth_exit-locks-small-seed-1_step-120.csv` */
export function fileName(parts: readonly string[], extension: string): string {
  const slug = (text: string): string =>
    text
      .toLowerCase()
      .normalize('NFKD')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '');
  return `${parts.map(slug).filter(Boolean).join('_')}.${extension}`;
}
