import { useState } from 'react';
import { formatNumber } from '../format.ts';
import type { ChartData } from './bucket.ts';
import type { ReferenceMark } from './marks.ts';
import type { Overlay, SeriesStyle } from './series.ts';

export interface DataTableProps {
  readonly title: string;
  readonly styles: readonly SeriesStyle[];
  readonly data: ChartData;
  /** Other runs, each a table of its own. */
  readonly overlays: readonly Overlay[];
  readonly xLabel: string;
  readonly marks: readonly ReferenceMark[];
}

/** The numbers that the chart draws, as a table that a keyboard can scroll; built only while it is open. */
export function DataTable(props: DataTableProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className="data-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        Table<span className="visually-hidden"> of {props.title}</span>
      </summary>
      {open && <Tables {...props} />}
    </details>
  );
}

function Tables({ title, styles, data, overlays, xLabel, marks }: DataTableProps) {
  return (
    // A scrolling region must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="data-table-scroll" role="region" aria-label={`Table of ${title}`} tabIndex={0}>
      <Table styles={styles} data={data} xLabel={xLabel} />
      {marks.length > 0 && (
        <ul className="data-table-marks">
          {marks.map(({ x, where, words }) => (
            <li key={`${x} ${words}`}>
              {where ?? `${xLabel} ${x}`}: {words}
            </li>
          ))}
        </ul>
      )}
      {overlays.map((overlay) => (
        <Table
          key={overlay.id}
          caption={overlay.label}
          styles={styles.filter(({ faint }) => faint !== true)}
          data={overlay.data}
          xLabel={xLabel}
        />
      ))}
    </div>
  );
}

interface TableProps {
  readonly caption?: string;
  readonly styles: readonly SeriesStyle[];
  readonly data: ChartData;
  readonly xLabel: string;
}

function Table({ caption, styles, data: { xs, steps, series }, xLabel }: TableProps) {
  const places = steps ?? xs;
  return (
    <table>
      {caption && <caption>{caption}</caption>}
      <thead>
        <tr>
          <th scope="col">{steps ? 'step' : xLabel}</th>
          {styles.map(({ label }) => (
            <th scope="col" key={label}>
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {places.map((place, row) => (
          <tr key={place}>
            <th scope="row">{place}</th>
            {styles.map(({ label }, i) => (
              <td key={label}>{cell(series[i]?.values[row])}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function cell(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : formatNumber(value);
}
