import { useEffect, useId, useMemo, useRef } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import type { AttemptMap } from '../../../runs/index/queries.ts';
import { openCanvas } from '../../charts/canvas.ts';
import { useWidth } from '../../charts/useSize.ts';
import { formatFixed } from '../../format.ts';
import { renderMap, type Colouring } from './renderMap.ts';
import {
  drift,
  indexOfPoint,
  isArrow,
  layOut,
  nearest,
  nextPoint,
  pointAt,
  type MapPoint,
  type Point,
} from './points.ts';
import type { DomainName } from './labels.ts';
import { useReadThemeColors } from './useThemeColors.ts';

export interface MapCanvasProps {
  readonly map: AttemptMap;
  readonly colouring: Colouring;
  readonly domains: readonly DomainName[];
  /** The step whose attempts are ringed. */
  readonly pinned: number | null;
  /** The attempt under the pointer or the arrow keys. */
  readonly active: MapPoint | null;
  /** The attempt that is read beside the map. */
  readonly selected: MapPoint | null;
  readonly activate: (point: MapPoint | null) => void;
  readonly pin: (point: MapPoint) => void;
}

const RANGES = 5;
/** Pixels around the pointer in which a point is found. */
const REACH = 14;

export function MapCanvas(props: MapCanvasProps) {
  const { map, colouring, domains, pinned, active, selected, activate, pin } = props;
  const frame = useRef<HTMLDivElement>(null);
  const help = useId();
  const width = useWidth(frame);
  const height = Math.round(Math.min(460, Math.max(280, width * 0.62)));
  const layout = useMemo(() => layOut(map, { width, height }), [map, width, height]);
  const canvas = useMapRendering({ map, layout, width, height, colouring, domains, pinned });
  const at = indexOfPoint(map, active);

  const toward = (event: PointerEvent): number | null => {
    const box = event.currentTarget.getBoundingClientRect();
    const to = { x: event.clientX - box.left, y: event.clientY - box.top };
    return nearest(layout, to, REACH);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && active) pin(active);
    else if (event.key === 'Escape') activate(null);
    else if (isArrow(event.key)) {
      const next = at < 0 ? firstPoint(layout, width, height) : nextPoint(layout, at, event.key);
      if (next !== null) activate(pointAt(map, next));
    } else return;
    event.preventDefault();
  };
  return (
    // A map that is walked by keys is no element that the rule knows.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={frame}
      className="map-frame"
      role="application"
      aria-label={`Map of ${map.step.length} attempts`}
      aria-describedby={help}
      // The map is one stop: arrow keys move in it.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerMove={(event) => {
        const found = toward(event);
        if (found !== at && (found !== null || at >= 0)) {
          activate(found === null ? null : pointAt(map, found));
        }
      }}
      onPointerLeave={() => activate(null)}
      onClick={() => active && pin(active)}
    >
      <canvas ref={canvas} style={{ width, height }} aria-hidden="true" />
      <p id={help} className="visually-hidden">
        Arrow keys move to the nearest attempt, Enter pins its step.
      </p>
      <p className="visually-hidden" role="status">
        {active && wordsOf(active)}
      </p>
      <Ring at={placeOn(layout, indexOfPoint(map, selected))} />
      {active && <Tip point={active} at={placeOn(layout, at)} width={width} />}
    </div>
  );
}

/** Where the arrow keys begin: in the middle. */
function firstPoint(layout: ReturnType<typeof layOut>, width: number, height: number) {
  return nearest(layout, { x: width / 2, y: height / 2 }, Infinity);
}

interface Shown extends Pick<MapCanvasProps, 'map' | 'colouring' | 'domains' | 'pinned'> {
  readonly layout: ReturnType<typeof layOut>;
  readonly width: number;
  readonly height: number;
}

function useMapRendering({ map, layout, width, height, colouring, domains, pinned }: Shown) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const readThemeColors = useReadThemeColors();
  useEffect(() => {
    const element = canvas.current;
    const context = element && width > 0 ? openCanvas(element, width, height) : null;
    if (!element || !context) return;
    const colors = readThemeColors(element.parentElement!);
    const frame = { width, height };
    renderMap(context, {
      ...{ map, layout, frame, drift: drift(map, RANGES), colouring, colors, pinned },
      domains: domains.map(({ id }) => id),
    });
  }, [map, layout, width, height, colouring, domains, pinned, readThemeColors]);
  return canvas;
}

/** Null for an attempt that is not on the map. */
function placeOn({ x, y }: ReturnType<typeof layOut>, index: number): Point | null {
  return index < 0 ? null : { x: x[index]!, y: y[index]! };
}

function Ring({ at }: { readonly at: Point | null }) {
  return at && <span className="map-ring" style={{ left: at.x, top: at.y }} />;
}

interface TipProps {
  readonly point: MapPoint;
  readonly at: Point | null;
  readonly width: number;
}

/** Turned inwards, so that it never leaves the map. */
function Tip({ point, at, width }: TipProps) {
  if (at === null) return null;
  const side = at.x > width / 2 ? { right: width - at.x + 12 } : { left: at.x + 12 };
  return (
    <div className="map-tip" style={{ ...side, top: at.y }} aria-hidden="true">
      <code>{point.text || 'empty'}</code>
      <span>{factsOf(point)}</span>
    </div>
  );
}

export function factsOf({ step, mode, domain, quality }: MapPoint): string {
  const of = domain === null ? '' : `${domain}, `;
  return `step ${step}, ${of}${mode}, quality ${formatFixed(quality)}`;
}

function wordsOf(point: MapPoint): string {
  return `${point.text || 'empty'}: ${factsOf(point)}`;
}
