/** Gestures on the tree: dragging, two fingers, the wheel. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Gestures {
  /** @returns whether anything moved; if not, the page scrolls instead. */
  readonly pan: (dx: number, dy: number) => boolean;
  readonly zoom: (factor: number, at: Point) => void;
  readonly hover: (at: Point | null) => void;
  readonly pick: (at: Point) => void;
}

/** A press that moves less than this is a click. */
const SLOP = 4;
const WHEEL_ZOOM = 0.0035;
/** Pixels of a wheel that counts in lines. */
const LINE = 16;

/** Returns the way to stop. */
export function attachGestures(element: HTMLElement, gestures: Gestures): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  attachPointers(element, gestures, signal);
  const onWheel = (event: WheelEvent): void => {
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1;
    if (event.ctrlKey || event.metaKey) {
      gestures.zoom(Math.exp(-event.deltaY * unit * WHEEL_ZOOM), at(element, event));
      event.preventDefault();
      return;
    }
    const [dx, dy] = event.shiftKey ? [event.deltaY, event.deltaX] : [event.deltaX, event.deltaY];
    if (gestures.pan(-dx * unit, -dy * unit)) event.preventDefault();
  };
  element.addEventListener('wheel', onWheel, { passive: false, signal });
  return () => stop.abort();
}

function attachPointers(element: HTMLElement, gestures: Gestures, signal: AbortSignal): void {
  const down = new Map<number, Point>();
  let travelled = 0;
  const onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    if (down.size === 0) travelled = 0;
    down.set(event.pointerId, at(element, event));
  };
  const onMove = (event: PointerEvent): void => {
    const next = at(element, event);
    const before = down.get(event.pointerId);
    if (!before) return gestures.hover(next);
    travelled += Math.hypot(next.x - before.x, next.y - before.y);
    if (travelled < SLOP) return;
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    down.set(event.pointerId, next);
    if (other) pinch(gestures, { other, before, next });
    else gestures.pan(next.x - before.x, next.y - before.y);
  };
  const onUp = (event: PointerEvent): void => {
    if (!down.delete(event.pointerId)) return;
    if (down.size === 0 && travelled < SLOP) gestures.pick(at(element, event));
  };
  const onCancel = (event: PointerEvent): void => {
    down.delete(event.pointerId);
    travelled = SLOP;
  };
  element.addEventListener('pointerdown', onDown, { signal });
  element.addEventListener('pointermove', onMove, { signal });
  element.addEventListener('pointerup', onUp, { signal });
  element.addEventListener('pointercancel', onCancel, { signal });
  element.addEventListener('pointerleave', () => gestures.hover(null), { signal });
}

interface Pinch {
  /** The finger that rests. */
  readonly other: Point;
  readonly before: Point;
  readonly next: Point;
}

function pinch({ pan, zoom }: Gestures, { other, before, next }: Pinch): void {
  const apart = (a: Point): number => Math.max(10, Math.hypot(a.x - other.x, a.y - other.y));
  const middle = { x: (next.x + other.x) / 2, y: (next.y + other.y) / 2 };
  zoom(apart(next) / apart(before), middle);
  pan((next.x - before.x) / 2, (next.y - before.y) / 2);
}

function at(element: HTMLElement, { clientX, clientY }: MouseEvent): Point {
  const { left, top } = element.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}
