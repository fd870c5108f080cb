import { describe, expect, it } from 'vitest';
import { analyse } from './analysis.ts';
import { resultOf, smallPlan } from './experiment.testing.ts';
import { plots } from './plots.ts';
import { fillText } from './results-text.ts';
import type { JobResult } from './result.ts';
import { seedsTable } from './seeds-table.ts';

const PLAN = smallPlan({ grid: {}, seeds: { from: 1, count: 2 }, plots: ['depth'] });

/** ExIt solves 0.2 and 0.4 at K, half of that at first; GRPO nothing. Each budget is ten steps. */
const RESULTS: readonly JobResult[] = PLAN.jobs.map((job) => {
  const solved = job.label.startsWith('ExIt') ? 0.2 * job.spec.config.seed : 0;
  const result = resultOf(job, [[0], [solved]]);
  return {
    ...result,
    budgets: result.budgets.map((budget) => ({
      ...budget,
      metrics: { ...budget.metrics, 'hard/paid': 0.1 * job.spec.config.seed },
      heldOut: budget.heldOut.map((one) => ({
        ...one,
        domains: one.domains.map((domain) => ({ ...domain, changesWrong: [0.9] })),
      })),
    })),
  };
});

describe('arms by their seeds', () => {
  it('say how many solve anything, means with the least and the most, and totals since the budget before', () => {
    const columns = ['solved', 'changesWrong', 'changesRight', 'hard/paid', 'total hard/paid'];
    const table = seedsTable(PLAN, RESULTS, { setting: '', budget: 3, columns });
    expect(table!.split('\n')).toEqual([
      '| arm | seeds that solve any | solved | changes a wrong part | changes a right part | Hard tasks paid | Hard tasks paid |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      '| ExIt | 2 of 2 | 0.300 (0.200 to 0.400) | 0.900 | — | 0.150 (0.100 to 0.200) | 1.5 (1 to 2) |',
      '| GRPO | 0 of 2 | 0.000 | 0.900 | — | 0.150 (0.100 to 0.200) | 1.5 (1 to 2) |',
    ]);
  });

  it('are refused where there is nothing of that name', () => {
    const of = (changes: object): string | null =>
      seedsTable(PLAN, RESULTS, { setting: '', budget: 3, columns: ['solved'], ...changes });
    expect(of({})).not.toBeNull();
    expect(of({ budget: 4 })).toBeNull();
    expect(of({ setting: 'κ 2' })).toBeNull();
    expect(of({ columns: ['solved', 'toString'] })).toBeNull();
    expect(of({ columns: ['total solved'] })).toBeNull();
  });

  it('stand in a text where it asks for them', () => {
    const kept = {
      plan: PLAN,
      results: RESULTS,
      analysis: analyse(PLAN, RESULTS),
      plots: plots(PLAN, RESULTS),
      provenance: { commit: '0', command: '', machine: '', date: '' },
      seconds: { training: 0, evaluation: 0 },
    };
    const all = new Map([['small', kept]]);
    expect(fillText('{{seeds small ; ; 3 ; solved}}', all)).toContain('| ExIt | 2 of 2 | 0.300');
    expect(() => fillText('{{seeds small ; ; 3 ; bogus}}', all)).toThrow('expected a setting');
  });
});

describe('a picture over depth', () => {
  it('is drawn where an experiment asks for it: a thin line for each seed, a thick one for their mean', () => {
    const picture = plots(PLAN, RESULTS).find(({ name }) => name === 'depth-test.svg')!;
    const lines = (width: string): string[] =>
      [...picture.content.matchAll(/<path d="([^"]*)" fill="none"([^/]*)\/>/g)]
        .filter(([, , rest]) => rest!.includes(width))
        .map(([, d]) => d!);
    expect(lines('stroke-opacity="0.5"')).toHaveLength(4);
    expect(lines('stroke-width="3"')).toHaveLength(2);
    const heights = (d: string): number[] =>
      d
        .split(/[ML]/)
        .slice(1)
        .map((at) => Number(at.split(' ')[1]));
    const [first, second] = lines('stroke-opacity="0.5"').map(heights);
    const [thick] = lines('stroke-width="3"').map(heights);
    expect(thick![1]).toBeCloseTo((first![1]! + second![1]!) / 2, 1);
    expect(second![1]).toBeLessThan(first![1]!);
    const unasked = smallPlan({ grid: {}, seeds: { from: 1, count: 2 } });
    expect(plots(unasked, RESULTS).map(({ name }) => name)).toEqual(['quality-test.svg']);
  });
});
