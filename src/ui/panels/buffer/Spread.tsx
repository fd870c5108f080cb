import { useRef } from 'react';
import { metric, type MetricId } from '../../../schema/metrics.ts';
import { useScheduledDraw } from '../../charts/useScheduledDraw.ts';
import { formatFixed } from '../../format.ts';
import { spreadFigure } from './spread.ts';

const FIGURES = [
  { id: 'diversity/distinct', label: 'distinct attempts per group' },
  { id: 'diversity/distance', label: 'mean distance of two in a group' },
] as const satisfies readonly { id: MetricId; label: string }[];

/** Diversity in numbers. */
export function Spread() {
  const root = useRef<HTMLDListElement>(null);
  const figures = useScheduledDraw(root, ({ history }) =>
    FIGURES.map(({ id }) => spreadFigure(history, id)),
  );
  return (
    <dl ref={root} className="map-spread">
      {FIGURES.map(({ id, label }, i) => (
        <div key={id} title={metric(id).help}>
          <dt>{label}</dt>
          <dd>
            <strong>{figure(figures[i]?.now)}</strong> now
            <span className="buffer-card-facts">
              {figure(figures[i]?.first)} in the first steps
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function figure(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : formatFixed(value);
}
