import { formatNumber } from '../format.ts';
import type { ChartData } from './bucket.ts';
import type { SeriesStyle } from './series.ts';
import { latestOf } from './summary.ts';

export interface ChartLegendProps {
  readonly styles: readonly SeriesStyle[];
  readonly data: ChartData;
  /** Index of the bucket under the cursor; null shows the latest values. */
  readonly at: number | null;
  readonly xLabel: string;
}

export function ChartLegend({ styles, data, at, xLabel }: ChartLegendProps) {
  return (
    <ul className="legend">
      {styles.map((style, i) => {
        if (style.faint === true) return null;
        const value = at === null ? latestOf(data, i)?.value : data.series[i]?.values[at];
        return (
          <li key={style.label} title={style.help}>
            <Swatch style={style} />
            <span className="legend-label">{style.label}</span>
            <span className="legend-value">
              {value === null || value === undefined ? '–' : formatNumber(value)}
              {style.unit && <span className="unit"> {style.unit}</span>}
            </span>
          </li>
        );
      })}
      {at !== null && (
        <li className="legend-at">
          at {xLabel} {data.xs[at]}
        </li>
      )}
    </ul>
  );
}

function Swatch({ style }: { readonly style: SeriesStyle }) {
  return (
    <svg className="swatch" width="22" height="8" aria-hidden="true">
      <line
        x1="0"
        x2="22"
        y1="4"
        y2="4"
        stroke={style.color}
        strokeWidth={style.color.includes('depth') ? 8 : 2.5}
        strokeDasharray={style.dash}
      />
    </svg>
  );
}
