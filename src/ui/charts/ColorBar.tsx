import { ramp, shade } from './viridis.ts';
import './color-bar.css';

export interface ColorTick {
  /** From 0 to 1. */
  readonly place: number;
  readonly text: string;
}

export interface ColorBarProps {
  readonly ticks: readonly ColorTick[];
  /** What its least and its most mean, in a word each. */
  readonly ends: readonly [least: string, most: string];
  /** All of it in words. */
  readonly label: string;
}

const GRADIENT = ramp(shade);

/** The scale of colours of every picture in cells: even steps of colour are even steps of the eye. */
export function ColorBar({ ticks, ends, label }: ColorBarProps) {
  return (
    <div className="scale" role="img" aria-label={label}>
      <span className="scale-end">{ends[0]}</span>
      <span className="scale-bar">
        <span style={{ background: GRADIENT }} />
        {ticks.map(({ place, text }) => (
          <span key={place} className="scale-tick" style={{ left: `${place * 100}%` }}>
            {text}
          </span>
        ))}
      </span>
      <span className="scale-end">{ends[1]}</span>
    </div>
  );
}
