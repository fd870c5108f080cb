import { useMemo } from 'react';
import type { KeyboardEvent } from 'react';
import { panelState } from '../../../app/panel-state.ts';
import { usePanelState } from '../../../app/hooks.ts';
import { RECENCY_BINS } from '../../../schema/bins.ts';
import type { BufferCell, BufferFilter } from '../../../runs/index/queries.ts';
import { ColorBar } from '../../charts/ColorBar.tsx';
import { Segmented } from '../../controls/Segmented.tsx';
import { formatNumber } from '../../format.ts';
import {
  gridOf,
  nextCell,
  type Grid,
  thousandths,
  type Direction,
  type GridCell,
  type Measure,
} from './grid.ts';
import { cellLabel, depthName } from './labels.ts';

type Place = Pick<BufferFilter, 'depth' | 'bin'>;

export interface BufferGridProps {
  readonly cells: readonly BufferCell[];
  readonly chosen: Place;
  readonly choose: (place: Place) => void;
}

const MEASURES = [
  { value: 'count', label: 'Count' },
  { value: 'learnability', label: 'Learnability' },
] as const;

const MEASURE = panelState<Measure>('count');

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

/** How deep and how old the histories of the buffer are; choosing a cell filters the table. */
export function BufferGrid({ cells, chosen, choose }: BufferGridProps) {
  const [measure, setMeasure] = usePanelState(MEASURE);
  const grid = useMemo(() => gridOf(cells, measure), [cells, measure]);
  return (
    <div className="buffer-grid">
      <div className="buffer-grid-head">
        <h3 id="buffer-grid-title">Depth by age in steps</h3>
        <Segmented
          label="Shown in each cell"
          options={MEASURES}
          value={measure}
          choose={setMeasure}
        />
      </div>
      <div className="buffer-grid-frame">
        <Cells grid={grid} cells={cells} chosen={chosen} choose={choose} />
      </div>
      <Legend measure={measure} most={grid.most} />
    </div>
  );
}

function Cells({ grid, cells, chosen, choose }: BufferGridProps & { readonly grid: Grid }) {
  const stop = stopOf(cells, chosen);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const direction = DIRECTIONS[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    const { depth, bin } = event.currentTarget.dataset;
    const next = nextCell(cells, { depth: Number(depth), bin: Number(bin) }, direction);
    if (next === null) return;
    event.currentTarget.closest('table')?.querySelector<HTMLElement>(selectorOf(next))?.focus();
  };
  return (
    <table aria-labelledby="buffer-grid-title">
      <thead>
        <tr>
          <th scope="col">depth</th>
          {RECENCY_BINS.map(({ label }) => (
            <th scope="col" key={label}>
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {grid.rows.map(({ depth, cells: row }) => (
          <tr key={depth}>
            <th scope="row">{depthName(depth)}</th>
            {row.map((cell, bin) => (
              <td key={bin}>
                {cell && (
                  <Cell
                    cell={cell}
                    isChosen={chosen.depth === depth && chosen.bin === bin}
                    isStop={stop?.depth === depth && stop.bin === bin}
                    choose={choose}
                    onKeyDown={onKeyDown}
                  />
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface CellProps {
  readonly cell: GridCell;
  readonly isChosen: boolean;
  /** Whether Tab stops here: one cell of the grid does. */
  readonly isStop: boolean;
  readonly choose: (place: Place) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

function Cell({ cell, isChosen, isStop, choose, onKeyDown }: CellProps) {
  const { depth, bin, count, learnability, text, background, textColor } = cell;
  const words = `${cellLabel(cell)}: ${count} ${count === 1 ? 'history' : 'histories'}, mean learnability ${thousandths(learnability)}`;
  return (
    <button
      type="button"
      className="buffer-cell"
      style={{ background, color: textColor }}
      data-depth={depth}
      data-bin={bin}
      aria-pressed={isChosen}
      aria-label={words}
      title={words}
      tabIndex={isStop ? 0 : -1}
      onClick={() => choose(isChosen ? { depth: null, bin: null } : { depth, bin })}
      onKeyDown={onKeyDown}
    >
      {text}
    </button>
  );
}

function Legend({ measure, most }: { readonly measure: Measure; readonly most: number }) {
  const isCount = measure === 'count';
  const top = isCount ? formatNumber(most) : thousandths(most);
  const ticks = [
    { place: 0, text: '0' },
    { place: 1, text: top },
  ];
  return (
    <ColorBar
      ticks={ticks}
      ends={isCount ? ['few', 'many'] : ['nothing to learn', 'most']}
      label={
        isCount
          ? `Colours: histories in a cell, from 0 to ${top}, on a square-root scale`
          : `Colours: mean learnability of a cell, from 0 to ${top}`
      }
    />
  );
}

/** Where Tab enters: the chosen cell, else the first. */
function stopOf(cells: readonly BufferCell[], chosen: Place): BufferCell | undefined {
  return cells.find(({ depth, bin }) => depth === chosen.depth && bin === chosen.bin) ?? cells[0];
}

function selectorOf({ depth, bin }: { depth: number; bin: number }): string {
  return `[data-depth="${depth}"][data-bin="${bin}"]`;
}
