/** What lies over the tree and changes with every frame: the axis, the task itself, what is looked at. */
import type { Camera, Size } from './camera.ts';
import { levelOf, PILL, roundRect } from './nodes.ts';
import { placeOf, type Context } from './renderInput.ts';
import type { ThemeColors } from './themeColors.ts';
import type { Scene } from './scene.ts';

export interface Marks {
  /** Index of the history that is selected, and of the one under the pointer. */
  readonly selected: number | null;
  readonly hovered: number | null;
}

export interface Overlay {
  readonly scene: Scene;
  readonly camera: Camera;
  readonly colors: ThemeColors;
  readonly marks: Marks;
  readonly size: Size;
}

const AXIS = 26;
/** Numbers of the axis stand at least this far apart. */
const LABEL_GAP = 34;

export function renderOverlay(context: Context, overlay: Overlay): void {
  renderTask(context, overlay);
  const { selected, hovered } = overlay.marks;
  if (hovered !== null && hovered !== selected) renderRing(context, overlay, hovered, 1.5);
  if (selected !== null) renderRing(context, overlay, selected, 2.5);
  renderAxis(context, overlay);
}

/** Where every tree begins: the task, before any attempt. */
function renderTask(context: Context, { camera, colors }: Overlay): void {
  const side = Math.max(7, Math.min(12, 0.5 * camera.sy));
  context.fillStyle = colors.text;
  context.fillRect(camera.x - side / 2, camera.y - side / 2, side, side);
}

function renderRing(context: Context, overlay: Overlay, index: number, width: number): void {
  const { camera, colors } = overlay;
  const [x, y] = placeOf(overlay, index);
  const near = levelOf(camera) === 'near';
  const height = near ? PILL.height : Math.max(6, Math.min(0.72 * camera.sy, 14));
  const w = (near ? PILL.width : 2 * height) + 9;
  const h = height + 9;
  context.lineWidth = width;
  context.strokeStyle = colors.text;
  context.stroke(roundRect(x - w / 2, y - h / 2, w, h));
}

/** Depth, on a strip that stays at the top. */
function renderAxis(context: Context, { camera, colors, size, scene }: Overlay): void {
  context.globalAlpha = 0.92;
  context.fillStyle = colors.ground;
  context.fillRect(0, 0, size.width, AXIS);
  context.globalAlpha = 1;
  context.fillStyle = colors.faint;
  context.fillRect(0, AXIS - 1, size.width, 1);
  context.font = `11px ${colors.family}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = colors.muted;
  const every = Math.ceil(LABEL_GAP / camera.sx);
  for (let depth = 0; depth < scene.tree.columns.length; depth += every) {
    const x = camera.x + depth * camera.sx;
    if (x < -20 || x > size.width + 20) continue;
    context.fillText(depthLabel(depth, camera.sx), x, AXIS / 2);
  }
}

function depthLabel(depth: number, width: number): string {
  if (depth === 0) return 'task';
  return depth === 1 && width >= 64 ? 'depth 1' : String(depth);
}
