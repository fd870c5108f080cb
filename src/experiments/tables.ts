/** An analysis as text that people and programs read: Markdown, CSV. The same results give the same bytes. */
import { mean } from '../base/statistics.ts';
import { METRICS } from '../schema/metrics.ts';
import type { Analysis, ArmSummary, Comparison, MeasureId, Price } from './analysis.ts';
import type { Plan, PlanOutline } from './plan.ts';
import type { JobResult } from './result.ts';
import type { Interval, IntervalEstimate, PairedDifference } from './statistics.ts';

export const NONE = '—';

/** What a budget is counted in, as it is read. */
export const UNITS = {
  sampledTokens: 'sampled tokens',
  steps: 'steps',
  seconds: 'seconds',
} as const;

export const MEASURE_TITLES: Readonly<Record<MeasureId, string>> = {
  quality: 'quality at K',
  firstQuality: 'at k = 0',
  solved: 'solved',
  bestQuality: 'best of chain',
  resampleQuality: 'best resampled',
  wrongToRight: 'wrong → right',
  rightToWrong: 'right → wrong',
  netCorrections: 'wrong → right − right → wrong',
  changesWrong: 'changes a wrong part',
  changesRight: 'changes a right part',
  searchQuality: 'greedy search',
  cost: 'cost',
  equalCostQuality: 'resampled at equal cost',
  equalCostGain: 'chain − resampled at equal cost',
  firstTurn: 'turn 1 solved at once',
  firstTurnLast: 'turn 1 solved at K',
  laterTurns: 'later turns solved at once',
  laterTurnsAfterRevised: 'the same after revised turns',
  returnFirst: 'return of first attempts',
  returnLast: 'return at K',
  returnResample: 'return of the best resampled',
};

/** All but what stands in two columns already; a text may ask for the difference. */
const MEASURE_IDS = (Object.keys(MEASURE_TITLES) as MeasureId[]).filter(
  (id) => id !== 'netCorrections',
);

export function markdown(plan: PlanOutline, analysis: Analysis): string {
  const { experiment } = plan;
  const { finished, planned } = analysis;
  const { tasks, samples, depth, splits } = experiment.evaluation;
  const head = [
    `# ${experiment.name}`,
    ...(experiment.about ? [experiment.about] : []),
    `${finished} of ${planned} jobs finished. Each estimate is the interquartile mean over seeds with its 95% stratified bootstrap interval; up to ${tasks} held-out tasks × ${samples} chains, K = ${depth}. One seed has no interval: ${NONE}.`,
  ];
  const sections = splits.flatMap((split) =>
    plan.settings.map(({ label }) => section(plan, analysis, { split, setting: label })),
  );
  return `${[...head, ...sections.filter(Boolean)].join('\n\n')}\n`;
}

interface Corner {
  readonly split: string;
  readonly setting: string;
}

function section(plan: PlanOutline, analysis: Analysis, corner: Corner): string {
  const here = <T extends Corner>(rows: readonly T[]): T[] =>
    rows.filter(({ split, setting }) => split === corner.split && setting === corner.setting);
  const summaries = here(analysis.summaries);
  if (summaries.length === 0) return '';
  const { unit, at } = plan.experiment.budgets;
  const title = [`Split ${corner.split}`, corner.setting].filter(Boolean).join(', ');
  const budgets = at.map((budget) => {
    const rows = summaries.filter((row) => row.budget === budget);
    return `### ${grouped(budget)} ${UNITS[unit]}\n\n${[armTable(rows), depthTable(rows)].join('\n\n')}`;
  });
  return [
    `## ${title}`,
    ...budgets,
    ...titled(`### Beside ${plan.control}`, comparisonTable(here(analysis.comparisons), unit)),
    ...titled('### Sampled tokens to reach a quality', priceTable(here(analysis.prices))),
  ].join('\n\n');
}

function titled(title: string, table: string): string[] {
  return table ? [title, table] : [];
}

