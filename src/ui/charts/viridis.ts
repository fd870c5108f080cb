/**
 * Viridis (van der Walt and Smith): equal steps of a value are equal steps for the eye, also for one that
 * does not tell red from green. On a dark ground what is most is lightest, on a light one darkest, so that
 * it always stands out from the ground most.
 */
type Rgb = readonly [red: number, green: number, blue: number];

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

/** The colour of a share of the scale on a dark or light ground; the least still differs from the ground. */
export function shade(share: number, dark: boolean): Rgb {
  return viridis(dark ? 0.12 + 0.88 * share : 0.94 * (1 - share));
}

export const SHADES = 256;

/** Shades as pixels of an ImageData seen as 32-bit numbers. */
export function shadePixels(dark: boolean): Uint32Array {
  return Uint32Array.from({ length: SHADES }, (_, i) => {
    const [red, green, blue] = shade(i / (SHADES - 1), dark);
    // Little-endian, as is every device with a browser: alpha, blue, green, red.
    return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  });
}

export function shadeCss(share: number, dark: boolean): string {
  return `rgb(${shade(share, dark).join(' ')})`;
}

/** Whether black reads better on it than white. */
export function isLight(share: number, dark: boolean): boolean {
  const [red, green, blue] = shade(share, dark);
  return 0.299 * red + 0.587 * green + 0.114 * blue > 130;
}
