/** The cells of the heat map as an image of one pixel per cell, of which only what changed is drawn. */
import { SHADE_PIXELS, SHADES } from '../../charts/viridis.ts';
import type { HeatColumns } from './columns.ts';
import { shareOfScale } from './quantities.ts';
import type { Quantity } from './quantities.ts';

/** How values become colours. */
export interface ColorScale {
  readonly quantity: Quantity;
  /** End of the scale. */
  readonly top: number;
}

/** Writes columns `from …` into pixels of [rows, stride]; what nothing started at stays clear. */
export function renderCells(
  pixels: Uint32Array,
  stride: number,
  columns: HeatColumns,
  { quantity, top }: ColorScale,
  from: number,
): void {
  const { rows, length, count } = columns;
  for (let at = from; at < length; at++) {
    for (let depth = 0; depth < rows; depth++) {
      const cell = at * rows + depth;
      const pixel = (rows - 1 - depth) * stride + at;
      if (count[cell] === 0) pixels[pixel] = 0;
      else {
        const place = shareOfScale(quantity.value(columns, cell), top, quantity.spread);
        pixels[pixel] = SHADE_PIXELS[Math.round(place * (SHADES - 1))]!;
      }
    }
  }
}

export class HeatMapRenderer {
  private readonly canvas = document.createElement('canvas');
  private pixels = new Uint32Array(0);
  private image: ImageData | null = null;
  private rendered: { readonly columns: HeatColumns; readonly colorScale: ColorScale } | null =
    null;

  /** The image of these columns; the first `columns.length` of its columns count. */
  render(columns: HeatColumns, colorScale: ColorScale): HTMLCanvasElement {
    const stride = columns.groups.length;
    const image = this.imageOf(stride, columns.rows);
    const from = this.firstChanged(columns, colorScale);
    renderCells(this.pixels, stride, columns, colorScale, from);
    const wide = columns.length - from;
    this.canvas.getContext('2d')?.putImageData(image, 0, 0, from, 0, wide, columns.rows);
    this.rendered = { columns, colorScale };
    return this.canvas;
  }

  private firstChanged(columns: HeatColumns, colorScale: ColorScale): number {
    const before = this.rendered;
    if (before?.columns.count !== columns.count) return 0;
    const { quantity, top } = before.colorScale;
    const same = quantity === colorScale.quantity && top === colorScale.top;
    return same ? Math.max(0, before.columns.length - 1) : 0;
  }

  private imageOf(width: number, height: number): ImageData {
    if (this.image?.width === width && this.image.height === height) return this.image;
    this.image = new ImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.canvas.width = width;
    this.canvas.height = height;
    this.rendered = null;
    return this.image;
  }
}
