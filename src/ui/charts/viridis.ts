/**
 * Viridis (van der Walt and Smith): equal steps of a value are equal steps for the eye, also for one that
 * does not tell red from green. Pictures in it stand on a dark ground in both themes, so that what is
 * brightest is most, whoever looks.
 */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Nine of its colours, evenly spaced. */
const ANCHORS: readonly Rgb[] = [
  [68, 1, 84],
  [71, 45, 123],
  [59, 82, 139],
  [44, 114, 142],
  [33, 145, 140],
  [40, 174, 128],
  [94, 201, 98],
  [173, 220, 48],
  [253, 231, 37],
];

/** @param t from 0 to 1. */
export function viridis(t: number): Rgb {
  const place = Math.min(1, Math.max(0, t)) * (ANCHORS.length - 1);
  const low = Math.min(Math.floor(place), ANCHORS.length - 2);
  const [from, to] = [ANCHORS[low]!, ANCHORS[low + 1]!];
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(from[channel] + (place - low) * (to[channel] - from[channel]));
  return [mix(0), mix(1), mix(2)];
}

/** The colour of a share of the scale; the least still differs from the ground. */
export function shade(share: number): Rgb {
  return viridis(0.12 + 0.88 * share);
}

export const SHADES = 256;

/** Shades as pixels of an ImageData seen as 32-bit numbers. */
export const SHADE_PIXELS = Uint32Array.from({ length: SHADES }, (_, i) => {
  const [red, green, blue] = shade(i / (SHADES - 1));
  // Little-endian, as is every device with a browser: alpha, blue, green, red.
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
});

export function css([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}

/** A gradient from the least to the most. */
export function ramp(color: (share: number) => Rgb): string {
  const stops = Array.from({ length: 13 }, (_, i) => css(color(i / 12)));
  return `linear-gradient(90deg, ${stops.join(', ')})`;
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
