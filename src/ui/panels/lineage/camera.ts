/** How the tree is seen: where depth 0 and lane 0 lie in the view, and how far apart depths and lanes are. */
import type { Tree } from './tree.ts';

/** In CSS pixels. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  /** Pixels per depth. */
  readonly sx: number;
  /** Pixels per lane. */
  readonly sy: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Extent = Pick<Tree, 'columns' | 'span'>;

/** Room for the axis, for nodes at the edge and for the numbers on them. */
const PAD = { left: 44, right: 44, top: 44, bottom: 26 } as const;
const DEPTH = { least: 16, most: 170, fitted: 112 } as const;
const LANE = { least: 0.02, most: 64, fitted: 34 } as const;
/** A tree that grows is shown with room for some more depths. */
const SPARE_DEPTHS = 1;

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function deepest({ columns }: Extent): number {
  return Math.max(1, columns.length - 1);
}

/** The whole tree, as large as it may be drawn. */
export function fit(extent: Extent, { width, height }: Size): Camera {
  const lanes = extent.span[1] - extent.span[0];
  const depths = deepest(extent) + SPARE_DEPTHS;
  const [wide, high] = [width - PAD.left - PAD.right, height - PAD.top - PAD.bottom];
  const sx = clamp(wide / depths, DEPTH.least, DEPTH.fitted);
  const sy = clamp(high / Math.max(1, lanes), LANE.least, LANE.fitted);
  const slack = Math.max(0, high - lanes * sy) / 2;
  return { x: PAD.left, y: PAD.top + slack - extent.span[0] * sy, sx, sy };
}

/** Whether all of it can be seen, but for depths where no room was for. */
export function holds(camera: Camera, extent: Extent, { width, height }: Size): boolean {
  const right = camera.x + deepest(extent) * camera.sx;
  const [top, bottom] = extent.span.map((lane) => camera.y + lane * camera.sy);
  return (
    (right <= width - PAD.right / 2 || camera.sx === DEPTH.least) &&
    top! >= PAD.top - 1 &&
    bottom! <= height - PAD.bottom + 1
  );
}

export function pan(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x + dx, y: camera.y + dy };
}

/** Around a point of the view that stays where it is. */
export function zoom(camera: Camera, factor: number, at: { x: number; y: number }): Camera {
  const sx = clamp(camera.sx * factor, DEPTH.least, DEPTH.most);
  const sy = clamp(camera.sy * factor, LANE.least, LANE.most);
  return {
    x: at.x - ((at.x - camera.x) * sx) / camera.sx,
    y: at.y - ((at.y - camera.y) * sy) / camera.sy,
    ...{ sx, sy },
  };
}

/** Keeps a large tree from leaving the view, and a small one within it. */
export function keepInView(camera: Camera, extent: Extent, { width, height }: Size): Camera {
  const along = (at: number, from: number, to: number, low: number, high: number): number => {
    const [first, second] = [low - from, high - to];
    return clamp(at, Math.min(first, second), Math.max(first, second));
  };
  const { sx, sy } = camera;
  const [top, bottom] = extent.span;
  return {
    x: along(camera.x, 0, deepest(extent) * sx, PAD.left, width - PAD.right),
    y: along(camera.y, top * sy, bottom * sy, PAD.top, height - PAD.bottom),
    ...{ sx, sy },
  };
}

/** Moved as little as needed for a place to be seen with some of what is around it. */
export function scrollTo(camera: Camera, depth: number, lane: number, size: Size): Camera {
  const [x, y] = [camera.x + depth * camera.sx, camera.y + lane * camera.sy];
  const [marginX, marginY] = [Math.min(90, size.width / 4), Math.min(70, size.height / 4)];
  return pan(
    camera,
    clamp(x, marginX, size.width - marginX) - x,
    clamp(y, marginY, size.height - marginY) - y,
  );
}

export function isSame(a: Camera, b: Camera): boolean {
  return a.x === b.x && a.y === b.y && a.sx === b.sx && a.sy === b.sy;
}
