import { renderToStaticMarkup } from 'react-dom/server';
import { createElement } from 'react';
import { describe, expect, it } from 'vitest';
import { LabContext } from '../../app/hooks.ts';
import type { CompletionRecord, GroupRecord } from '../../schema/records.ts';
import { fakeStep } from '../testing/fakeRecords.ts';
import { idleLab } from '../testing/idleLab.ts';
import { GroupFigure, type GroupFigureProps } from './GroupFigure.tsx';
import { GROUP_STAGES, groupTable, movedAsPushed, startCounts } from './groupTable.ts';

const step = fakeStep(40);
const like = step.groups[0]!.completions[0]!;

/** Returns 0, ½, ½ and 1: their mean is ½, their spread √(1/6); advantages as GRPO has them. */
const SPREAD = Math.sqrt(1 / 6);
const RETURNS = [0, 0.5, 0.5, 1];
const completions = RETURNS.map((reward, i): CompletionRecord => {
  const baseAdvantage = (reward - 0.5) / (SPREAD + 1e-4);
  const advantage = baseAdvantage * (i === 3 ? 0.67 : 1);
  const solved = reward === 1;
  const insertedAs = i === 1 ? 7 : null;
  const tokens = [`v${reward}`];
  return { ...like, tokens, reward, quality: reward, baseAdvantage, advantage, solved, insertedAs };
});
const group: GroupRecord = { ...step.groups[0]!, completions };

describe('the table of a group', () => {
  const table = groupTable(group);

  it('has the returns and advantages of the record, and what they come to', () => {
    expect(table.rows.map(({ completion }) => completion.reward)).toEqual(RETURNS);
    expect(table.mean).toBe(0.5);
    expect(table.spread).toBeCloseTo(SPREAD, 12);
    for (const { completion } of table.rows) {
      const expected = (completion.reward - table.mean) / (table.spread + 1e-4);
      expect(completion.baseAdvantage).toBeCloseTo(expected, 9);
    }
    // The bonus left the worst with the largest advantage there is, by its size.
    expect(table.rows.map(({ share }) => share)).toEqual([-1, 0, 0, 0.67]);
    expect([table.above, table.below, table.even]).toEqual([1, 1, 2]);
    expect([table.distinct, table.solved, table.best]).toEqual([3, 1, 3]);
    expect(table.stored).toEqual([1]);
    expect(table.hasBonus).toBe(true);
  });

  it('counts what moved as it was pushed', () => {
    const now = [-0.8, -0.7, -0.7, -0.6].map((one) => ({ logprobs: [one], entropies: [] }));
    expect(movedAsPushed(group, now)).toBe(2);
    expect(movedAsPushed(group, now.toReversed())).toBe(0);
    expect(movedAsPushed(group, [])).toBe(0);
  });

  it('has no shares where all fared alike', () => {
    const flat = completions.map((one) => ({ ...one, advantage: 0, baseAdvantage: 0 }));
    const { rows, hasBonus, even } = groupTable({ ...group, completions: flat });
    expect(rows.map(({ share }) => share)).toEqual([0, 0, 0, 0]);
    expect([hasBonus, even]).toEqual([false, 4]);
  });
});

it('the starts of a step are counted by what was asked of them', () => {
  const start = step.groups[0]!.start;
  const stored = { ...start, source: 'buffer', depth: 2, probability: 0.01 } as const;
  const starts = [
    { ...start, source: 'fresh', mode: 'solve', depth: 0, probability: null } as const,
    { ...stored, mode: 'improve' } as const,
    { ...stored, mode: 'improve', depth: 5, probability: 0.04 } as const,
    { ...stored, mode: 'diverge' } as const,
  ];
  const counts = startCounts({ ...step, groups: starts.map((one) => ({ ...group, start: one })) });
  expect(counts).toMatchObject({ fresh: 1, improve: 2, diverge: 1, again: 0, deepest: 5 });
  expect(counts.likeliest).toBe(starts[2]);
  const fresh = { ...step, groups: [{ ...group, start: starts[0]! }] };
  expect(startCounts(fresh)).toMatchObject({ fresh: 1, deepest: 0, likeliest: null });
});

describe('the picture of a group', () => {
  const markup = (props: Omit<GroupFigureProps, 'group'>): string =>
    renderToStaticMarkup(
      createElement(
        LabContext,
        { value: idleLab() },
        createElement(GroupFigure, { group, ...props }),
      ),
    );
  const rowsOf = (html: string): number => html.split('data-attempt=').length - 1;

  it('shows at each stage what is known by then, and no more', () => {
    const seen = GROUP_STAGES.map((stage) => {
      const html = markup({ stage });
      return [
        rowsOf(html),
        html.includes('is-unmarked'),
        html.includes('>0.50</td>'),
        html.includes('pushed down'),
        html.includes('into the buffer'),
      ];
    });
    expect(seen).toEqual([
      [0, false, false, false, false],
      [0, false, false, false, false],
      [4, true, false, false, false],
      [4, false, false, false, false],
      [4, false, true, false, false],
      [4, false, true, true, false],
      [4, false, true, true, true],
    ]);
  });

  it('says how likely attempts are before and after the update, where somebody knows', () => {
    const after = completions.map(() => ({ logprobs: [-0.5, -0.25], entropies: [] }));
    expect(markup({ stage: 'moved', after })).toContain('−0.70 → −0.38');
    expect(markup({ stage: 'moved', after: null })).not.toContain('log-probability');
    expect(rowsOf(markup({ stage: 'moved', only: 2 }))).toBe(1);
  });
});
