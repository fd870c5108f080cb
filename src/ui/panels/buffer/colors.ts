/** Colours of the shared scale as points, which stand on the ground of the page. */
import { viridis, type Rgb } from '../../charts/viridis.ts';

/** For a small mark: the least stands out from the ground, and the most by far. */
export function pointColor(share: number, dark: boolean): Rgb {
  return viridis(dark ? 0.3 + 0.7 * share : 0.72 * (1 - share));
}
