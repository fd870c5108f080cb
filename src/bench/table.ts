/** Results as a table for a terminal. */
import { PHASES } from './protocol.ts';
import { rowsOf, type ExitSteps, type Results, type Row, type Section } from './results.ts';
import { spreadOf, type Spread } from './ratios.ts';

export function textTable({ sections, exitSteps }: Results): string {
  const lines = [...sections.flatMap(sectionLines), ...exitSteps.map(exitLine)];
  return `${lines.join('\n')}\n`;
}

function sectionLines(section: Section): string[] {
  const { where, size, absent } = section;
  const rows = PHASES.flatMap((phase) => [
    '',
    heading(`${where}, ${size}, ${phase}`),
    ...rowsOf(section, phase).map(rowLine),
  ]);
  return [...rows, ...absent.map(({ id, problem }) => `${id}: absent (${problem})`)];
}

function heading(title: string): string {
  return [title.padEnd(27), 'median ms', 'min–max ms', 'tokens/s', '× plain', 'of product']
    .map((text, i) => (i === 0 ? text : text.padStart(20)))
    .join('');
}

function rowLine({ label, ms, tokensPerSecond, ratio, share }: Row): string {
  const cells = [
    number(ms.median),
    `${number(ms.min)}–${number(ms.max)}`,
    number(tokensPerSecond),
    ratioText(ratio),
    shareText(share),
  ];
  return [label.padEnd(27), ...cells.map((text) => text.padStart(20))].join('');
}

function exitLine({ where, steps }: ExitSteps): string {
  const of = (part: keyof ExitSteps['steps'][number]): string =>
    number(spreadOf(steps.map((step) => step[part])).median);
  const parts = `sampling ${of('sample')}, grading ${of('grade')}, updating ${of('update')}`;
  return `\n${where}, a whole step at the default preset: ${of('ms')} ms (${parts})`;
}

/** Three significant digits, and all digits before the point. */
export function number(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 3)).replace(/\B(?=(\d{3})+$)/g, ',');
}

export function ratioText(ratio: Spread | undefined): string {
  if (!ratio) return '–';
  const { median, min, max } = ratio;
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

export function shareText(share: number | undefined): string {
  return share === undefined ? '–' : `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`;
}
