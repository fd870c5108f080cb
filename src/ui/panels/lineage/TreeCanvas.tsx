import {
  useEffect,
  useEffectEvent,
  useId,
  useImperativeHandle,
  useRef,
  type KeyboardEvent,
  type Ref,
} from 'react';
import { Controller } from './controller.ts';
import type { Scene } from './scene.ts';
import { bestOf, neighbour, type Direction } from './tree.ts';
import { historyLabel } from './labels.ts';

export interface TreeCanvasProps {
  readonly label: string;
  readonly scene: Scene;
  /** Index of the history that is looked at. */
  readonly selected: number | null;
  readonly select: (index: number | null) => void;
  readonly hover: (index: number | null) => void;
  readonly ref?: Ref<TreeHandle>;
}

export interface TreeHandle {
  readonly fit: () => void;
  readonly zoom: (factor: number) => void;
}

export const ZOOM_STEP = 1.35;

/** The tree as a picture that can be walked: what is selected is said aloud. */
export function TreeCanvas({ label, scene, selected, select, hover, ref }: TreeCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const controller = useRef<Controller>(null);
  const hint = useId();
  const onPick = useEffectEvent((index: number | null) => select(index));
  const onHover = useEffectEvent((index: number | null) => hover(index));
  useEffect(() => {
    const made = new Controller(canvas.current!, {
      pick: (index) => onPick(index),
      hover: (index) => onHover(index),
    });
    controller.current = made;
    return () => made.stop();
  }, []);
  useEffect(() => controller.current?.setScene(scene, selected), [scene, selected]);
  const selectedId = selected === null ? null : scene.tree.lineage.id[selected]!;
  const scrollToSelected = useEffectEvent(() => {
    if (selected !== null) controller.current?.scrollTo(selected);
  });
  useEffect(() => scrollToSelected(), [selectedId]);
  useImperativeHandle(ref, () => ({
    fit: () => controller.current?.fit(),
    zoom: (factor) => controller.current?.zoom(factor),
  }));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!act(event, { scene, selected, select, controller: controller.current })) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <canvas
        ref={canvas}
        className="lineage-canvas"
        // It takes arrow keys for itself, which is what this role tells a screen reader.
        // eslint-disable-next-line jsx-a11y/no-interactive-element-to-noninteractive-role
        role="application"
        aria-label={label}
        aria-describedby={hint}
        tabIndex={0}
        onKeyDown={onKeyDown}
      />
      <p id={hint} className="visually-hidden">
        Arrow keys walk: left to the parent, right to a child, up and down to siblings. With Shift
        they move the view. Plus and minus zoom, 0 fits, Home goes to the best history.
      </p>
      <p className="visually-hidden" role="status">
        {selected === null ? '' : historyLabel(scene, selected)}
      </p>
    </>
  );
}

interface Act extends Pick<TreeCanvasProps, 'scene' | 'selected' | 'select'> {
  readonly controller: Controller | null;
}

const ARROWS: Readonly<Record<string, readonly [Direction, number, number]>> = {
  ArrowLeft: ['parent', 80, 0],
  ArrowRight: ['child', -80, 0],
  ArrowUp: ['up', 0, 60],
  ArrowDown: ['down', 0, -60],
};

/** @returns whether the key meant something here. */
function act(
  { key, shiftKey }: KeyboardEvent,
  { scene, selected, select, controller }: Act,
): boolean {
  const arrow = ARROWS[key];
  if (arrow) {
    const [direction, dx, dy] = arrow;
    if (shiftKey) controller?.pan(dx, dy);
    else {
      const next =
        selected === null
          ? bestOf(scene.tree, scene.at)
          : neighbour(scene.tree, selected, direction);
      if (next !== null) select(next);
    }
    return true;
  }
  switch (key) {
    case '+':
    case '=':
      controller?.zoom(ZOOM_STEP);
      return true;
    case '-':
      controller?.zoom(1 / ZOOM_STEP);
      return true;
    case '0':
      controller?.fit();
      return true;
    case 'Home':
      select(bestOf(scene.tree, scene.at));
      return true;
    case 'Escape':
      select(null);
      return selected !== null;
    default:
      return false;
  }
}