function armTable(rows: readonly ArmSummary[]): string {
  const measures = MEASURE_IDS.filter((id) => rows.some((row) => row.measures[id]));
  const metrics = Object.keys(rows[0]?.metrics ?? {}) as (keyof ArmSummary['metrics'])[];
  const head = [
    'arm',
    'seeds',
    ...measures.map((id) => MEASURE_TITLES[id]),
    'mean quality',
    ...metrics.map((id) => METRICS[id].label),
    'tokens sampled',
    'trained',
    'steps',
  ];
  const cells = rows.map((row) => [
    row.arm,
    String(row.seeds),
    ...measures.map((id) => estimated(row.measures[id])),
    estimated(row.meanQuality),
    ...metrics.map((id) => estimated(row.metrics[id])),
    grouped(row.tokensSampled),
    grouped(row.tokensTrained),
    grouped(row.steps),
  ]);
  return tableOf(head, cells);
}

function depthTable(rows: readonly ArmSummary[]): string {
  const head = ['quality at k', ...(rows[0]?.byDepth ?? []).map(({ k }) => String(k))];
  return tableOf(
    head,
    rows.map(({ arm, byDepth }) => [arm, ...byDepth.map(estimated)]),
  );
}

function comparisonTable(rows: readonly Comparison[], unit: keyof typeof UNITS): string {
  const head = [
    'arm',
    UNITS[unit],
    'difference over seeds (t)',
    '(bootstrap)',
    'seeds better',
    'over tasks (bootstrap)',
    'probability of improvement',
  ];
  const cells = rows.map(({ arm, budget, seeds, tasks, probabilityOfImprovement: chance }) => [
    arm,
    grouped(budget),
    `${signed(seeds.difference)} ${between(seeds.student, signed)}`,
    between(seeds.bootstrap, signed),
    `${seeds.wins} of ${seeds.pairs}`,
    tasks ? taskDifference(tasks) : NONE,
    estimated(chance),
  ]);
  return rows.length === 0 ? '' : tableOf(head, cells);
}

/** What each arm is worth beside the control, in one word each: rows of one setting and one budget. */
export function verdictTable(
  summaries: readonly ArmSummary[],
  comparisons: readonly Comparison[],
): string {
  const head = ['arm', 'quality at K', 'difference over seeds', 'seeds better', 'verdict'];
  const rows = summaries.map(({ arm, measures }) => {
    const seeds = comparisons.find((one) => one.arm === arm)?.seeds;
    const quality = estimated(measures.quality);
    if (!seeds) return [arm, quality, NONE, NONE, 'the control'];
    const difference = `${signed(seeds.difference)} ${between(seeds.student, signed)}`;
    return [arm, quality, difference, `${seeds.wins} of ${seeds.pairs}`, verdictOf(seeds.student)];
  });
  return tableOf(head, rows);
}

/** Every held-out split with every arm: rows of one setting and one budget. */
export function splitsTable(rows: readonly ArmSummary[], columns: readonly MeasureId[]): string {
  const head = ['split', 'arm', ...columns.map((id) => MEASURE_TITLES[id])];
  const cells = rows.map(({ split, arm, measures }) => [
    split,
    arm,
    ...columns.map((id) => estimated(measures[id])),
  ]);
  return tableOf(head, cells);
}

/** An interval that holds 0 shows no difference, which is not that there is none. */
function verdictOf(interval: Interval | null): string {
  if (!interval || (interval.low <= 0 && interval.high >= 0)) return 'no difference shown';
  return interval.low > 0 ? 'better' : 'worse';
}

function taskDifference({ difference, bootstrap }: PairedDifference): string {
  return `${signed(difference)} ${between(bootstrap, signed)}`;
}

function priceTable(rows: readonly Price[]): string {
  const head = ['arm', 'quality', 'interquartile mean', 'seeds that reach it', 'median seed'];
  const cells = rows.map(
    ({ arm, target, tokens, atMost, reached, seeds, median, medianAtMost }) => [
      arm,
      fixed(target),
      price(tokens, atMost),
      `${reached} of ${seeds}`,
      price(median, medianAtMost),
    ],
  );
  return rows.length === 0 ? '' : tableOf(head, cells);
}

/** `27,544.1`; what the first judgement had reached, it had reached at some time before. */
export function price(tokens: number | null, atMost: boolean): string {
  if (tokens === null) return 'not reached';
  return `${atMost ? 'at most ' : ''}${grouped(tokens)}`;
}

