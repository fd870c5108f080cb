/** The tree on a canvas, apart from React: camera, colours, renderer and gestures in one. */
import { fit, holds, keepInView, pan, scrollTo, zoom, type Camera, type Size } from './camera.ts';
import { attachGestures, type Point } from './gestures.ts';
import { levelOf, PILL } from './nodes.ts';
import { readThemeColors, watchTheme, type ThemeColors } from './themeColors.ts';
import { Renderer } from './renderer.ts';
import type { Scene } from './scene.ts';
import { historyAt } from './tree.ts';

export interface Listener {
  readonly pick: (index: number | null) => void;
  readonly hover: (index: number | null) => void;
}

export class Controller {
  private readonly renderer: Renderer;
  private readonly stops: (() => void)[];
  private colors: ThemeColors;
  private size: Size = { width: 0, height: 0 };
  private camera: Camera = { x: 0, y: 0, sx: 1, sy: 1 };
  private scene: Scene | null = null;
  private selected: number | null = null;
  private hovered: number | null = null;
  /** Until a person moves it, the camera follows the tree as it grows. */
  private follows = true;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly listener: Listener,
  ) {
    this.renderer = new Renderer(canvas);
    this.colors = readThemeColors(canvas.parentElement!);
    const observer = new ResizeObserver(() => this.resize());
    observer.observe(canvas);
    this.stops = [
      () => observer.disconnect(),
      () => this.renderer.stop(),
      watchTheme(() => {
        this.colors = readThemeColors(canvas.parentElement!);
        this.show();
      }),
      attachGestures(canvas, {
        pan: (dx, dy) => this.pan(dx, dy),
        zoom: (factor, at) => this.zoom(factor, at),
        hover: (at) => this.hover(at),
        pick: (at) => this.listener.pick(this.historyNear(at)),
      }),
    ];
  }

  stop(): void {
    this.stops.forEach((stop) => stop());
  }

  setScene(scene: Scene, selected: number | null): void {
    const before = this.scene;
    const isOther =
      before?.tree.lineage.taskId !== scene.tree.lineage.taskId ||
      before.tree.turn !== scene.tree.turn;
    this.scene = scene;
    this.selected = selected;
    if (isOther) this.hovered = null;
    if (isOther || (this.follows && !holds(this.camera, scene.tree, this.size))) this.fit();
    else this.show();
  }

  fit(): void {
    if (!this.scene || this.size.width === 0) return;
    this.follows = true;
    this.camera = fit(this.scene.tree, this.size);
    this.show();
  }

  /** @returns whether there was anywhere to go. */
  pan(dx: number, dy: number): boolean {
    return this.move(pan(this.camera, dx, dy));
  }

  zoom(factor: number, at: Point = { x: this.size.width / 2, y: this.size.height / 2 }): void {
    this.move(zoom(this.camera, factor, at));
  }

  scrollTo(index: number): void {
    if (!this.scene || this.size.width === 0) return;
    const { lineage } = this.scene.tree;
    const { lane } = lineage;
    const next = scrollTo(this.camera, lineage.depth[index]!, lane[index]!, this.size);
    if (next.x === this.camera.x && next.y === this.camera.y) return;
    this.camera = next;
    this.follows = false;
    this.show();
  }

  private move(next: Camera): boolean {
    if (!this.scene) return false;
    const { camera } = this;
    const kept = keepInView(next, this.scene.tree, this.size);
    const isMoved =
      Math.abs(kept.x - camera.x) + Math.abs(kept.y - camera.y) > 0.5 ||
      kept.sx !== camera.sx ||
      kept.sy !== camera.sy;
    if (!isMoved) return false;
    this.camera = kept;
    this.follows = false;
    this.show();
    return true;
  }

  private hover(at: Point | null): void {
    const hovered = at && this.historyNear(at);
    if (hovered === this.hovered) return;
    this.hovered = hovered;
    this.canvas.style.cursor = hovered === null ? '' : 'pointer';
    this.listener.hover(hovered);
    this.show();
  }

  /** The history under a point, or near enough to be meant. */
  private historyNear({ x, y }: Point): number | null {
    if (!this.scene) return null;
    const { camera } = this;
    const depth = Math.round((x - camera.x) / camera.sx);
    const lane = Math.round((y - camera.y) / camera.sy);
    const half = levelOf(camera) === 'near' ? PILL.width / 2 : 14;
    if (Math.abs(x - camera.x - depth * camera.sx) > half) return null;
    // Where lanes are thin, those around the point can be meant as well.
    const reach = Math.floor(6 / camera.sy);
    for (let off = 0; off <= reach; off++) {
      const found =
        historyAt(this.scene.tree, depth, lane + off) ??
        historyAt(this.scene.tree, depth, lane - off);
      if (found !== null) return found;
    }
    return null;
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const isFirst = this.size.width === 0;
    this.size = { width, height };
    this.renderer.resize(this.size, devicePixelRatio);
    if (isFirst || this.follows) this.fit();
    else this.show();
  }

  private show(): void {
    const { scene, camera, colors, selected, hovered } = this;
    if (scene) this.renderer.show({ scene, camera, colors, marks: { selected, hovered } });
  }
}
