import { useRef, useState } from 'react';
import {
  useConfig,
  useFocus,
  useFocusActions,
  useHasSteps,
  useRunConfig,
} from '../../../app/hooks.ts';
import type { BufferRow, BufferView } from '../../../runs/index/queries.ts';
import { BufferFilters } from './BufferFilters.tsx';
import { BufferGrid } from './BufferGrid.tsx';
import { BufferTable } from './BufferTable.tsx';
import { HistoryCard } from './HistoryCard.tsx';
import { useBuffer } from './useBuffer.ts';

/** What the buffer holds: by depth and age, and each history. */
export function Stored() {
  const root = useRef<HTMLDivElement>(null);
  const buffer = useBuffer(root);
  const { value, problem } = buffer.answer;
  const { row, choose } = useChosenRow(value);
  return (
    <div ref={root} className="buffer-stored">
      <p className="buffer-note" role={problem === null ? undefined : 'alert'}>
        {problem ?? <Standing view={value} />}
      </p>
      {value !== null && value.size > 0 && (
        <div className="buffer-columns">
          <BufferGrid cells={value.cells} chosen={buffer.filter} choose={buffer.narrow} />
          <div className="buffer-list">
            <BufferFilters buffer={buffer} />
            <BufferTable buffer={buffer} view={value} chosenId={row?.id ?? null} choose={choose} />
            {row ? (
              <HistoryCard row={row} />
            ) : (
              <p className="buffer-note">Choose a row to see its history.</p>
            )}
          </div>
        </div>
      )}
    </div>
  );
}

/** The history in focus, whoever chose it, as far as its row was seen here. */
function useChosenRow(view: BufferView | null): {
  readonly row: BufferRow | null;
  readonly choose: (row: BufferRow) => void;
} {
  const { chooseTask } = useFocusActions();
  const id = useFocus(({ historyId }) => historyId);
  const [held, setHeld] = useState<BufferRow | null>(null);
  const row = view?.rows.find((one) => one.id === id) ?? (held?.id === id ? held : null);
  return {
    row,
    choose: (next) => {
      setHeld(next);
      chooseTask(next.taskId, next.id);
    },
  };
}

function Standing({ view }: { readonly view: BufferView | null }) {
  const current = useConfig((state) => state.current);
  const { bufferContent: content, bufferCapacity: capacity } = useRunConfig() ?? current;
  const started = useHasSteps();
  const pinned = useFocus((focus) => focus.pinned);
  if (content === 'none') return 'This strategy keeps no buffer: every group starts afresh.';
  if (view === null || view.size === 0) {
    return started
      ? 'No history is in it yet.'
      : 'Press play: attempts that can be started from again gather here.';
  }
  const size = `${view.size.toLocaleString('en')} of at most ${capacity.toLocaleString('en')}`;
  return (
    <>
      {size} {content === 'base' ? 'base tasks' : 'histories'} after step {view.step}.
      {pinned !== null && ` It is shown as it stands now, not as after the pinned step ${pinned}.`}
    </>
  );
}
