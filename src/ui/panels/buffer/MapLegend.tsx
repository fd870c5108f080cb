import type { AttemptMap } from '../../../runs/index/queries.ts';
import { ramp } from '../../charts/viridis.ts';
import { useDark } from '../../useDark.ts';
import type { Colouring } from './renderMap.ts';
import { pointColor } from './colors.ts';
import { MODE_NAMES, type DomainName } from './labels.ts';

export interface MapLegendProps {
  readonly map: AttemptMap;
  readonly colouring: Colouring;
  readonly domains: readonly DomainName[];
  /** The pinned step, ringed; null where none is. */
  readonly pinned: number | null;
}

export function MapLegend({ map, colouring, domains, pinned }: MapLegendProps) {
  const dark = useDark();
  const isKind = colouring === 'mode' || colouring === 'domain';
  const [first, last] = [map.step[0] ?? 0, map.step.at(-1) ?? 0];
  const ringed = map.step.reduce((count, step) => count + Number(step === pinned), 0);
  return (
    <ul className="map-legend">
      {(colouring === 'domain' ? domains.map(({ name }) => name) : MODE_NAMES).map((kind, i) => (
        <li key={kind}>
          <Mark shape={i} color={isKind ? `var(--series-${i + 1})` : 'var(--muted)'} />
          {kind}
        </li>
      ))}
      {colouring === 'step' && <Ramp dark={dark} from={`step ${first}`} to={`step ${last}`} />}
      {colouring === 'quality' && <Ramp dark={dark} from="quality 0" to="1" />}
      <li>
        <svg width="26" height="12" aria-hidden="true" className="map-mark">
          <path d="M1 6H24M19 2l5 4-5 4" fill="none" stroke="var(--text)" strokeWidth="1.75" />
        </svg>
        mean, from the first steps to the newest
      </li>
      {pinned !== null && (
        <li>
          <svg width="14" height="14" aria-hidden="true" className="map-mark">
            <circle cx="7" cy="7" r="5.5" fill="none" stroke="var(--text)" strokeWidth="1.5" />
          </svg>
          step {pinned}, pinned: {ringed} of its attempts
        </li>
      )}
    </ul>
  );
}

const PATHS = [
  'M7 4.2a2.8 2.8 0 1 1 0 5.6a2.8 2.8 0 1 1 0-5.6z',
  'M7 3.4l3.4 5.9H3.6z',
  'M7 3.2l3.8 3.8L7 10.8 3.2 7z',
  'M4.5 4.5h5v5h-5z',
];

function Mark({ shape, color }: { readonly shape: number; readonly color: string }) {
  return (
    <svg width="14" height="14" aria-hidden="true" className="map-mark">
      <path d={PATHS[shape]} fill={color} />
    </svg>
  );
}

interface RampProps {
  readonly dark: boolean;
  readonly from: string;
  readonly to: string;
}

function Ramp({ dark, from, to }: RampProps) {
  return (
    <li>
      {from}
      <span
        className="buffer-ramp"
        style={{ background: ramp((share) => pointColor(share, dark)) }}
      />
      {to}
    </li>
  );
}
