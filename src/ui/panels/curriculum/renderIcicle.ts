/** The icicle on a canvas, and what of it lies where. */
import type { Icicle } from '../../../runs/index/queries.ts';
import { css, shade, textColorOn } from '../../charts/viridis.ts';
import { formatNumber } from '../../format.ts';
import type { Size } from './lines.ts';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const LEAST_ROWS = 5;
const MOST_ROW_HEIGHT = 30;

export function rowHeight({ depth }: Icicle, { height }: Size): number {
  const rows = depth.reduce((most, one) => Math.max(most, one + 1), LEAST_ROWS);
  return Math.min(MOST_ROW_HEIGHT, height / rows);
}

export function boxOf(icicle: Icicle, index: number, size: Size): Box {
  const unit = size.width / Math.max(1, icicle.total);
  const high = rowHeight(icicle, size);
  return {
    left: icicle.start[index]! * unit,
    top: icicle.depth[index]! * high,
    width: icicle.count[index]! * unit,
    height: high,
  };
}

/** The block at a place in pixels; -1 where none is. */
export function blockAt(icicle: Icicle, x: number, y: number, size: Size): number {
  const groups = (x / size.width) * icicle.total;
  const row = Math.floor(y / rowHeight(icicle, size));
  return icicle.depth.findIndex(
    (depth, i) =>
      depth === row && groups >= icicle.start[i]! && groups < icicle.start[i]! + icicle.count[i]!,
  );
}

/** From which width on a gap to the neighbour does not hide the block itself. */
const MIN_WIDTH_FOR_GAP = 3;
const MIN_WIDTH_FOR_NAME = 34;

/** @param top learnability at the end of the scale. */
export function renderIcicle(
  context: CanvasRenderingContext2D,
  icicle: Icicle,
  size: Size,
  top: number,
): void {
  context.font = '11px system-ui, sans-serif';
  context.textBaseline = 'middle';
  for (let i = 0; i < icicle.depth.length; i++) {
    const box = boxOf(icicle, i, size);
    const gap = box.width > MIN_WIDTH_FOR_GAP ? 1 : 0;
    const share = Math.min(1, icicle.learnability[i]! / top);
    renderBlock(context, { ...box, width: box.width - gap, height: box.height - 1 }, share);
    if (icicle.members[i]! > 1) renderSeams(context, box, icicle.members[i]!);
    else if (box.width >= MIN_WIDTH_FOR_NAME && box.height >= 14) {
      context.fillStyle = nameColor(share);
      const name = shortName(icicle, i);
      const fits = context.measureText(name).width <= box.width - 10;
      if (fits) context.fillText(name, box.left + 6, box.top + box.height / 2);
    }
  }
}

function renderBlock(
  context: CanvasRenderingContext2D,
  { left, top, width, height }: Box,
  share: number,
): void {
  // Nothing started right here in these steps: only what lies below counts.
  context.fillStyle = Number.isNaN(share) ? 'rgb(255 255 255 / 0.12)' : css(shade(share));
  context.fillRect(left, top, width, height);
}

/** Fine lines say that many stand together: as many as they are, where there is room for them. */
function renderSeams(
  context: CanvasRenderingContext2D,
  { left, top, width, height }: Box,
  members: number,
): void {
  const step = Math.max(3, width / members);
  context.fillStyle = 'rgb(16 18 22 / 0.55)';
  for (let x = step; x < width - 1; x += step) context.fillRect(left + x, top, 1, height);
}

function nameColor(share: number): string {
  return Number.isNaN(share) ? '#e7e9ec' : textColorOn(shade(share));
}

function shortName(icicle: Icicle, index: number): string {
  if (icicle.id[index]! > 0) return `#${icicle.id[index]}`;
  return `Task ${icicle.tasks[icicle.task[index]!]?.number ?? ''}`;
}

/** What a block is, in words. */
export function nameOf(icicle: Icicle, index: number): string {
  const depth = icicle.depth[index]!;
  const members = icicle.members[index]!;
  const task = icicle.tasks[icicle.task[index]!];
  const place = task ? `Task ${task.number}` : 'many tasks';
  if (icicle.id[index]! > 0) return `${place}, history #${icicle.id[index]}, depth ${depth}`;
  if (task && depth === 0) return place;
  if (depth === 0) return `${members} tasks, each too small to show`;
  return `${members} ${members === 1 ? 'history' : 'histories'} of ${task ? place.toLowerCase() : place}, depth ${depth}`;
}

export function spanLabel({ from, to, total }: Icicle): string {
  return `${formatNumber(total)} in steps ${formatNumber(from)} to ${formatNumber(to)}`;
}
