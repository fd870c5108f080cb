/** The tables that a study prints: means over seeds with Student's 95% intervals. */
import type { Evaluation } from '../schema/records.ts';
import { meanWithInterval } from '../base/statistics.ts';
import { EVAL_POINTS } from '../schema/metrics.ts';

export interface Outcome {
  readonly arm: string;
  readonly seed: number;
  /** Completion tokens trained on. */
  readonly tokens: number;
  readonly steps: number;
  /** Processor time of the training, in seconds. */
  readonly seconds: number;
  readonly evaluation: Evaluation;
  /** Greedy search with the budget of the evaluation; absent where it was not asked for. */
  readonly search?: Evaluation;
}

interface Column {
  readonly head: string;
  readonly digits: number;
  /** Undefined where the outcome has no such value. */
  readonly value: (outcome: Outcome) => number | undefined;
}

export function studyTables(arms: readonly string[], outcomes: readonly Outcome[]): string {
  const tables = [CURVES, WORTH, turnColumns(outcomes)].map((columns) =>
    table(arms, outcomes, columns),
  );
  return tables.filter(Boolean).join('\n');
}

const CURVES: readonly Column[] = EVAL_POINTS.map((k) => ({
  head: `k=${k}`,
  digits: 3,
  value: ({ evaluation }) => evaluation.quality[k]?.mean,
}));

const WORTH: readonly Column[] = [
  { head: 'solved first', digits: 3, value: ({ evaluation }) => evaluation.solved[0]?.mean },
  { head: 'solved last', digits: 3, value: ({ evaluation }) => evaluation.solved.at(-1)?.mean },
  { head: 'net/100', digits: 1, value: ({ evaluation }) => evaluation.netCorrections.mean },
  {
    head: 'best resampled',
    digits: 3,
    value: ({ evaluation }) => evaluation.resampleQuality.at(-1)?.mean,
  },
  { head: 'greedy search', digits: 3, value: ({ search }) => search?.bestQuality.at(-1)?.mean },
  { head: 'tokens', digits: 0, value: ({ tokens }) => tokens },
  { head: 'seconds', digits: 0, value: ({ seconds }) => seconds },
];

/** For conversations: the share of each turn solved at the first attempt and after the last. */
function turnColumns(outcomes: readonly Outcome[]): Column[] {
  const count = Math.max(0, ...outcomes.map(({ evaluation }) => evaluation.turns?.length ?? 0));
  const turns = Array.from({ length: count }, (_, turn): Column[] => [
    {
      head: `turn ${turn + 1} first`,
      digits: 3,
      value: ({ evaluation }) => evaluation.turns?.[turn]?.first.mean,
    },
    { head: 'last', digits: 3, value: ({ evaluation }) => evaluation.turns?.[turn]?.last.mean },
  ]);
  return [
    ...turns.flat(),
    {
      head: 'return first',
      digits: 3,
      value: ({ evaluation }) => evaluation.taskReturn?.first.mean,
    },
    { head: 'last', digits: 3, value: ({ evaluation }) => evaluation.taskReturn?.last.mean },
  ];
}

/** Without the columns that nothing has a value for; empty if none has. */
function table(
  arms: readonly string[],
  outcomes: readonly Outcome[],
  columns: readonly Column[],
): string {
  const filled = columns.filter(({ value }) => outcomes.some((one) => value(one) !== undefined));
  if (filled.length === 0) return '';
  const head = ['', ...filled.map((column) => column.head)];
  const rows = arms.map((arm) => {
    const own = outcomes.filter((outcome) => outcome.arm === arm);
    return [arm, ...filled.map((column) => cell(own, column))];
  });
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return `${[head, head.map(() => '---'), ...rows].map(line).join('\n')}\n`;
}

function cell(outcomes: readonly Outcome[], { value, digits }: Column): string {
  const values = outcomes.map(value).filter((one) => one !== undefined);
  const { mean, ci95 } = meanWithInterval(values);
  return `${mean.toFixed(digits)} ± ${ci95.toFixed(digits)}`;
}
