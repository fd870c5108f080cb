import { useId } from 'react';
import { MODE_NAMES, cellWords } from './words.ts';
import { ALL, type BufferAsk } from './useBuffer.ts';

/** What of the buffer the table shows. */
export function BufferFilters({ buffer }: { readonly buffer: BufferAsk }) {
  const { filter, narrow, answer } = buffer;
  const id = useId();
  const cell = cellWords(filter);
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
          placeholder="of attempt or feedback"
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
    </div>
  );
}

function isNarrow({ depth, modes, text }: BufferAsk['filter']): boolean {
  return depth !== null || modes.length > 0 || text !== '';
}
