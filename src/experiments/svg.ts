/** One picture of lines, bands and dots as SVG text. The same numbers give the same bytes. */

export interface Series {
  readonly name: string;
  /** Index of colour, dash and marker: the same arm looks the same in every picture. */
  readonly style: number;
  readonly points: readonly SeriesPoint[];
  /** Each run is a thin line from point to point, and no row of dots. */
  readonly traced?: true;
}

export interface SeriesPoint {
  readonly x: number;
  readonly y: number;
  /** Absent or null where there is no interval. */
  readonly interval?: { readonly low: number; readonly high: number } | null;
  /** Single runs, drawn small; of a traced series the same ones at every point. */
  readonly runs?: readonly number[];
}

export interface Panel {
  readonly yLabel: string;
  readonly series: readonly Series[];
  /** Bounds of y where the quantity has them; those of what is drawn otherwise. */
  readonly yRange?: readonly [number, number];
}

export interface Picture {
  readonly title: string;
  readonly description: string;
  readonly xLabel: string;
  /** One below the other, over the same x. */
  readonly panels: readonly Panel[];
}

/** Okabe and Ito's palette, which people with any colour vision tell apart; dashes and markers besides. */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];
const DASHES = ['', '6 3', '2 3', '9 3 2 3', '1 2', '12 4', '4 4'];

const WIDTH = 640;
const PANEL = { height: 220, gap: 36, left: 64, right: 16 };
const LEGEND_LINE = 18;
const TITLE = 30;

export function svg(picture: Picture): string {
  const { panels, title, description, xLabel } = picture;
  const legend = namesOf(panels);
  const top = TITLE + legend.length * LEGEND_LINE + 8;
  const height = top + panels.length * (PANEL.height + PANEL.gap) + 16;
  const x = scaleX(panels);
  const bodies = panels.map((panel, i) =>
    panelOf(panel, { x, top: top + i * (PANEL.height + PANEL.gap) }),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="12" fill="#222">`,
    `<title id="title">${escape(title)}</title>`,
    `<desc id="desc">${escape(description)}</desc>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    label({ x: PANEL.left, y: 20, text: title, extra: ' font-size="14" font-weight="600"' }),
    ...legend.map(({ name, style }, i) => legendEntry(name, style, TITLE + i * LEGEND_LINE + 8)),
    ...bodies,
    label({
      x: (PANEL.left + WIDTH - PANEL.right) / 2,
      y: height - 8,
      text: xLabel,
      anchor: 'middle',
    }),
    '</svg>\n',
  ].join('\n');
}

interface Scale {
  readonly low: number;
  readonly high: number;
  /** Value → pixel. */
  readonly at: (value: number) => number;
}

function namesOf(panels: readonly Panel[]): { name: string; style: number }[] {
  const styles = new Map(
    panels.flatMap(({ series }) => series.map(({ name, style }) => [name, style])),
  );
  return [...styles].map(([name, style]) => ({ name, style }));
}

function scaleX(panels: readonly Panel[]): Scale {
  const values = panels.flatMap(({ series }) =>
    series.flatMap(({ points }) => points.map(({ x }) => x)),
  );
  return scale(
    [Math.min(...values), Math.max(...values)],
    [PANEL.left + 12, WIDTH - PANEL.right - 12],
  );
}

function scaleY({ series, yRange }: Panel, top: number): Scale {
  const values = series.flatMap(({ points }) =>
    points.flatMap(({ y, interval, runs = [] }) => [
      y,
      interval?.low ?? y,
      interval?.high ?? y,
      ...runs,
    ]),
  );
  const drawn = [Math.min(...values), Math.max(...values)] as const;
  const pad = (drawn[1] - drawn[0]) * 0.06 || 0.05;
  const [least, most] = yRange ?? [-Infinity, Infinity];
  const range = [Math.max(least, drawn[0] - pad), Math.min(most, drawn[1] + pad)] as const;
  return scale(range, [top + PANEL.height, top]);
}

function scale(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
): Scale {
  const span = high - low || 1;
  return { low, high, at: (value) => from + ((value - low) / span) * (to - from) };
}

function panelOf(panel: Panel, { x, top }: { x: Scale; top: number }): string {
  const y = scaleY(panel, top);
  const bottom = top + PANEL.height;
  const [left, right] = [PANEL.left, WIDTH - PANEL.right];
  const grid = ticks(y).map((value) => {
    const at = round(y.at(value));
    return `<path d="M${left} ${at}H${right}" stroke="#ddd"/>${label({ x: left - 6, y: at + 4, text: number(value), anchor: 'end' })}`;
  });
  const below = ticks(x).map((value) => {
    const at = round(x.at(value));
    return `<path d="M${at} ${bottom}v4" stroke="#888"/>${label({ x: at, y: bottom + 16, text: number(value), anchor: 'middle' })}`;
  });
  const middle = round((top + bottom) / 2);
  return [
    ...grid,
    `<path d="M${left} ${bottom}H${right}" stroke="#888"/>`,
    ...below,
    `<text transform="translate(16 ${middle}) rotate(-90)" text-anchor="middle">${escape(panel.yLabel)}</text>`,
    ...panel.series.map((one) => seriesOf(one, x, y)),
  ].join('\n');
}