export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [head, head.map(() => '---'), ...rows].map(line).join('\n');
}

/** `0.851 [0.825, 0.894]`; of one seed `0.851 —`. */
export function estimated(estimate: IntervalEstimate | undefined): string {
  if (!estimate) return NONE;
  return `${fixed(estimate.value)} ${between(estimate.interval, fixed)}`;
}

export function between(interval: Interval | null, text: (value: number) => string): string {
  return interval ? `[${text(interval.low)}, ${text(interval.high)}]` : NONE;
}

function fixed(value: number): string {
  const text = value.toFixed(3);
  return text === '-0.000' ? '0.000' : text;
}

export function signed(value: number): string {
  const text = fixed(value);
  return text.startsWith('-') || text === '0.000' ? text : `+${text}`;
}

/** Whole, in groups of three digits. */
export function grouped(value: number): string {
  return String(Math.round(value * 10) / 10).replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',');
}

/** One line per run, budget, split, domain and k: means over held-out tasks. */
export function runsCsv(plan: Plan, results: readonly JobResult[]): string {
  const rows = eachRun(plan, results).flatMap(({ head, result }) =>
    result.budgets.flatMap(({ budget, step, tokensSampled, tokensTrained, heldOut }) =>
      heldOut.flatMap(({ split, domains }) =>
        domains.flatMap((one) =>
          one.points.map((k, i) => [
            ...[...head, split, one.domain, budget, step, tokensSampled, tokensTrained, k],
            ...CURVES.map((curve) => mean(one[curve][i]!)),
            ...(k === one.points.at(-1)
              ? [mean(one.wrongToRight), mean(one.rightToWrong)]
              : ['', '']),
          ]),
        ),
      ),
    ),
  );
  const fields = 'split,domain,budget,step,tokens_sampled,tokens_trained,k'.split(',');
  return csv([...headOf(plan), ...fields, ...CURVES, 'wrongToRight', 'rightToWrong'], rows);
}

const CURVES = [
  'quality',
  'solved',
  'bestQuality',
  'bestSolved',
  'resampleQuality',
  'resampleSolved',
] as const;

/** One line per run, budget and metric of training. */
export function metricsCsv(plan: Plan, results: readonly JobResult[]): string {
  const rows = eachRun(plan, results).flatMap(({ head, result }) =>
    result.budgets.flatMap(({ budget, metrics }) =>
      Object.entries(metrics).map(([id, value]) => [...head, budget, id, value]),
    ),
  );
  return csv([...headOf(plan), 'budget', 'metric', 'value'], rows);
}

/** What each job took and where: the only file that two runs of an experiment differ in. */
export function timingCsv(plan: Plan, results: readonly JobResult[]): string {
  const labels = new Map(plan.jobs.map(({ id, label }) => [id, label]));
  const rows = results.map(({ id, backend, origin }) => [
    ...[id, labels.get(id) ?? '', backend],
    ...[origin.trainingSeconds, origin.evaluationSeconds, origin.machine],
  ]);
  return csv(['job', 'label', 'backend', 'trainingSeconds', 'evaluationSeconds', 'machine'], rows);
}

interface RunRow {
  readonly head: readonly Field[];
  readonly result: JobResult;
}

type Field = string | number;

function headOf(plan: Plan): string[] {
  return ['arm', ...Object.keys(plan.experiment.grid), 'seed'];
}

function eachRun(plan: Plan, results: readonly JobResult[]): RunRow[] {
  const byId = new Map(results.map((result) => [result.id, result]));
  return plan.runs.flatMap(({ arm, setting, seed, job }) => {
    const result = byId.get(job);
    const point = Object.values(plan.settings[setting]!.values).map(String);
    return result ? [{ head: [arm, ...point, seed], result }] : [];
  });
}

function csv(head: readonly string[], rows: readonly (readonly Field[])[]): string {
  return `${[head, ...rows].map((row) => row.map(quoted).join(',')).join('\n')}\n`;
}

function quoted(field: Field): string {
  const text = typeof field === 'number' ? String(Number(field.toPrecision(9))) : field;
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
