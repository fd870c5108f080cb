/** A history as it is drawn: its quality as a level, and as a number where there is room. */
import type { Camera } from './camera.ts';
import { NOT_YET, placeOf, type Context, type RenderInput } from './renderInput.ts';
import { existed, wasInBuffer } from './scene.ts';

/** `near` shows numbers, `mid` the level alone, `far` a dot. */
export type Level = 'near' | 'mid' | 'far';

export function levelOf({ sx, sy }: Pick<Camera, 'sx' | 'sy'>): Level {
  if (sy >= NEAR.sy && sx >= NEAR.sx) return 'near';
  return sy >= 8 ? 'mid' : 'far';
}

const NEAR = { sx: 62, sy: 23 } as const;
export const PILL = { width: 46, height: 18 } as const;

export function renderNode(
  context: Context,
  input: RenderInput,
  index: number,
  level: Level,
): void {
  context.globalAlpha = existed(input.scene, index) ? 1 : NOT_YET;
  if (level === 'far') renderDot(context, input, index);
  else renderPill(context, input, index, level);
  context.globalAlpha = 1;
}

function renderDot(context: Context, input: RenderInput, index: number): void {
  const { scene, camera, colors } = input;
  const { lineage } = scene.tree;
  const [x, y] = placeOf(input, index);
  const best = scene.best.has(index);
  const size = Math.max(best ? 4 : 1.6, 0.66 * camera.sy);
  const solved = lineage.solved[index] === 1;
  context.fillStyle = best ? colors.accent : solved ? colors.good : colors.muted;
  // The wider, the better: a level without an outline.
  const wide = size * (1 + 1.6 * lineage.quality[index]!);
  context.fillRect(x - wide / 2, y - size / 2, wide, size);
}

/** A vessel that is filled from the left as far as the quality goes. */
function renderPill(context: Context, input: RenderInput, index: number, level: Level): void {
  const { scene, camera, colors } = input;
  const { quality, solved } = scene.tree.lineage;
  const near = level === 'near';
  const height = near ? PILL.height : Math.min(0.72 * camera.sy, 14);
  const width = near ? PILL.width : Math.min(2 * height, 0.5 * camera.sx);
  const [x, y] = placeOf(input, index);
  const [left, top] = [x - width / 2, y - height / 2];
  const isSolved = solved[index] === 1;
  const outline = roundRect(left, top, width, height);
  context.fillStyle = colors.ground;
  // Opaque ground, so that edges do not run through what is faint.
  const alpha = context.globalAlpha;
  context.globalAlpha = 1;
  context.fill(outline);
  context.globalAlpha = alpha;
  context.save();
  context.clip(outline);
  context.fillStyle = isSolved ? colors.good : colors.fill;
  context.fillRect(left, top, width * quality[index]!, height);
  context.restore();
  renderOutline(context, input, index, outline);
  if (near) renderNumber(context, input, index, [x, y]);
}

/** In the buffer: a strong line. Gone: a thin one. */
function renderOutline(context: Context, input: RenderInput, index: number, outline: Path2D): void {
  const { scene, colors } = input;
  const inBuffer = wasInBuffer(scene, index);
  const best = scene.best.has(index);
  context.lineWidth = inBuffer ? 2.2 : 1;
  context.strokeStyle = best ? colors.accent : inBuffer ? colors.text : colors.control;
  context.stroke(outline);
}

function renderNumber(
  context: Context,
  input: RenderInput,
  index: number,
  [x, y]: readonly [number, number],
): void {
  const { scene, colors } = input;
  const { quality, solved } = scene.tree.lineage;
  const isSolved = solved[index] === 1;
  context.font = `600 11px ${colors.family}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = isSolved ? colors.onGood : colors.text;
  const text = quality[index]!.toFixed(2);
  context.fillText(isSolved ? `✓ ${Number(text)}` : text, x, y + 0.5);
}

export function roundRect(x: number, y: number, width: number, height: number): Path2D {
  const path = new Path2D();
  path.roundRect(x, y, width, height, height / 2);
  return path;
}
