import { useState } from 'react';
import type { AttemptMap } from '../../../runs/index/queries.ts';
import { formatFixed } from '../../format.ts';
import { pointAt, type MapPoint } from './points.ts';

export interface PointListProps {
  readonly map: AttemptMap;
  readonly pin: (point: MapPoint) => void;
}

/** The attempts of the map as they were when the list was unfolded, newest first: it stays still to be read. */
export function PointList({ map, pin }: PointListProps) {
  const [held, setHeld] = useState<AttemptMap | null>(null);
  return (
    <details
      className="data-table"
      onToggle={({ currentTarget: { open } }) => setHeld(open ? map : null)}
    >
      <summary>
        List<span className="visually-hidden"> of the attempts on the map</span>
      </summary>
      {held && <Points map={held} pin={pin} />}
    </details>
  );
}

function Points({ map, pin }: PointListProps) {
  const points = Array.from(map.step, (_, i) => pointAt(map, i)).reverse();
  return (
    // A scrolling region must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="data-table-scroll" role="region" aria-label="Attempts on the map" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">step</th>
            <th scope="col">mode</th>
            <th scope="col">quality</th>
            <th scope="col">attempt</th>
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={`${point.step} ${point.index}`}>
              <td>{point.step}</td>
              <td>{point.domain === null ? point.mode : `${point.domain}, ${point.mode}`}</td>
              <td>{formatFixed(point.quality)}</td>
              <td>
                <button type="button" className="quiet" onClick={() => pin(point)}>
                  <code>{point.text || 'empty'}</code>
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
