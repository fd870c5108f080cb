import { useEffect, useState } from 'react';
import { useAnswer } from '../../../app/answers.ts';
import type { CompletionQuery } from '../../../runs/index/queries.ts';
import { TaskAttempt } from '../../attempts/TaskAttempt.tsx';
import { factsOf } from './MapCanvas.tsx';
import type { MapPoint } from './points.ts';

/** ms that a pointer must rest before its attempt is fetched. */
const DEBOUNCE_MS = 150;

/** An attempt of the map in full, as its domain shows it. */
export function AttemptCard({ point }: { readonly point: MapPoint }) {
  const { value } = useAnswer('completions', useDebouncedByContent(queryOf(point)));
  const row = value?.rows[0];
  const isThis = row?.step === point.step && row.group === point.group;
  return (
    <section className="buffer-card" aria-label="Attempt">
      <h3>
        <span className="buffer-card-facts">{factsOf(point)}</span>
      </h3>
      {isThis && row.index === point.completion ? (
        <TaskAttempt
          instance={row.start.instance}
          attempt={row.completion}
          compareTo={row.start.latest}
          earlier={row.start.earlier}
        />
      ) : (
        <code>{point.text || 'empty'}</code>
      )}
    </section>
  );
}

/** The completions of a step stand in their order: this one by its index. */
function queryOf({ step, index }: MapPoint): CompletionQuery {
  return {
    ...{ text: '', modes: [], solved: null, quality: [0, 1], depths: null, taskId: null },
    ...{ steps: [step, step], sort: { by: 'step', descending: false } },
    ...{ offset: index, limit: 1 },
  };
}

function useDebouncedByContent<T>(value: T): T | null {
  const [debounced, setDebounced] = useState<T | null>(null);
  const key = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => setDebounced(value), DEBOUNCE_MS);
    return () => clearTimeout(timer);
    // `key` stands for the value.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key]);
  return debounced;
}
