import { useLayoutEffect, useRef, useState } from 'react';
import type { PointerEvent } from 'react';
import { useFocusActions, useIsReopened } from '../../../app/hooks.ts';
import { openCanvas } from '../../charts/canvas.ts';
import type { ReferenceMark } from '../../charts/marks.ts';
import type { HeatColumns } from './columns.ts';
import { Cursors } from './Cursors.tsx';
import { depthAt, stepAt } from './geometry.ts';
import type { Span } from './geometry.ts';
import { HeatFrame } from './HeatFrame.tsx';
import { HeatTip } from './HeatTip.tsx';
import type { Size } from './lines.ts';
import { HeatMapRenderer } from './heatMapRenderer.ts';
import type { ColorScale } from './heatMapRenderer.ts';

export interface HeatMapProps {
  readonly columns: HeatColumns;
  readonly colorScale: ColorScale;
  readonly span: Span;
  readonly size: Size;
  readonly marks: readonly ReferenceMark[];
  /** In one sentence, for those who do not see it. */
  readonly summary: string;
  /** Moves the focus to what walks the steps. */
  readonly focusScrubber: () => void;
}

/** A place in the plot, as shares of its width and height. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Depth by step. The pointer previews a step, a click keeps it; the scrubber does both by keyboard. */
export function HeatMap(props: HeatMapProps) {
  const { columns, colorScale, span, size, marks, summary } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  useCells(canvas, columns, colorScale, span, size);
  const { place, listeners } = usePointer(props);
  return (
    <div className="heat" style={{ height: size.height }} {...listeners}>
      <canvas ref={canvas} className="heat-cells" role="img" aria-label={summary} />
      <HeatFrame {...{ columns, span, size, marks }} />
      <Cursors span={span} />
      {columns.length === 0 && <Nothing />}
      {place && columns.length > 0 && <HeatTip {...{ place, columns, span }} />}
    </div>
  );
}

function useCells(
  ref: React.RefObject<HTMLCanvasElement | null>,
  columns: HeatColumns,
  colorScale: ColorScale,
  span: Span,
  { width, height }: Size,
): void {
  const renderer = useRef<HeatMapRenderer | null>(null);
  const { quantity, top } = colorScale;
  useLayoutEffect(() => {
    const context = ref.current && width > 0 ? openCanvas(ref.current, width, height) : null;
    if (!context || columns.length === 0) return;
    renderer.current ??= new HeatMapRenderer();
    const image = renderer.current.render(columns, { quantity, top });
    context.imageSmoothingEnabled = false;
    const wide = ((columns.length * columns.width) / span.capacity) * width;
    context.drawImage(image, 0, 0, columns.length, columns.rows, 0, 0, wide, height);
  }, [ref, columns, quantity, top, span.capacity, width, height]);
}

function usePointer({ columns, span, focusScrubber }: HeatMapProps) {
  const { hover, pin } = useFocusActions();
  const [place, setPlace] = useState<Place | null>(null);
  const leave = (): void => {
    setPlace(null);
    hover(null);
  };
  const stepOf = (event: PointerEvent): number | null => stepAt(placeOf(event).x, span);
  const onPointerMove = (event: PointerEvent): void => {
    setPlace(placeOf(event));
    hover(stepOf(event));
  };
  const onPointerUp = (event: PointerEvent): void => {
    const step = stepOf(event);
    if (step === null || event.button !== 0) return;
    pin(step);
    focusScrubber();
    // A finger that is lifted points at nothing any more.
    if (event.pointerType === 'touch') leave();
  };
  return {
    place: place && { ...place, depth: depthAt(place.y, columns.rows) },
    listeners: {
      onPointerMove,
      onPointerDown: onPointerMove,
      onPointerUp,
      onPointerLeave: leave,
      onPointerCancel: leave,
    },
  };
}

function placeOf({ currentTarget, clientX, clientY }: PointerEvent): Place {
  const { left, top, width, height } = currentTarget.getBoundingClientRect();
  return { x: (clientX - left) / width, y: (clientY - top) / height };
}

/** Why there is no picture, and when there will be. */
function Nothing() {
  return (
    <p className="heat-empty">
      {useIsReopened()
        ? 'A saved run keeps its numbers, not where its steps started: the picture begins with the next step.'
        : 'Press play: it draws itself.'}
    </p>
  );
}
