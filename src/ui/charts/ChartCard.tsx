import { useId } from 'react';
import type { ReactNode, RefObject } from 'react';
import { Symbol } from '../controls/Symbol.tsx';
import { ChartLegend } from './ChartLegend.tsx';
import { ChartMenu } from './ChartMenu.tsx';
import type { ChartFile } from './ChartMenu.tsx';
import { PlotArea } from './PlotArea.tsx';
import type { PlotAreaProps } from './PlotArea.tsx';
import { DataTable } from './DataTable.tsx';
import './charts.css';

export interface ChartCardProps extends PlotAreaProps {
  readonly symbol?: string | undefined;
  /** One line under the title. */
  readonly explanation: string;
  /** What chooses which numbers the chart shows. */
  readonly controls?: ReactNode;
  /** The chart as a file. */
  readonly file: ChartFile;
  readonly className?: string;
  readonly children?: ReactNode;
  /** The element whose visibility decides whether the chart is drawn. */
  readonly frame: RefObject<HTMLElement | null>;
}

/** A chart with everything that makes it readable: names, values, and a table of the same numbers. */
export function ChartCard(props: ChartCardProps) {
  const { title, symbol, explanation, styles, data, overlays = [], marks, frame } = props;
  const headingId = useId();
  return (
    <article className={`chart ${props.className ?? ''}`} aria-labelledby={headingId} ref={frame}>
      <div className="chart-title">
        <h3 id={headingId}>
          {title} {symbol && <Symbol of={symbol} />}
        </h3>
        <ChartMenu title={title} styles={styles} file={props.file} frame={frame} />
      </div>
      <div className="chart-head">
        <p className="chart-explanation">{explanation}</p>
        {props.controls}
      </div>
      <ChartLegend {...{ styles, data, overlays }} at={props.cursor.at} />
      <PlotArea {...props} />
      <div className="chart-below">
        {props.children}
        <DataTable {...{ title, styles, data, overlays, marks }} xLabel={props.xLabel} />
      </div>
    </article>
  );
}
