/**
 * Draws the embedding map: colour is what was asked for, faintness is age, shape is the mode, or the
 * domain where that is what the colour says.
 */
import type { AttemptMap } from '../../../runs/index/queries.ts';
import type { DriftPoint, Frame, Layout } from './points.ts';
import { css } from '../../charts/viridis.ts';
import { pointColor } from './colors.ts';

export type Colouring = 'step' | 'quality' | 'mode' | 'domain';

export interface ThemeColors {
  readonly dark: boolean;
  readonly line: string;
  readonly paper: string;
  readonly faint: string;
  /** Of modes and domains, in their order. */
  readonly series: readonly string[];
}

export interface MapRenderInput {
  readonly map: AttemptMap;
  readonly layout: Layout;
  readonly frame: Frame;
  readonly drift: readonly DriftPoint[];
  readonly colouring: Colouring;
  /** Ids, in the order of their colours and shapes. */
  readonly domains: readonly string[];
  readonly colors: ThemeColors;
  /** Attempts of this step are ringed. */
  readonly pinned: number | null;
}

export function renderMap(context: CanvasRenderingContext2D, input: MapRenderInput): void {
  const { map, layout, colors, pinned } = input;
  renderAxes(context, input);
  const [first, last] = [map.step[0] ?? 0, map.step.at(-1) ?? 0];
  for (let i = 0; i < map.step.length; i++) {
    const age = last > first ? (map.step[i]! - first) / (last - first) : 1;
    context.globalAlpha = 0.4 + 0.6 * age;
    context.fillStyle = colourOf(input, i, age);
    context.beginPath();
    SHAPES[kindOf(input, i)]?.(context, layout.x[i]!, layout.y[i]!);
    context.fill();
    if (map.step[i] !== pinned) continue;
    context.globalAlpha = 1;
    context.strokeStyle = colors.line;
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(layout.x[i]!, layout.y[i]!, 6, 0, TURN);
    context.stroke();
  }
  context.globalAlpha = 1;
  renderDrift(context, input);
}

/** What an attempt is, by number: its shape, and its colour where that says the same. */
function kindOf({ map, colouring, domains }: MapRenderInput, i: number): number {
  return colouring === 'domain' ? domains.indexOf(map.domain[i] ?? '') : map.mode[i]!;
}

function colourOf(input: MapRenderInput, i: number, age: number): string {
  const { map, colouring, colors } = input;
  switch (colouring) {
    case 'step':
      return css(pointColor(age, colors.dark));
    case 'quality':
      return css(pointColor(map.quality[i]!, colors.dark));
    case 'mode':
    case 'domain':
      return colors.series[kindOf(input, i)] ?? colors.line;
    default:
      return colouring satisfies never;
  }
}

const TURN = 2 * Math.PI;
const SIZE = 2.8;

type Shape = (context: CanvasRenderingContext2D, x: number, y: number) => void;

/** Disc, triangle, diamond, square: of modes and domains in their order. All of about the same area. */
const SHAPES: readonly Shape[] = [
  (context, x, y) => context.arc(x, y, SIZE, 0, TURN),
  (context, x, y) => polygon(context, x, y + 0.6, 3, 1.4 * SIZE),
  (context, x, y) => polygon(context, x, y, 4, 1.3 * SIZE),
  (context, x, y) => context.rect(x - 0.88 * SIZE, y - 0.88 * SIZE, 1.76 * SIZE, 1.76 * SIZE),
];

function polygon(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  corners: number,
  radius: number,
): void {
  for (let i = 0; i < corners; i++) {
    const angle = (i / corners) * TURN - TURN / 4;
    context.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  context.closePath();
}

/** The axes through the mean of all attempts. */
function renderAxes(context: CanvasRenderingContext2D, { frame, colors }: MapRenderInput): void {
  context.strokeStyle = colors.faint;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(0, Math.round(frame.height / 2) + 0.5);
  context.lineTo(frame.width, Math.round(frame.height / 2) + 0.5);
  context.moveTo(Math.round(frame.width / 2) + 0.5, 0);
  context.lineTo(Math.round(frame.width / 2) + 0.5, frame.height);
  context.stroke();
}

/** A line through the means of successive ranges of steps, with an arrow's head at the newest. */
function renderDrift(
  context: CanvasRenderingContext2D,
  { layout, drift, colors }: MapRenderInput,
): void {
  const at = drift.map(({ x, y }) => layout.place(x, y));
  const [last, before] = [at.at(-1), at.at(-2)];
  if (!last || !before) return;
  context.lineJoin = 'round';
  context.lineCap = 'round';
  const strokes = [
    [colors.paper, 5],
    [colors.line, 1.75],
  ] as const;
  for (const [color, width] of strokes) {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.beginPath();
    at.forEach(({ x, y }) => context.lineTo(x, y));
    arrowHead(context, before, last);
    context.stroke();
  }
}

function arrowHead(
  context: CanvasRenderingContext2D,
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
): void {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  for (const side of [-1, 1]) {
    context.moveTo(to.x, to.y);
    context.lineTo(
      to.x - 8 * Math.cos(angle + side * 0.5),
      to.y - 8 * Math.sin(angle + side * 0.5),
    );
  }
}
