/**
 * Prose whose numbers come from kept results. In double braces stand:
 *
 *     {{origin NAME}}   where the numbers of an experiment came from
 *     {{tables NAME}}   all of its tables
 *     {{plots NAME}}    its pictures
 *     {{plot NAME ; file}}                                      one of them, e.g. quality-test.svg
 *     {{value NAME ; arm ; setting ; budget ; measure ; split}} an estimate with its interval
 *     {{difference NAME ; arm ; setting ; budget ; split}}     from the control, paired over seeds
 *     {{improvement NAME ; arm ; setting ; budget}}            probability of improvement over the control
 *     {{verdicts NAME ; setting ; budget}}                     every arm beside the control, in a word
 *     {{splits NAME ; setting ; budget ; columns}}             splits by arms, with commas between measures
 *     {{seeds NAME ; setting ; budget ; columns}}               arms by their seeds, with commas between columns
 *     {{price NAME ; arm ; setting ; quality}}                 sampled tokens to reach a quality
 *
 * A split may be left out: the first one of the experiment is meant.
 */
import { MEASURES, type Analysis, type ArmSummary, type MeasureId } from './analysis.ts';
import { ExperimentError } from './experiment.ts';
import type { Plot } from './plots.ts';
import type { ResultsArchive } from './results-archive.ts';
import { seedsTable } from './seeds-table.ts';
import {
  between,
  estimated,
  markdown,
  price,
  signed,
  splitsTable,
  verdictTable,
} from './tables.ts';

export interface KeptResults extends ResultsArchive {
  readonly analysis: Analysis;
  readonly plots: readonly Plot[];
}

type Kept = ReadonlyMap<string, KeptResults>;

/** @throws ExperimentError that names what a directive asks for and is not there. */
export function fillText(text: string, kept: Kept): string {
  return text.replace(/\{\{(.*?)\}\}/g, (_, directive: string) => fill(directive, kept));
}

function fill(directive: string, kept: Kept): string {
  const [head = '', ...args] = directive.split(';').map((part) => part.trim());
  const [what = '', name = ''] = head.split(/\s+/);
  const results = kept.get(name);
  if (!results) return refuse(directive, `the results of one of ${[...kept.keys()].join(', ')}`);
  const make = DIRECTIVES[what];
  if (!make) return refuse(directive, `one of ${Object.keys(DIRECTIVES).join(', ')}`);
  return make(results, { args, directive, name });
}

interface Call {
  readonly args: readonly string[];
  readonly directive: string;
  readonly name: string;
}

const DIRECTIVES: Readonly<Record<string, (results: KeptResults, call: Call) => string>> = {
  origin: ({ provenance, seconds, plan }) => {
    const { commit, command, machine, date } = provenance;
    const minutes = Math.round((seconds.training + seconds.evaluation) / 60);
    return `${date}, commit ${commit.slice(0, 7)}, ${plan.jobs.length} runs, ${minutes} minutes of processor time (${machine}): \`${command}\``;
  },
  // Its title and how it is to be read stand in the text.
  tables: ({ plan, analysis }) =>
    markdown(plan, analysis)
      .replace(/^# .*\n\n/, '')
      .replace(/^(#+) /gm, '#$1 ')
      .trim(),
  plots: ({ plots }, { name }) => plots.map((plot) => image(name, plot)).join('\n\n'),
  plot: ({ plots }, { args: [file], directive, name }) => {
    const plot = plots.find((one) => one.name === file);
    const expected = `a picture: one of ${plots.map((one) => one.name).join(', ')}`;
    return plot ? image(name, plot) : refuse(directive, expected);
  },
  value: ({ analysis }, { args: [arm, setting, budget, measure, split], directive }) => {
    const row = analysis.summaries.find((one) => isAt(one, { arm, setting, budget, split }));
    if (!row) return refuse(directive, 'an arm, a setting, a budget and a split of the experiment');
    const known = { ...row.measures, ...row.metrics } as Readonly<
      Record<string, (typeof row.measures)[MeasureId]>
    >;
    return known[measure ?? '']
      ? estimated(known[measure!])
      : refuse(directive, `a measure: one of ${Object.keys(known).join(', ')}`);
  },
  difference: ({ analysis }, { args: [arm, setting, budget, split], directive }) => {
    const row = analysis.comparisons.find((one) => isAt(one, { arm, setting, budget, split }));
    if (!row) return refuse(directive, 'an arm other than the control, a setting and a budget');
    const { difference, student, wins, pairs } = row.seeds;
    return `${signed(difference)} ${between(student, signed)}, ${wins} of ${pairs} seeds`;
  },
  improvement: ({ analysis }, { args: [arm, setting, budget], directive }) => {
    const row = analysis.comparisons.find((one) => isAt(one, { arm, setting, budget }));
    return row
      ? estimated(row.probabilityOfImprovement)
      : refuse(directive, 'an arm other than the control, a setting and a budget');
  },
  verdicts: ({ analysis }, { args: [setting, budget], directive }) => {
    const here = <T extends { setting: string; budget: number }>(rows: readonly T[]): T[] =>
      rows.filter((row) => row.setting === setting && row.budget === Number(budget));
    const summaries = here(analysis.summaries);
    if (summaries.length === 0) return refuse(directive, 'a setting and a budget');
    return verdictTable(summaries, here(analysis.comparisons));
  },
  splits: ({ analysis }, { args: [setting, budget, columns = ''], directive }) => {
    const rows = analysis.summaries.filter(
      (row) => row.setting === setting && row.budget === Number(budget),
    );
    const names = columns.split(',').map((name) => name.trim());
    const measures = names.filter(isMeasure);
    if (rows.length > 0 && measures.length === names.length) return splitsTable(rows, measures);
    return refuse(directive, 'a setting, a budget and measures');
  },
  seeds: ({ plan, results }, { args: [setting = '', budget, columns = ''], directive }) => {
    const names = columns.split(',').map((name) => name.trim());
    const table = seedsTable(plan, results, { setting, budget: Number(budget), columns: names });
    return (
      table ?? refuse(directive, 'a setting, a budget, and measures, metrics or totals of them')
    );
  },
  price: ({ analysis }, { args: [arm, setting, quality], directive }) => {
    const row = analysis.prices.find(
      (one) => one.arm === arm && one.setting === setting && one.target === Number(quality),
    );
    if (!row) return refuse(directive, 'an arm, a setting and a quality of the experiment');
    return price(row.tokens, row.atMost);
  },
};

function isMeasure(name: string): name is MeasureId {
  return Object.hasOwn(MEASURES, name);
}

interface Place {
  readonly arm: string | undefined;
  readonly setting: string | undefined;
  readonly budget: string | undefined;
  readonly split?: string | undefined;
}

function isAt(
  row: Pick<ArmSummary, 'arm' | 'setting' | 'budget' | 'split'>,
  { arm, setting, budget, split = row.split }: Place,
): boolean {
  const same = row.arm === arm && row.setting === setting && row.split === split;
  return same && row.budget === Number(budget);
}

function image(experiment: string, plot: Plot): string {
  return `![${titleOf(plot)}](results/${experiment}-${plot.name})`;
}

function titleOf({ content, name }: Plot): string {
  return /<desc[^>]*>([^<]*)</.exec(content)?.[1] ?? name;
}

function refuse(directive: string, expected: string): never {
  throw new ExperimentError(`text.md: got "{{${directive}}}", expected ${expected}`);
}
