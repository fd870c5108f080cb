/** Colours of the shared scale as cells, which carry text, and as points, which stand on the ground. */
import { viridis } from '../../charts/viridis.ts';

type Rgb = ReturnType<typeof viridis>;

/** For a small mark: the least stands out from the ground, and the most by far. */
export function pointColor(share: number, dark: boolean): Rgb {
  return viridis(dark ? 0.3 + 0.7 * share : 0.72 * (1 - share));
}

export function css([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}

/** Black or white, whichever is read more easily; its contrast is never below 4.5. */
export function textColorOn(color: Rgb): '#000' | '#fff' {
  return contrast(color, BLACK) > contrast(color, WHITE) ? '#000' : '#fff';
}

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/** As WCAG 2 defines it. */
export function contrast(a: Rgb, b: Rgb): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((value) => {
    const c = value / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** A gradient from the least to the most. */
export function ramp(color: (share: number) => Rgb): string {
  const stops = Array.from({ length: 11 }, (_, i) => css(color(i / 10)));
  return `linear-gradient(90deg, ${stops.join(', ')})`;
}
