import { useId } from 'react';
import { useRun } from '../../../app/hooks.ts';
import { MODE_NAMES, cellLabel } from './labels.ts';
import { ALL, newestStep, type BufferAsk } from './useBuffer.ts';

/** What of the buffer the table shows. */
export function BufferFilters({ buffer }: { readonly buffer: BufferAsk }) {
  const { filter, narrow, answer } = buffer;
  const id = useId();
  const cell = cellLabel(filter);
  const { total, size } = answer.value ?? { total: 0, size: 0 };
  return (
    <div className="buffer-filters">
      <p>
        <label htmlFor={`${id}-mode`}>Mode</label>
        <select
          id={`${id}-mode`}
          value={filter.modes[0] ?? ''}
          onChange={({ currentTarget: { value } }) =>
            narrow({ modes: MODE_NAMES.filter((mode) => mode === value) })
          }
        >
          <option value="">all</option>
          {MODE_NAMES.map((mode) => (
            <option key={mode}>{mode}</option>
          ))}
        </select>
      </p>
      <p>
        <label htmlFor={`${id}-text`}>Words</label>
        <input
          id={`${id}-text`}
          type="search"
          className="number-field"
          placeholder="attempt or feedback"
          value={filter.text}
          onChange={({ currentTarget: { value } }) => narrow({ text: value })}
        />
      </p>
      {cell !== null && (
        <button
          type="button"
          className="buffer-chip"
          onClick={() => narrow({ depth: null, bin: null })}
        >
          {cell} <span aria-hidden="true">✕</span>
          <span className="visually-hidden">: show all cells</span>
        </button>
      )}
      {isNarrow(filter) && (
        <button type="button" className="quiet" onClick={() => narrow(ALL)}>
          Clear filters
        </button>
      )}
      <p className="buffer-count" role="status">
        {total.toLocaleString('en')} of {size.toLocaleString('en')}
      </p>
      <Hold buffer={buffer} />
    </div>
  );
}

/** Rows that change every two seconds cannot be read. */
function Hold({ buffer: { held, hold, answer } }: { readonly buffer: BufferAsk }) {
  const step = answer.value?.step ?? 0;
  const age = useRun((run) => (held ? Math.max(0, newestStep(run) - step) : 0));
  return (
    <p className="buffer-hold">
      {held && (
        <span>
          as after step {step}, {age === 1 ? '1 step' : `${age} steps`} ago
        </span>
      )}
      <button
        type="button"
        aria-pressed={held}
        title={held ? 'Follow the run again' : 'Keep the rows still, to read them'}
        onClick={() => hold(!held)}
      >
        Hold
      </button>
    </p>
  );
}

function isNarrow({ depth, modes, text }: BufferAsk['filter']): boolean {
  return depth !== null || modes.length > 0 || text !== '';
}
