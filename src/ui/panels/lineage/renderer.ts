/**
 * Keeps an image of the tree that is somewhat larger than the view. Panning moves that image; a new one
 * is drawn behind it, a few milliseconds per frame, whenever the view nears its edge or what it shows changed.
 */
import { isSame, type Camera, type Size } from './camera.ts';
import { renderOverlay, type Marks } from './overlay.ts';
import { renderTree } from './renderTree.ts';
import type { ThemeColors } from './themeColors.ts';
import type { Context } from './renderInput.ts';
import type { Scene } from './scene.ts';

export interface View {
  readonly scene: Scene;
  readonly camera: Camera;
  readonly colors: ThemeColors;
  readonly marks: Marks;
}

interface Layer {
  readonly canvas: HTMLCanvasElement;
  readonly context: Context;
  view: View | null;
}

interface Job {
  readonly view: View;
  readonly steps: Generator<void>;
}

/** Pixels around the view. */
const MARGIN = 240;
/** Milliseconds of drawing per frame. */
const BUDGET = 7;

export class Renderer {
  private readonly context: Context;
  private front = createLayer();
  private back = createLayer();
  private view: View | null = null;
  private job: Job | null = null;
  private size: Size = { width: 0, height: 0 };
  private ratio = 1;
  private frame = 0;

  constructor(private readonly canvas: HTMLCanvasElement) {
    this.context = contextOf(canvas);
  }

  resize(size: Size, ratio: number): void {
    this.size = size;
    this.ratio = ratio;
    this.job = null;
    this.front.view = null;
    setSize(this.canvas, size, ratio);
    for (const { canvas } of [this.front, this.back]) setSize(canvas, this.layerSize(), ratio);
    this.request();
  }

  show(view: View): void {
    this.view = view;
    this.request();
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.view = null;
  }

  private request(): void {
    if (this.frame === 0 && this.view) this.frame = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    this.frame = 0;
    const { view } = this;
    if (!view || this.size.width === 0) return;
    if (!this.job && !this.serves(view)) this.begin(view);
    if (this.job) this.work(this.job);
    this.compose(view);
    if (this.job) this.request();
  }

  /** Whether the image in front still shows the view, from a little further off at most. */
  private serves({ scene, camera, colors }: View): boolean {
    const shown = this.front.view;
    if (shown?.scene !== scene || shown.colors !== colors) return false;
    const { camera: from } = shown;
    if (from.sx !== camera.sx || from.sy !== camera.sy) return false;
    const far = Math.max(Math.abs(from.x - camera.x), Math.abs(from.y - camera.y));
    return far <= 0.6 * MARGIN;
  }

  private begin(view: View): void {
    const { scene, colors, camera } = view;
    const { context } = this.back;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    const moved = { ...camera, x: camera.x + MARGIN, y: camera.y + MARGIN };
    const steps = renderTree(context, { scene, colors, camera: moved, size: this.layerSize() });
    this.job = { view, steps };
  }

  private work(job: Job): void {
    const until = performance.now() + BUDGET;
    do {
      if (!job.steps.next().done) continue;
      this.back.view = job.view;
      [this.front, this.back] = [this.back, this.front];
      this.job = null;
      // What came up meanwhile begins with the next frame.
      if (this.view && !this.serves(this.view)) this.begin(this.view);
      return;
    } while (performance.now() < until);
  }

  /** The image where it now belongs, and on it what changes with every frame. */
  private compose(view: View): void {
    const { context, size, ratio, front } = this;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    if (front.view) this.blit(front.view.camera, view.camera);
    renderOverlay(context, { ...view, size });
  }

  private blit(from: Camera, to: Camera): void {
    const [kx, ky] = [to.sx / from.sx, to.sy / from.sy];
    const { width, height } = this.layerSize();
    const left = to.x - (from.x + MARGIN) * kx;
    const top = to.y - (from.y + MARGIN) * ky;
    const { canvas } = this.front;
    if (isSame(from, { ...to, x: from.x, y: from.y })) {
      const { ratio } = this;
      // Whole pixels, so that text stays sharp.
      const [x, y] = [Math.round(left * ratio) / ratio, Math.round(top * ratio) / ratio];
      this.context.drawImage(canvas, x, y, width, height);
    } else {
      this.context.drawImage(canvas, left, top, width * kx, height * ky);
    }
  }

  private layerSize(): Size {
    const { width, height } = this.size;
    return { width: width + 2 * MARGIN, height: height + 2 * MARGIN };
  }
}

function createLayer(): Layer {
  const canvas = document.createElement('canvas');
  return { canvas, context: contextOf(canvas), view: null };
}

function contextOf(canvas: HTMLCanvasElement): Context {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser draws no canvas');
  return context;
}

function setSize(canvas: HTMLCanvasElement, { width, height }: Size, ratio: number): void {
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
}
