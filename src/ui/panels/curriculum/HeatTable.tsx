import { useState } from 'react';
import type { ReferenceMark } from '../../charts/marks.ts';
import { NO_COLUMNS, heatColumns } from './columns.ts';
import type { RunState } from '../../../app/run.ts';
import { formatNumber } from '../../format.ts';
import type { Quantity } from './quantities.ts';

export interface HeatTableProps {
  readonly run: RunState;
  readonly quantity: Quantity;
  readonly marks: readonly ReferenceMark[];
}

const MOST_RANGES = 12;

/** The heat map as numbers: depth by a dozen stretches of the run; made only while it is open. */
export function HeatTable(props: HeatTableProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className="data-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        Table<span className="visually-hidden"> of depth by training step</span>
      </summary>
      {open && <Table {...props} />}
    </details>
  );
}

function Table({ run: { profiles, history }, quantity, marks }: HeatTableProps) {
  const columns = heatColumns(NO_COLUMNS, profiles, history, MOST_RANGES);
  const first = profiles.steps[0] ?? 1;
  const ranges = Array.from({ length: columns.length }, (_, at) => at);
  const depths = Array.from({ length: profiles.deepest + 1 }, (_, i) => profiles.deepest - i);
  const cell = (at: number, depth: number): string => {
    const index = at * columns.rows + depth;
    return columns.count[index]! > 0 ? quantity.format(quantity.value(columns, index)) : '';
  };
  const mean = (of: 'depth' | 'control', at: number): string =>
    columns.groups[at]! > 0 ? formatNumber(columns[of][at]! / columns.groups[at]!) : '';
  return (
    <div
      className="data-table-scroll"
      role="region"
      aria-label="Table of depth by training step"
      // A scrolling region must be reachable by keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      <table>
        <caption className="visually-hidden">
          {quantity.label}, {quantity.unit}, by depth and step
        </caption>
        <thead>
          <tr>
            <th scope="col">depth</th>
            {ranges.map((at) => (
              <th scope="col" key={at}>
                {first + at * columns.width}–
                {first + Math.min((at + 1) * columns.width, columns.steps) - 1}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {depths.map((depth) => (
            <tr key={depth}>
              <th scope="row">{depth}</th>
              {ranges.map((at) => (
                <td key={at}>{cell(at, depth)}</td>
              ))}
            </tr>
          ))}
          {(['depth', 'control'] as const).map((of) => (
            <tr key={of}>
              <th scope="row">{of === 'depth' ? 'mean depth' : 'uniform draw'}</th>
              {ranges.map((at) => (
                <td key={at}>{mean(of, at)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <Marks marks={marks} />
    </div>
  );
}

function Marks({ marks }: Pick<HeatTableProps, 'marks'>) {
  if (marks.length === 0) return null;
  return (
    <ul className="data-table-marks">
      {marks.map(({ x, words }) => (
        <li key={x}>
          step {x}: {words}
        </li>
      ))}
    </ul>
  );
}
