import { useId, useState, type KeyboardEvent } from 'react';
import { formatFixed } from '../../format.ts';
import { rowsOf, type Row } from './rows.ts';
import { edgeKind, wasInBuffer, type Scene } from './scene.ts';

export interface TreeTableProps {
  readonly scene: Scene;
  readonly selected: number | null;
  readonly select: (index: number) => void;
}

/** Rows that are shown at once; more are reached by folding. */
const MOST_ROWS = 300;

/** The tree as a nested list, for reading and for screen readers; built only while it is open. */
export function TreeDataTable(props: TreeTableProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className="data-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        List<span className="visually-hidden"> of histories</span>
      </summary>
      {open && <TreeTable {...props} />}
    </details>
  );
}

/** What a person folded or unfolded, by id; the rest is as it comes: the way to the best is unfolded. */
type Folds = ReadonlyMap<number, boolean>;

export function TreeTable({ scene, selected, select }: TreeTableProps) {
  const { rows, nameOf, current, activate, go, fold } = useTreeRows(scene);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!act(event.key, { rows, current, go, fold, select })) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="data-table-scroll lineage-list">
      <table
        // A tree of rows that are walked by arrow keys.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role
        role="treegrid"
        aria-label="Histories"
        aria-rowcount={scene.tree.size + 1}
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr>
            {COLUMNS.map((title) => (
              <th scope="col" key={title}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <TableRow
              key={row.index}
              id={nameOf(row)}
              {...{ scene, row }}
              isSelected={row.index === selected}
              isActive={at === current}
              onFocus={() => activate(row)}
              onFold={() => fold(row, !row.unfolded)}
              onSelect={() => select(row.index)}
            />
          ))}
        </tbody>
      </table>
      {rows.length === MOST_ROWS && (
        <p className="lineage-note">The first {MOST_ROWS} rows. Fold some to reach what follows.</p>
      )}
    </div>
  );
}

const COLUMNS = ['history', 'mode', 'step', 'quality', 'S', 'uses', 'buffer'] as const;

/** The rows that are unfolded, and the one that the keyboard is at. */
function useTreeRows({ tree, best }: Scene) {
  const name = useId();
  const { id } = tree.lineage;
  const [folds, setFolds] = useState<Folds>(new Map());
  const [active, setActive] = useState<number | null>(null);
  const rows = rowsOf(tree, (index) => folds.get(id[index]!) ?? best.has(index), MOST_ROWS);
  const found = rows.findIndex(({ index }) => id[index] === active);
  const nameOf = ({ index }: Row): string => `${name}-${id[index]!}`;
  const activate = ({ index }: Row): void => setActive(id[index]!);
  const go = (at: number): void => {
    const row = rows[at];
    if (!row) return;
    activate(row);
    document.getElementById(nameOf(row))?.focus();
  };
  const fold = ({ index }: Row, unfolded: boolean): void =>
    setFolds(new Map(folds).set(id[index]!, unfolded));
  return { rows, nameOf, current: Math.max(0, found), activate, go, fold };
}

interface Walk {
  readonly rows: readonly Row[];
  readonly current: number;
  readonly go: (at: number) => void;
  readonly fold: (row: Row, unfolded: boolean) => void;
  readonly select: (index: number) => void;
}

/** Keys of a treegrid. @returns whether this was one. */
function act(key: string, { rows, current, go, fold, select }: Walk): boolean {
  const row = rows[current];
  if (!row) return false;
  switch (key) {
    case 'ArrowDown':
      go(current + 1);
      return true;
    case 'ArrowUp':
      go(current - 1);
      return true;
    case 'ArrowRight':
      if (row.unfolded === false) fold(row, true);
      else if (row.unfolded) go(current + 1);
      return true;
    case 'ArrowLeft':
      if (row.unfolded) fold(row, false);
      else go(rows.findLastIndex(({ level }, at) => at < current && level === row.level - 1));
      return true;
    case 'Home':
      go(0);
      return true;
    case 'End':
      go(rows.length - 1);
      return true;
    case 'Enter':
    case ' ':
      select(row.index);
      return true;
    default:
      return false;
  }
}

interface TableRowProps {
  readonly id: string;
  readonly scene: Scene;
  readonly row: Row;
  readonly isSelected: boolean;
  readonly isActive: boolean;
  readonly onFocus: () => void;
  readonly onFold: () => void;
  readonly onSelect: () => void;
}

function TableRow({ id, scene, row, isSelected, isActive, ...on }: TableRowProps) {
  const { onFocus, onFold, onSelect } = on;
  const { lineage } = scene.tree;
  const { index, level, place, siblings, unfolded } = row;
  return (
    <tr
      id={id}
      aria-level={level}
      aria-posinset={place}
      aria-setsize={siblings}
      aria-expanded={unfolded ?? undefined}
      aria-selected={isSelected}
      tabIndex={isActive ? 0 : -1}
      className={scene.best.has(index) ? 'is-best' : undefined}
      onFocus={onFocus}
      onClick={onSelect}
    >
      <th scope="row" style={{ paddingInlineStart: 8 + 14 * Math.min(level - 1, 20) }}>
        <span
          className="lineage-fold"
          aria-hidden="true"
          onClick={(event) => {
            event.stopPropagation();
            if (unfolded !== null) onFold();
          }}
        >
          {unfolded === null ? '' : unfolded ? '▾' : '▸'}
        </span>
        {lineage.id[index]}
      </th>
      <td>{edgeKind(scene.tree, index)}</td>
      <td>{lineage.step[index]}</td>
      <td>
        {formatFixed(lineage.quality[index]!)}
        {lineage.solved[index] === 1 && ' ✓'}
      </td>
      <td>{lineage.score[index]!.toFixed(3)}</td>
      <td>{lineage.uses[index]}</td>
      <td>{wasInBuffer(scene, index) ? 'in it' : 'left'}</td>
    </tr>
  );
}
