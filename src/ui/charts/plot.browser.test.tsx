import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ChartData } from './bucket.ts';
import Plot from './Plot.tsx';
import { seriesStyles } from './series.ts';

const PLACE = document.createElement('div');
let close = (): void => undefined;

beforeEach(() => document.body.append(PLACE));
afterEach(() => {
  close();
  PLACE.remove();
});

/** Draws series of entropy and reward that share their x. */
function draw(...series: readonly (readonly (number | null)[])[]): void {
  const data: ChartData = {
    xs: series[0]!.map((_, i) => i),
    series: series.map((values) => ({ values, bands: values.map(() => null) })),
  };
  const styles = seriesStyles((['entropy', 'reward'] as const).slice(0, series.length), false);
  const root = createRoot(PLACE);
  close = () => root.unmount();
  const axes = { x: { domain: [0, 4], ticks: [] }, y: { domain: [0, 1], ticks: [] } } as const;
  root.render(<Plot width={300} stacked={false} {...{ data, styles, ...axes }} />);
}

const dots = () => PLACE.querySelectorAll('circle').length;
const lines = () => [...PLACE.querySelectorAll('.recharts-line path')];

it('draws a line through what was measured often, across what was not', async () => {
  draw([0, 0.5, null, 0.5, 1]);
  await expect.poll(() => lines().length).toBe(1);
  expect(lines()[0]!.getAttribute('d')!.match(/[ML]/g)).toEqual(['M', 'L', 'L', 'L']);
  expect(dots()).toBe(0);
});

it('draws what was measured once or twice among many steps as dots', async () => {
  draw([0, 0.5, 0.25, 0.5, 1], [null, null, 0.5, null, null]);
  await expect.poll(dots).toBe(1);
  close();
  draw([0, 0.5, 0.25, 0.5, 1], [0.5, null, null, null, 1]);
  await expect.poll(dots).toBe(2);
});
