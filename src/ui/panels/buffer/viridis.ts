/** A scale of colours in which equal steps look equal, to everyone, and print in grey in the same order. */

type Rgb = readonly [number, number, number];

/** Viridis at even distances. */
const STOPS: readonly Rgb[] = [
  [68, 1, 84],
  [72, 36, 117],
  [65, 68, 135],
  [53, 95, 141],
  [42, 120, 142],
  [33, 145, 140],
  [34, 168, 132],
  [68, 191, 112],
  [122, 209, 81],
  [189, 223, 38],
  [253, 231, 37],
];

/** @param t in [0, 1]. */
export function viridis(t: number): Rgb {
  const place = Math.min(1, Math.max(0, t)) * (STOPS.length - 1);
  const low = Math.min(Math.floor(place), STOPS.length - 2);
  const part = place - low;
  const [from, to] = [STOPS[low]!, STOPS[low + 1]!];
  const mix = (i: 0 | 1 | 2): number => Math.round(from[i] + (to[i] - from[i]) * part);
  return [mix(0), mix(1), mix(2)];
}

/** As far as it is told from the ground: neither its darkest on night nor its lightest on paper. */
export function viridisOn(ground: 'dark' | 'light', t: number): Rgb {
  return viridis(ground === 'dark' ? 0.28 + 0.72 * t : 0.75 * t);
}

export function css([r, g, b]: Rgb): string {
  return `rgb(${r} ${g} ${b})`;
}

/** Black or white, whichever is read more easily; its contrast is never below 4.5. */
export function inkOn(color: Rgb): string {
  return contrast(color, BLACK) > contrast(color, WHITE) ? '#000' : '#fff';
}

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/** As WCAG 2 defines it. */
export function contrast(a: Rgb, b: Rgb): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

export function luminance([r, g, b]: Rgb): number {
  const linear = (value: number): number => {
    const c = value / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}
