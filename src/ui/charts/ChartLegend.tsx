import { formatNumber } from '../format.ts';
import type { ChartData } from './bucket.ts';
import type { Overlay, SeriesStyle } from './series.ts';
import { latestOf } from './summary.ts';

export interface ChartLegendProps {
  readonly styles: readonly SeriesStyle[];
  readonly data: ChartData;
  readonly overlays?: readonly Overlay[];
  /** Index of the bucket under the cursor; null shows the latest values. */
  readonly at: number | null;
}

export function ChartLegend({ styles, data, overlays, at }: ChartLegendProps) {
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
      {overlays?.map((overlay) => (
        <OverlayEntry
          key={overlay.id}
          overlay={overlay}
          styles={styles}
          x={at === null ? null : (data.xs[at] ?? null)}
        />
      ))}
    </ul>
  );
}

interface OverlayEntryProps {
  readonly overlay: Overlay;
  readonly styles: readonly SeriesStyle[];
  /** Where it is read; null is its end. */
  readonly x: number | null;
}

/** Another run: its values in the order of the metrics above. */
function OverlayEntry({ overlay: { label, dash, data }, styles, x }: OverlayEntryProps) {
  const values = styles.flatMap((style, i) => {
    const value = style.faint === true ? null : readAt(data, i, x);
    return value === null ? [] : [{ style, value }];
  });
  if (values.length === 0) return null;
  return (
    <li className="legend-overlay">
      <Line color="var(--text)" width={1.5} dash={dash} />
      <span className="legend-label">{label}</span>
      {values.map(({ style, value }) => (
        <span key={style.label} className="legend-value" title={style.label}>
          {values.length > 1 && (
            <>
              <span className="visually-hidden">{style.label} </span>
              <span className="legend-dot" style={{ background: style.color }} />
            </>
          )}
          {formatNumber(value)}
        </span>
      ))}
    </li>
  );
}

/** The last value measured up to `x`; at the end where `x` is null. */
export function readAt(data: ChartData, index: number, x: number | null): number | null {
  const values = data.series[index]?.values ?? [];
  for (let i = values.length - 1; i >= 0; i--) {
    if (x !== null && data.xs[i]! > x) continue;
    const value = values[i] ?? null;
    if (value !== null) return value;
  }
  return null;
}

function Swatch({ style }: { readonly style: SeriesStyle }) {
  const width = style.color.includes('depth') ? 8 : 2.5;
  return <Line color={style.color} width={width} dash={style.dash} />;
}

export interface LineProps {
  readonly color: string;
  readonly width: number;
  readonly dash: string | undefined;
}

export function Line({ color, width, dash }: LineProps) {
  return (
    <svg className="swatch" width="22" height="8" aria-hidden="true">
      <line
        x1="0"
        x2="22"
        y1="4"
        y2="4"
        stroke={color}
        strokeWidth={width}
        strokeDasharray={dash}
      />
    </svg>
  );
}
