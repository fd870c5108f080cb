import { describe, expect, it } from 'vitest';
import { analyse } from './analysis.ts';
import { resultOf, smallPlan } from './experiment.testing.ts';
import { plots } from './plots.ts';
import { readArchive, writeArchive } from './results-archive.ts';
import { fillText } from './results-text.ts';
import { markdown } from './tables.ts';

const PROVENANCE = { commit: '0123456789', command: 'repeat', machine: 'one', date: '2026-11-30' };

function finished() {
  const plan = smallPlan({ seeds: { from: 1, count: 3 } });
  const results = plan.jobs.map((job, i) =>
    resultOf(
      job,
      job.spec.budgets.at.map((_, b) => [0.1, 0.3, 0.5, 0.7].map((q) => q + i / 100 + b / 50)),
    ),
  );
  return { plan, results };
}

describe('an archive of results', () => {
  it('gives the tables and plots that the results themselves give', () => {
    const { plan, results } = finished();
    const archive = readArchive(writeArchive(plan, results, PROVENANCE));
    expect(archive.provenance).toEqual(PROVENANCE);
    expect(markdown(archive.plan, analyse(archive.plan, archive.results))).toBe(
      markdown(plan, analyse(plan, results)),
    );
    expect(plots(archive.plan, archive.results)).toEqual(plots(plan, results));
  });

  it('refuses what is none, by field', () => {
    const { plan, results } = finished();
    const text = writeArchive(plan, results, PROVENANCE);
    expect(() => readArchive(text.replace('"version":1', '"version":2'))).toThrow(
      'version: got 2, expected 1',
    );
    expect(() => readArchive(text.replace('"exit-lab results"', '"other"'))).toThrow('format: got');
  });
});

describe('text with numbers of kept results', () => {
  const { plan, results } = finished();
  const archive = readArchive(writeArchive(plan, results, PROVENANCE));
  const analysis = analyse(archive.plan, archive.results);
  const pictures = plots(archive.plan, archive.results);
  const kept = new Map([['small', { ...archive, analysis, plots: pictures }]]);

  it('takes values, differences and tables from them', () => {
    const text = fillText(
      'ExIt {{value small ; ExIt ; learningRate 0.001 ; 3 ; quality}}; {{difference small ; ExIt ; learningRate 0.001 ; 3}}; {{origin small}}',
      kept,
    );
    expect(text).toMatch(
      /^ExIt 0\.\d{3} \[0\.\d{3}, 0\.\d{3}\]; [+-]0\.\d{3} \[.*\], \d of 3 seeds; /,
    );
    expect(text).toContain('2026-11-30, commit 0123456, 12 runs');
    expect(fillText('{{tables small}}', kept)).toContain('| GRPO |');
  });

  it('says of each arm what it is worth beside the control, and shows one picture', () => {
    const table = fillText('{{verdicts small ; learningRate 0.001 ; 3}}', kept).split('\n');
    expect(table).toHaveLength(4);
    const control = table.find((row) => row.endsWith('| the control |'));
    expect(control).toContain(`| ${plan.control} |`);
    const other = table.slice(2).find((row) => row !== control)!;
    // Every seed differs by the same amount.
    const [low, high] = /\[([+-][\d.]+), ([+-][\d.]+)\]/.exec(other)!.slice(1).map(Number);
    expect(Math.sign(low!)).toBe(Math.sign(high!));
    expect(other).toContain(low! > 0 ? '| better |' : '| worse |');
    expect(fillText('{{plot small ; dose-response-test-3.svg}}', kept)).toMatch(
      /^!\[.*\]\(results\/small-dose-response-test-3\.svg\)$/,
    );
  });

  it('takes values of a split, and shows all splits in one table', () => {
    const two = smallPlan({
      base: { task: 'countdown', backend: 'wasm' },
      seeds: { from: 1, count: 2 },
      evaluation: { splits: ['test', 'more-numbers'], tasks: 4, samples: 1, depth: 2 },
    });
    const judged = two.jobs.map((job) => {
      const result = resultOf(job, [[0.2], [0.4]]);
      const budgets = result.budgets.map((budget) => ({
        ...budget,
        heldOut: budget.heldOut.map(({ split, domains }, i) => ({
          split,
          domains: domains.map((one) => ({
            ...one,
            wrongToRight: [0.5, 0.25 + i / 2],
            rightToWrong: [0.25, 0],
          })),
        })),
      }));
      return { ...result, budgets };
    });
    const analysed = { ...archive, analysis: analyse(two, judged), plots: [] };
    const fill = (text: string): string => fillText(text, new Map([['two', analysed]]));
    const of = (split: string): string =>
      fill(`{{value two ; ExIt ; learningRate 0.001 ; 3 ; netCorrections${split}}}`);
    expect(of('')).toBe('0.250 [0.250, 0.250]');
    expect(of(' ; more-numbers')).toBe('0.500 [0.500, 0.500]');
    const rows = fill('{{splits two ; learningRate 0.001 ; 3 ; rightToWrong, netCorrections}}');
    expect(rows.split('\n').at(-1)).toBe(
      '| more-numbers | GRPO | 0.125 [0.125, 0.125] | 0.500 [0.500, 0.500] |',
    );
    expect(() => fill('{{splits two ; learningRate 0.001 ; 3 ; luck}}')).toThrow('and measures');
  });

  it('shows no difference where the interval holds none', () => {
    const mixed = plan.jobs.map((job, i) =>
      resultOf(
        job,
        job.spec.budgets.at.map(() => [0.1, 0.3, 0.5, 0.7].map((q) => q + (i % 3) / 50)),
      ),
    );
    const analysed = { ...archive, analysis: analyse(plan, mixed), plots: [] };
    const table = fillText(
      '{{verdicts small ; learningRate 0.001 ; 3}}',
      new Map([['small', analysed]]),
    );
    expect(table).toContain('| no difference shown |');
  });

  it('names what is asked for and is not there', () => {
    expect(() => fillText('{{value other ; a}}', kept)).toThrow('the results of one of small');
    expect(() => fillText('{{sum small}}', kept)).toThrow('expected one of origin, tables, plots');
    expect(() => fillText('{{value small ; ExIt ; x ; 3 ; quality}}', kept)).toThrow('a setting');
    expect(() => fillText('{{verdicts small ; x ; 3}}', kept)).toThrow('a setting and a budget');
    expect(() => fillText('{{plot small ; x.svg}}', kept)).toThrow('one of quality-test');
  });
});
