import { useState } from 'react';
import { formatNumber } from '../format.ts';
import type { ChartData } from './bucket.ts';
import type { ReferenceMark } from './marks.ts';
import type { SeriesStyle } from './series.ts';

export interface TableTwinProps {
  readonly title: string;
  readonly styles: readonly SeriesStyle[];
  readonly data: ChartData;
  readonly xLabel: string;
  readonly marks: readonly ReferenceMark[];
}

/** The numbers that the chart draws, as a table that a keyboard can scroll; built only while it is open. */
export function TableTwin(props: TableTwinProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className="twin" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        Table<span className="visually-hidden"> of {props.title}</span>
      </summary>
      {open && <Table {...props} />}
    </details>
  );
}

function Table({ title, styles, data, xLabel, marks }: TableTwinProps) {
  return (
    // A scrolling region must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="twin-scroll" role="region" aria-label={`Table of ${title}`} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{xLabel}</th>
            {styles.map(({ label }) => (
              <th scope="col" key={label}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.xs.map((x, row) => (
            <tr key={x}>
              <th scope="row">{x}</th>
              {styles.map(({ label }, i) => (
                <td key={label}>{cell(data.series[i]?.values[row])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {marks.length > 0 && (
        <ul className="twin-marks">
          {marks.map(({ x, words }) => (
            <li key={x}>
              {xLabel} {x}: {words}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function cell(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : formatNumber(value);
}
