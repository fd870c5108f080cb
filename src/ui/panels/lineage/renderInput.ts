/** One drawing of a scene: from where, in which colours, how large. */
import type { Camera, Size } from './camera.ts';
import type { ThemeColors } from './themeColors.ts';
import type { Scene } from './scene.ts';

export type Context = CanvasRenderingContext2D;

export interface RenderInput {
  readonly scene: Scene;
  readonly camera: Camera;
  readonly colors: ThemeColors;
  readonly size: Size;
}

/** How faint it is what did not exist yet. */
export const NOT_YET = 0.16;

export function placeOf(
  { scene: { tree }, camera }: Omit<RenderInput, 'size'>,
  index: number,
): [number, number] {
  return [
    camera.x + tree.lineage.depth[index]! * camera.sx,
    camera.y + tree.lineage.lane[index]! * camera.sy,
  ];
}
