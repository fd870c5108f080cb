/** Results as a table for a terminal. */
import type { LargeBufferSteps } from './large-buffer.ts';
import {
  lineOf,
  rowsOf,
  TABLES,
  type Dispatches,
  type ExitSteps,
  type Growth,
  type Results,
  type Row,
  type Section,
  type Soak,
  type Table,
} from './results.ts';
import { spreadOf, type Spread } from './ratios.ts';
import { NEW_TOKENS } from './workload.ts';

export function textTable(results: Results): string {
  const lines = [
    ...results.sections.flatMap(sectionLines),
    ...results.exitSteps.flatMap(exitLines),
    ...results.growths.flatMap(growthLines),
    ...results.soaks.flatMap(soakLines),
    ...results.crowds.map(largeBufferLine),
    ...dispatchLines(results.dispatches),
    '',
    ...results.absent.map(({ where, id, problem }) => `${where}, ${id}: absent (${problem})`),
  ];
  return `${lines.join('\n')}\n`;
}

export const TABLE_LABELS = {
  train: 'training: forward, backward, AdamW',
  sample: 'cached sampling',
  both: 'one sampling and one training step, added',
} as const satisfies Record<Table, string>;

const HEAD = ['median ms', 'min–max ms', 'tokens/s', '× plain', 'ExIt Lab ×', 'of roofline'];

function sectionLines(section: Section): string[] {
  const { where, size } = section;
  const tables = TABLES.flatMap((table) => [
    '',
    `${where}, ${size}, ${TABLE_LABELS[table]}`,
    line('', HEAD),
    ...rowsOf(section, table).map(rowLine),
  ]);
  return [...tables, '', `a product of matrices and a copy: ${rooflineText(section)}`];
}

function rowLine({
  label,
  ms,
  tokensPerSecond,
  ratio,
  lead,
  rooflineShare: floorShare,
}: Row): string {
  return line(label, [
    number(ms.median),
    rangeText(ms),
    number(tokensPerSecond),
    ratioText(ratio),
    ratioText(lead),
    shareText(floorShare),
  ]);
}

function exitLines({ where, size, engines }: ExitSteps): string[] {
  const rows = engines.map(({ label, steps }) => {
    const of = (part: keyof (typeof steps)[number]): Spread =>
      spreadOf(steps.map((step) => step[part]));
    const parts = (['sample', 'grade', 'update'] as const).map((part) => number(of(part).median));
    return line(label, [number(of('ms').median), rangeText(of('ms')), ...parts]);
  });
  const head = line('', ['median ms', 'min–max ms', 'sampling', 'grading', 'updating']);
  return ['', `${where}, ${size}, a whole step of a run`, head, ...rows];
}

function growthLines(growth: Growth): string[] {
  const { where, size, label, points } = growth;
  const head = line('tokens in a batch', ['median ms', 'min–max ms']);
  const rows = points.map(({ tokens, ms }) =>
    line(number(tokens), [number(spreadOf(ms).median), rangeText(spreadOf(ms))]),
  );
  return ['', `${where}, ${size}, ${label}: ${fitText(growth)}`, head, ...rows];
}

function largeBufferLine({ histories, steps }: LargeBufferSteps): string {
  const whole = spreadOf(steps.map(({ ms }) => ms)).median;
  const { median } = spreadOf(steps.map(({ curriculum }) => curriculum));
  const share = shareText(median / whole);
  return `node, ${number(histories)} histories: ${number(whole)} ms a step, ${number(median)} ms of it for the curriculum (${share})`;
}

function soakLines({ where, label, readings }: Soak): string[] {
  const head = line('small steps taken', ['arrays', 'MB of the engine', 'MB of the process']);
  const rows = readings.map(({ steps, blocks, bytes, resident }) =>
    line(number(steps), [number(blocks), megabytes(bytes), megabytes(resident)]),
  );
  return ['', `${where}, ${label}: memory`, head, ...rows];
}

function dispatchLines(all: readonly Dispatches[]): string[] {
  if (all.length === 0) return [];
  const head = [
    'per step',
    'per token',
    'submits per token',
    'readbacks per step',
    'of a sampling',
  ];
  const rows = all.map(({ label, phases: { train, sample } }) =>
    line(label, [
      number(train.dispatches),
      number(sample.dispatches / NEW_TOKENS),
      number(sample.submits / NEW_TOKENS),
      number(train.readbacks),
      number(sample.readbacks),
    ]),
  );
  return ['', `chromium, ${all[0]!.size}, dispatches on WebGPU`, line('', head), ...rows];
}

function line(label: string, cells: readonly string[]): string {
  return [label.padEnd(34), ...cells.map((text) => text.padStart(21))].join('');
}

/** What kernels reached when run alone, in one section. */
export function rooflineText({ measured }: Section): string {
  const rooflines = measured.flatMap(({ label, floor }) =>
    floor ? [`${label} ${number(floor.product)} GFLOP/s and ${number(floor.copy)} GB/s`] : [],
  );
  return rooflines.join('; ');
}

/** Three significant digits, and all digits before the point. */
export function number(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const text = value.toFixed(Number.isInteger(value) ? 0 : Math.min(digits, 3));
  return text.replace(/\B(?=(\d{3})+$)/g, ',');
}

export function rangeText({ min, max }: Spread): string {
  return `${number(min)}–${number(max)}`;
}

export function ratioText(ratio: Spread | undefined): string {
  if (!ratio) return '–';
  const { median, min, max } = ratio;
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

export function shareText(share: number | undefined): string {
  return share === undefined ? '–' : `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`;
}

export function megabytes(bytes: number | null): string {
  return bytes === null ? '–' : (bytes / 1e6).toFixed(1);
}

/** The line through a growing batch, and how well it fits. */
export function fitText(growth: Growth): string {
  const { slope, intercept, explained } = lineOf(growth);
  return `${number(slope)} ms per 1,000 tokens and ${number(intercept)} ms, R² ${explained.toFixed(4)}`;
}
