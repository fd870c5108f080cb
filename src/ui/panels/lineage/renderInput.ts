/** One drawing of a scene: from where, in which colours, how large. */
import type { Camera, Size } from './camera.ts';
import type { Palette } from './themeColors.ts';
import type { Scene } from './scene.ts';

export type Context = CanvasRenderingContext2D;

export interface Picture {
  readonly scene: Scene;
  readonly camera: Camera;
  readonly palette: Palette;
  readonly size: Size;
}

/** How faint it is what did not exist yet. */
export const NOT_YET = 0.16;

export function placeOf(
  { scene: { tree }, camera }: Omit<Picture, 'size'>,
  index: number,
): [number, number] {
  return [
    camera.x + tree.lineage.depth[index]! * camera.sx,
    camera.y + tree.lineage.lane[index]! * camera.sy,
  ];
}
