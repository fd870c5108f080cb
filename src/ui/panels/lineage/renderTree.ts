/**
 * Draws the tree, in slices: each `yield` is a place to stop. Edges are gathered into one path per style;
 * nodes are drawn by one of three levels of detail, by how much room a lane has.
 */
import { renderNode, levelOf, type Level } from './nodes.ts';
import { NOT_YET, placeOf, type Context, type RenderInput } from './renderInput.ts';
import { edgeKind, existed, type EdgeKind } from './scene.ts';

/** Marks between two stops. */
const SLICE = 400;
export function* renderTree(context: Context, input: RenderInput): Generator<void> {
  const { size, camera } = input;
  context.clearRect(0, 0, size.width, size.height);
  yield* renderEdges(context, input);
  yield* renderBestPath(context, input);
  yield* renderNodes(context, input, levelOf(camera));
}

/** Depths whose columns, or the edges that end there, can be seen. */
function depthsInView({ scene: { tree }, camera, size }: RenderInput): readonly [number, number] {
  const first = Math.max(1, Math.floor(-camera.x / camera.sx));
  const last = Math.min(
    tree.columns.length - 1,
    Math.ceil((size.width - camera.x) / camera.sx) + 1,
  );
  return [first, last];
}

interface Stroke {
  readonly kind: EdgeKind;
  readonly yet: boolean;
  readonly path: Path2D;
  count: number;
}

function* renderEdges(context: Context, input: RenderInput): Generator<void> {
  const { scene, camera } = input;
  const straight = levelOf(camera) === 'far';
  const strokes = new Map<string, Stroke>();
  for (const index of edgesInView(input)) {
    const [kind, yet] = [edgeKind(scene.tree, index), existed(scene, index)];
    const key = `${kind} ${yet}`;
    let stroke = strokes.get(key);
    if (!stroke) strokes.set(key, (stroke = { kind, yet, path: new Path2D(), count: 0 }));
    addEdge(stroke.path, input, index, straight);
    if (++stroke.count < SLICE) continue;
    renderStroke(context, input, stroke);
    strokes.delete(key);
    yield;
  }
  for (const stroke of strokes.values()) renderStroke(context, input, stroke);
  yield;
}

/** Each edge by its lower end; where lanes are thinner than pixels, one of those that would coincide. */
function* edgesInView(input: RenderInput): Generator<number> {
  const { scene, camera, size } = input;
  const { lineage } = scene.tree;
  const { lane } = lineage;
  const [first, last] = depthsInView(input);
  for (let depth = first; depth <= last; depth++) {
    const drawn = camera.sy < 1 ? new Set<number>() : null;
    const grain = camera.sy < 0.5 ? 0.5 : 1;
    for (const index of scene.tree.columns[depth]!.at) {
      if (index < 0) continue;
      const parent = lineage.parent[index]!;
      const from =
        camera.y + (parent >= 0 ? lane[parent]! : parent === -1 ? 0 : lane[index]!) * camera.sy;
      const to = camera.y + lane[index]! * camera.sy;
      if (Math.max(from, to) < 0 || Math.min(from, to) > size.height) continue;
      if (drawn) {
        const [a, b] = [Math.round(from * grain), Math.round(to * grain)];
        const key = (a * 65536 + b) * 4 + lineage.mode[index]!;
        if (drawn.has(key)) continue;
        drawn.add(key);
      }
      yield index;
    }
  }
}

function addEdge(path: Path2D, input: RenderInput, index: number, straight: boolean): void {
  const { scene, camera } = input;
  const { lineage } = scene.tree;
  const { lane } = lineage;
  const [x, y] = placeOf(input, index);
  const parent = lineage.parent[index]!;
  // A parent that is not kept any more leaves a stub.
  const before = parent === -2 ? x - 0.3 * camera.sx : x - camera.sx;
  const above = parent === -2 ? y : camera.y + (parent === -1 ? 0 : lane[parent]!) * camera.sy;
  path.moveTo(before, above);
  if (straight) path.lineTo(x, y);
  else {
    const bend = 0.5 * camera.sx;
    path.bezierCurveTo(before + bend, above, x - bend, y, x, y);
  }
}

function renderStroke(
  context: Context,
  { colors, camera }: RenderInput,
  { kind, yet, path }: Stroke,
): void {
  const far = levelOf(camera) === 'far';
  const present = far ? 0.55 : kind === 'solve' ? 0.75 : 1;
  context.globalAlpha = yet ? present : NOT_YET;
  context.lineWidth = far ? 0.8 : 1.4;
  context.strokeStyle = {
    solve: colors.control,
    improve: colors.muted,
    diverge: colors.diverge,
  }[kind];
  // Where lines lie on each other, gaps would be filled by the next line.
  const dashed = kind === 'diverge' && camera.sy >= 1.5;
  context.setLineDash(dashed ? (far ? [4, 3] : [5, 4]) : []);
  context.stroke(path);
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function* renderBestPath(context: Context, input: RenderInput): Generator<void> {
  const { scene, colors } = input;
  for (const index of scene.best) {
    const path = new Path2D();
    addEdge(path, input, index, levelOf(input.camera) === 'far');
    context.strokeStyle = colors.accent;
    context.lineWidth = 3;
    context.setLineDash(edgeKind(scene.tree, index) === 'diverge' ? [7, 5] : []);
    context.stroke(path);
  }
  context.setLineDash([]);
  yield;
}

function* renderNodes(context: Context, input: RenderInput, level: Level): Generator<void> {
  const { scene, camera, size } = input;
  const [first, last] = depthsInView(input);
  let count = 0;
  for (let depth = first; depth <= last; depth++) {
    const { first: offset, at } = scene.tree.columns[depth]!;
    const top = Math.max(0, Math.floor((-30 - camera.y) / camera.sy) - offset);
    const bottom = Math.min(
      at.length,
      Math.ceil((size.height + 30 - camera.y) / camera.sy) - offset + 1,
    );
    let lastRow = NaN;
    for (let k = top; k < bottom; k++) {
      const index = at[k]!;
      if (index < 0) continue;
      // Where several histories share a pixel, the first stands for them.
      const row = Math.round(camera.y + (offset + k) * camera.sy);
      if (row === lastRow && !scene.best.has(index)) continue;
      lastRow = row;
      renderNode(context, input, index, level);
      if (++count % SLICE === 0) yield;
    }
  }
  yield;
}
