import { useLayoutEffect, useRef, useState } from 'react';
import type { PointerEvent } from 'react';
import type { FocusState } from '../../../app/focus.ts';
import { useFocus, useFocusActions } from '../../../app/hooks.ts';
import type { Icicle } from '../../../runs/index/queries.ts';
import { openCanvas } from '../../charts/canvas.ts';
import { MARGIN } from './geometry.ts';
import { IcicleTip } from './IcicleTip.tsx';
import type { Size } from './lines.ts';
import type { ColorScale } from './heatMapRenderer.ts';
import { blockAt, boxOf, renderIcicle, rowHeight, spanLabel } from './renderIcicle.ts';

export interface IcicleViewProps {
  readonly size: Size;
  readonly colorScale: ColorScale;
  readonly icicle: Icicle | null;
}

/** The picture; a click chooses the task, and with it what other panels show of it. */
export function IcicleView({ icicle, size, colorScale }: IcicleViewProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pointed, setPointed] = useState<{ x: number; y: number } | null>(null);
  const { chooseTask } = useFocusActions();
  useIcicleRendering(canvas, icicle, size, colorScale);
  const hovered = icicle && pointed ? blockAt(icicle, pointed.x, pointed.y, size) : -1;
  const choose = (event: PointerEvent): void => {
    if (event.button !== 0 || !icicle || hovered < 0) return;
    const task = icicle.tasks[icicle.task[hovered]!];
    if (task) chooseTask(task.taskId, icicle.id[hovered]! || null);
  };
  return (
    <div
      className="icicle"
      style={{ height: size.height, marginLeft: MARGIN.left, marginRight: MARGIN.right }}
      data-choosable={hovered >= 0}
      onPointerMove={(event) => setPointed(placeOf(event))}
      onPointerLeave={() => setPointed(null)}
      onPointerUp={choose}
    >
      <canvas
        ref={canvas}
        role="img"
        aria-label={
          icicle
            ? `Groups of attempts by base task and history: ${spanLabel(icicle)}`
            : 'No attempts yet'
        }
      />
      {icicle && <Depths {...{ icicle, size }} />}
      {icicle && <Chosen {...{ icicle, size }} />}
      {icicle && hovered >= 0 && pointed && (
        <>
          <Path {...{ icicle, size, index: hovered }} />
          <IcicleTip {...{ icicle, index: hovered, size, ...pointed }} />
        </>
      )}
    </div>
  );
}

function useIcicleRendering(
  ref: React.RefObject<HTMLCanvasElement | null>,
  icicle: Icicle | null,
  { width, height }: Size,
  { top }: ColorScale,
): void {
  useLayoutEffect(() => {
    const context = ref.current && width > 0 ? openCanvas(ref.current, width, height) : null;
    if (context && icicle) renderIcicle(context, icicle, { width, height }, top);
  }, [ref, icicle, width, height, top]);
}

function placeOf({ currentTarget, clientX, clientY }: PointerEvent): { x: number; y: number } {
  const { left, top } = currentTarget.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

/** The rows' depths, as far as there is room to name them. */
function Depths({ icicle, size }: { readonly icicle: Icicle; readonly size: Size }) {
  const high = rowHeight(icicle, size);
  const rows = icicle.depth.reduce((most, depth) => Math.max(most, depth + 1), 1);
  const step = [1, 2, 5, 10].find((every) => every * high >= 14) ?? 20;
  const named = Array.from({ length: Math.ceil(rows / step) }, (_, i) => i * step);
  return named.map((depth) => (
    <span key={depth} className="icicle-depth" style={{ top: (depth + 0.5) * high }}>
      {depth}
    </span>
  ));
}

/** The chosen task or history, wherever on the page it was chosen. */
function Chosen({ icicle, size }: { readonly icicle: Icicle; readonly size: Size }) {
  const index = indexOfChosen(
    icicle,
    useFocus(({ taskId }) => taskId),
    useFocus(({ historyId }) => historyId),
  );
  return index < 0 ? null : (
    <span className="icicle-outline chosen" style={boxOf(icicle, index, size)} />
  );
}

function indexOfChosen(
  { id, depth, task, tasks }: Icicle,
  taskId: FocusState['taskId'],
  historyId: FocusState['historyId'],
): number {
  const history = historyId === null ? -1 : id.indexOf(historyId);
  if (history >= 0 || taskId === null) return history;
  return depth.findIndex((at, i) => at === 0 && tasks[task[i]!]?.taskId === taskId);
}

/** The block under the pointer and what it grew from. */
function Path({
  icicle,
  size,
  index,
}: Pick<IcicleViewProps, 'size'> & {
  readonly icicle: Icicle;
  readonly index: number;
}) {
  const path: number[] = [];
  for (let at = index; at >= 0; at = icicle.parent[at]!) path.push(at);
  return path.map((at) => (
    <span
      key={at}
      className={`icicle-outline ${at === index ? 'hovered' : 'above'}`}
      style={boxOf(icicle, at, size)}
    />
  ));
}
