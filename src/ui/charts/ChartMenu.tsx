import type { RefObject } from 'react';
import { Symbol } from '../controls/Symbol.tsx';
import { Popover } from '../controls/Popover.tsx';
import { download } from '../download.ts';
import { fileName } from './csv.ts';
import { renderPng } from './renderPng.ts';
import type { SeriesStyle } from './series.ts';

export interface ChartFile {
  /** Which run and how far, in words; asked for when a file is made. */
  readonly describe: () => readonly string[];
  readonly csv: () => string;
  /** What the CSV has, where not every step. */
  readonly csvHolds?: string;
}

export interface ChartMenuProps {
  readonly title: string;
  readonly styles: readonly SeriesStyle[];
  readonly file: ChartFile;
  readonly frame: RefObject<HTMLElement | null>;
}

/** What each line means, and the chart as a file. */
export function ChartMenu({ title, styles, file, frame }: ChartMenuProps) {
  const name = (extension: string): string => fileName([title, ...file.describe()], extension);
  const saveCsv = (): void =>
    download(name('csv'), new Blob([file.csv()], { type: 'text/csv;charset=utf-8' }));
  const savePng = async (): Promise<void> => {
    if (!frame.current) return;
    download(name('png'), await renderPng(frame.current, file.describe().join(' · ')));
  };
  const helped = styles.filter(({ help }) => help !== undefined);
  return (
    <div className="chart-menu">
      {helped.length > 0 && (
        <Popover label={`What ${title} means`} icon="help">
          <SeriesLegend styles={helped} />
        </Popover>
      )}
      <Popover label={`Save ${title}`} icon="save">
        <div className="menu-items">
          <button type="button" className="quiet" onClick={saveCsv}>
            CSV <span className="unit">{file.csvHolds ?? 'every step, unsmoothed'}</span>
          </button>
          <button type="button" className="quiet" onClick={() => void savePng()}>
            PNG <span className="unit">as shown, at twice the pixels</span>
          </button>
        </div>
      </Popover>
    </div>
  );
}

function SeriesLegend({ styles }: { readonly styles: readonly SeriesStyle[] }) {
  return (
    <dl className="meanings">
      {styles.map(({ label, symbol, unit, help }) => (
        <div key={label}>
          <dt>
            {label} {symbol && <Symbol of={symbol} />}{' '}
            {unit && <span className="unit">in {unit}</span>}
          </dt>
          <dd>{help}</dd>
        </div>
      ))}
    </dl>
  );
}
