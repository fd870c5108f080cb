/** The columns of the table of runs, and how it is sorted. */
import type { RunSummary } from '../../../runs/store/run-store.ts';
import { formatCompact, formatDuration, formatFixed, formatNumber } from '../../format.ts';
import type { GridColumn, GridSort } from '../../widgets/grid/Grid.tsx';
import { strategyName, taskName } from './eyed.ts';

const VALUES = {
  name: ({ name }) => name.toLowerCase(),
  strategy: ({ strategy }) => strategyName(strategy),
  task: ({ task }) => task,
  seed: ({ seed }) => seed,
  step: ({ step }) => step,
  tokens: ({ tokens }) => tokens,
  quality: ({ quality }) => quality?.mean ?? null,
  seconds: ({ seconds }) => seconds,
  saved: ({ saved }) => saved,
} as const satisfies Record<string, (run: RunSummary) => string | number | null>;

export type RunSortKey = keyof typeof VALUES;

/** What was not measured comes last either way; equal ones stand by when they were saved, the newest first. */
export function sortedRuns(
  runs: readonly RunSummary[],
  { by, descending }: GridSort<RunSortKey>,
  byStrategy: boolean,
): readonly RunSummary[] {
  const value: (run: RunSummary) => string | number | null = VALUES[by];
  const sign = descending ? -1 : 1;
  const compare = (a: RunSummary, b: RunSummary): number => {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return x < y ? -sign : x > y ? sign : 0;
  };
  const group = ({ strategy, task }: RunSummary): string => `${strategyName(strategy)} ${task}`;
  return [...runs].sort(
    (a, b) =>
      (byStrategy ? group(a).localeCompare(group(b)) : 0) || compare(a, b) || b.saved - a.saved,
  );
}

/** All words stand somewhere in what is said of it. */
export function speaksOf(run: RunSummary, text: string): boolean {
  const { name, note, task, strategy, seed } = run;
  const said = [name, note, task, taskName(task), strategyName(strategy), `seed ${seed}`]
    .join(' ')
    .toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word));
}

export interface RunMarks {
  /** The colour that it is drawn in; null where it is not drawn. */
  readonly colorOf: (id: string) => string | null;
  readonly toggle: (id: string) => void;
}

const NONE = '–';
type Column = GridColumn<RunSummary, RunSortKey>;

export function runColumns({ colorOf, toggle }: RunMarks): readonly Column[] {
  return [
    {
      ...{ id: 'eye', label: '', name: 'Drawn below', sort: null, isNumber: false },
      cell: ({ id, name }, isStop) => (
        <input
          type="checkbox"
          aria-label={`Draw ${name}`}
          tabIndex={isStop ? 0 : -1}
          checked={colorOf(id) !== null}
          onClick={(event) => event.stopPropagation()}
          onChange={() => toggle(id)}
        />
      ),
    },
    {
      ...{ id: 'name', label: 'Name', name: 'Name', sort: 'name', isNumber: false },
      cell: ({ id, name }) => (
        <span title={name}>
          <span
            className="compare-swatch"
            style={{ background: colorOf(id) ?? 'transparent' }}
            aria-hidden="true"
          />
          {name}
        </span>
      ),
    },
    text('strategy', 'Strategy', ({ strategy }) => strategyName(strategy)),
    text('task', 'Domain', ({ task }) => taskName(task)),
    number('seed', 'Seed', ({ seed }) => String(seed)),
    number('step', 'Steps', ({ step }) => formatNumber(step)),
    number('tokens', 'Tokens', ({ tokens }) => (tokens === null ? NONE : formatCompact(tokens))),
    {
      ...{ id: 'quality', label: 'Held-out', sort: 'quality', isNumber: true },
      name: 'Mean quality of the last attempt on held-out tasks, ± half of its 95% interval',
      cell: ({ quality }) =>
        quality === null ? NONE : `${formatFixed(quality.mean)} ± ${formatFixed(quality.ci95)}`,
    },
    number('seconds', 'Seconds', ({ seconds }) =>
      seconds === null ? NONE : formatDuration(seconds),
    ),
    {
      ...{ id: 'note', label: 'Note', name: 'Note', sort: null, isNumber: false },
      cell: ({ note }) => <span title={note}>{note}</span>,
    },
  ];
}

function text(id: RunSortKey, label: string, cell: (run: RunSummary) => string): Column {
  return { id, label, name: label, sort: id, isNumber: false, cell };
}

function number(id: RunSortKey, label: string, cell: (run: RunSummary) => string): Column {
  return { ...text(id, label, cell), isNumber: true };
}
