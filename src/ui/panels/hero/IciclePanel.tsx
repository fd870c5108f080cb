import { useLayoutEffect, useRef, useState } from 'react';
import type { PointerEvent } from 'react';
import { useAnswer } from '../../../store/answers.ts';
import { stepInView } from '../../../store/focus.ts';
import type { FocusState } from '../../../store/focus.ts';
import { useFocus, useFocusActions, useSession } from '../../../store/hooks.ts';
import type { Icicle } from '../../../worker/protocol.ts';
import { openCanvas } from '../../charts/canvas.ts';
import { Segmented } from '../../controls/Segmented.tsx';
import { Scale } from './HeatLegend.tsx';
import { IcicleList } from './IcicleList.tsx';
import { IcicleTip } from './IcicleTip.tsx';
import { MARGIN } from './geometry.ts';
import type { Size } from './lines.ts';
import { blockAt, boxOf, paintIcicle, rowHeight } from './paintIcicle.ts';
import type { Look } from './mapPainter.ts';
import { useUnhurried } from './useUnhurried.ts';
import { useVisible } from './useVisible.ts';

export interface IciclePanelProps {
  readonly size: Size;
  readonly look: Look;
}

/** Asked at most this often: while the pointer moves, and while training goes on. */
const WHILE_POINTING = 150;
const WHILE_TRAINING = 1000;
/** Steps of the shorter window. */
const RECENT = 50;

type Window = 'all' | 'recent';
const WINDOWS = [
  { value: 'all', label: 'Whole run' },
  { value: 'recent', label: `Last ${RECENT} steps` },
] as const satisfies readonly { value: Window; label: string }[];

/** The task space as it grows: what each base task and each history was trained on. */
export function IciclePanel({ size, look }: IciclePanelProps) {
  const frame = useRef<HTMLElement>(null);
  const visible = useVisible(frame);
  const [counted, setCounted] = useState<Window>('all');
  const to = useUnhurried(useFocus(stepInView), WHILE_POINTING);
  const started = useSession(({ step }) => step > 0);
  const request = {
    ...{ to, recent: counted === 'all' ? null : RECENT },
    most: Math.max(100, Math.floor(size.width)),
  };
  const { value } = useAnswer('icicle', visible && started ? request : null, {
    every: to === null ? WHILE_TRAINING : 0,
  });
  const icicle = started && value && value.total > 0 ? value : null;
  return (
    <section className="icicle-panel" aria-labelledby="icicle-title" ref={frame}>
      <div className="icicle-head">
        <h3 id="icicle-title">Where the attempts went</h3>
        <Segmented label="Steps that count" options={WINDOWS} value={counted} choose={setCounted} />
        <p className="chart-explanation">
          Each block of the top row is a base task, each block below it a history that grew from it.
          Width: groups of attempts spent on it and below{icicle && `, ${spanWords(icicle)}`}.
        </p>
        <div className="hero-legend">
          <Scale look={look} />
        </div>
      </div>
      <IcicleView {...{ icicle, size, look }} />
      {icicle && <IcicleList icicle={icicle} />}
    </section>
  );
}

function spanWords({ from, to, total }: Icicle): string {
  return `${total} in steps ${from} to ${to}`;
}

interface IcicleViewProps extends IciclePanelProps {
  readonly icicle: Icicle | null;
}

function IcicleView({ icicle, size, look }: IcicleViewProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pointed, setPointed] = useState<{ x: number; y: number } | null>(null);
  const { chooseTask } = useFocusActions();
  usePainting(canvas, icicle, size, look);
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
            ? `Groups of attempts by base task and history: ${spanWords(icicle)}`
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

function usePainting(
  ref: React.RefObject<HTMLCanvasElement | null>,
  icicle: Icicle | null,
  { width, height }: Size,
  { top, dark }: Look,
): void {
  useLayoutEffect(() => {
    const context = ref.current && width > 0 ? openCanvas(ref.current, width, height) : null;
    if (context && icicle) paintIcicle(context, icicle, { width, height }, { top, dark });
  }, [ref, icicle, width, height, top, dark]);
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
