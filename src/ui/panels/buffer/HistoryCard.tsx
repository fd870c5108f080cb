import { useAnswer } from '../../../app/answers.ts';
import type { BufferRow } from '../../../runs/index/queries.ts';
import { TaskAttempt } from '../../attempts/TaskAttempt.tsx';
import { thousandths } from './grid.ts';
import { modeName } from './labels.ts';

/** The chosen history as its domain shows it, against the attempt that it came from. */
export function HistoryCard({ row }: { readonly row: BufferRow }) {
  const { value: detail } = useAnswer('history', { id: row.id });
  const parent = detail?.id === row.id ? detail.start.latest : null;
  return (
    <section className="buffer-card" aria-label={`History ${row.id}`}>
      <h3>
        History {row.id}
        <span className="buffer-card-facts">{factsOf(row)}</span>
      </h3>
      <TaskAttempt
        instance={row.instance}
        attempt={row.latest}
        compareTo={parent}
        earlier={row.earlier}
      />
    </section>
  );
}

function factsOf(row: BufferRow): string {
  const origin = row.parentId === null ? 'from the task itself' : `from history ${row.parentId}`;
  return [
    row.latest === null ? 'a base task' : `${modeName(row.mode)}, ${origin}`,
    `depth ${row.depth}`,
    `created in step ${row.createdStep}`,
    `S = ${thousandths(row.score)} measured in step ${row.scoredStep}`,
    row.uses === 1 ? 'selected once' : `selected ${row.uses} times`,
  ].join(' · ');
}