function seriesOf({ style, points, traced }: Series, x: Scale, y: Scale): string {
  const color = colorOf(style);
  const place = (value: SeriesPoint): string => `${round(x.at(value.x))} ${round(y.at(value.y))}`;
  const banded = points.filter(({ interval }) => interval);
  const edge = (side: 'low' | 'high', of: readonly SeriesPoint[]): string[] =>
    of.map((p) => `${round(x.at(p.x))} ${round(y.at(p.interval![side]))}`);
  const band = [...edge('high', banded), ...edge('low', [...banded].reverse())];
  return [
    ...(banded.length > 1
      ? [`<path d="M${band.join('L')}Z" fill="${color}" fill-opacity="0.13"/>`]
      : []),
    ...(banded.length === 1 ? [bar(banded[0]!, x, y, color)] : []),
    ...(traced ? traces(points, x, y, color) : dots(points, x, y, color)),
    `<path d="M${points.map(place).join('L')}" fill="none" stroke="${color}" stroke-width="${traced ? 3 : 2}" stroke-dasharray="${dashOf(style)}"/>`,
    ...points.map((point) => marker(style, x.at(point.x), y.at(point.y))),
  ].join('\n');
}

function bar({ x: at, interval }: SeriesPoint, x: Scale, y: Scale, color: string): string {
  const { low, high } = interval!;
  return `<path d="M${round(x.at(at))} ${round(y.at(low))}V${round(y.at(high))}" stroke="${color}" stroke-width="2" stroke-opacity="0.4"/>`;
}

function dots(points: readonly SeriesPoint[], x: Scale, y: Scale, color: string): string[] {
  return points.flatMap((point) =>
    (point.runs ?? []).map((run) => dot(x.at(point.x), y.at(run), color)),
  );
}

function traces(points: readonly SeriesPoint[], x: Scale, y: Scale, color: string): string[] {
  return (points[0]?.runs ?? []).map((_, i) => {
    const line = points.map((point) => `${round(x.at(point.x))} ${round(y.at(point.runs![i]!))}`);
    return `<path d="M${line.join('L')}" fill="none" stroke="${color}" stroke-opacity="0.5"/>`;
  });
}

function dot(x: number, y: number, color: string): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="1.8" fill="${color}" fill-opacity="0.45"/>`;
}

function marker(style: number, x: number, y: number): string {
  const color = colorOf(style);
  const [cx, cy] = [round(x), round(y)];
  switch (style % 4) {
    case 0:
      return `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${color}"/>`;
    case 1:
      return `<path d="M${cx} ${cy}m-3.5 -3.5h7v7h-7z" fill="${color}"/>`;
    case 2:
      return `<path d="M${cx} ${cy}m0 -4.5l4 7.5h-8z" fill="${color}"/>`;
    default:
      return `<path d="M${cx} ${cy}m0 -4.5l4.5 4.5l-4.5 4.5l-4.5 -4.5z" fill="${color}"/>`;
  }
}

function legendEntry(name: string, style: number, y: number): string {
  const [from, to] = [PANEL.left, PANEL.left + 30];
  const line = `<path d="M${from} ${y}H${to}" stroke="${colorOf(style)}" stroke-width="2" stroke-dasharray="${dashOf(style)}"/>`;
  return line + marker(style, (from + to) / 2, y) + label({ x: to + 8, y: y + 4, text: name });
}

interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly anchor?: 'middle' | 'end';
  readonly extra?: string;
}

function label({ x, y, text, anchor, extra = '' }: Label): string {
  const where = anchor ? ` text-anchor="${anchor}"` : '';
  return `<text x="${round(x)}" y="${round(y)}"${where}${extra}>${escape(text)}</text>`;
}

function colorOf(style: number): string {
  return COLORS[style % COLORS.length]!;
}

function dashOf(style: number): string {
  return DASHES[style % DASHES.length]!;
}

/** Multiples of 1, 2 or 5 times a power of ten, about five of them. */
export function ticks({ low, high }: { readonly low: number; readonly high: number }): number[] {
  if (!(high > low)) return [low];
  const raw = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

function number(value: number): string {
  if (Math.abs(value) < 10_000) return String(value);
  return `${Number((value / 1000).toPrecision(6))}k`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
