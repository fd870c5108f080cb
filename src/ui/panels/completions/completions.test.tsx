import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { LabContext } from '../../../app/hooks.ts';
import { idleLab } from '../../testing/idleLab.ts';
import { CompletionsPanel } from './CompletionsPanel.tsx';
import { isFiltered, NEWEST_FIRST, NO_FILTERS, queryOf } from './query.ts';
import {
  blockAround,
  firstToShow,
  lastFirstRow,
  rowAfterKey,
  rowAtScroll,
  scrollHeight,
  scrollOfRow,
  VISIBLE_ROWS,
} from '../../widgets/grid/window.ts';

const PAGE = { offset: 0, limit: 150 };

describe('queryOf', () => {
  it('asks for everything where nothing is filtered', () => {
    expect(queryOf(NO_FILTERS, NEWEST_FIRST, PAGE, null)).toEqual({
      ...{ text: '', modes: [], solved: null, quality: [0, 1], steps: null, depths: null },
      ...{ taskId: null, sort: NEWEST_FIRST, ...PAGE },
    });
    expect(isFiltered(NO_FILTERS)).toBe(false);
  });

  it('leaves an empty bound open, takes a comma, and ignores what is no number', () => {
    const query = queryOf(
      {
        ...{ ...NO_FILTERS, text: ' v1 v0 ', solved: 'unsolved' },
        ...{ quality: { from: '0,5', to: '' }, depths: { from: '', to: '3' } },
        steps: { from: 'soon', to: '' },
      },
      NEWEST_FIRST,
      PAGE,
      null,
    );
    expect(query).toMatchObject({ text: 'v1 v0', solved: false, quality: [0.5, 1] });
    expect(query).toMatchObject({ depths: [0, 3], steps: null });
  });

  it('looks no further than where the list is held', () => {
    const steps = (from: string, to: string): unknown =>
      queryOf({ ...NO_FILTERS, steps: { from, to } }, NEWEST_FIRST, PAGE, 40).steps;
    expect([steps('', ''), steps('10', '90'), steps('', '20')]).toEqual([
      [0, 40],
      [10, 40],
      [0, 20],
    ]);
  });
});

describe('rows of a long list', () => {
  it.each([0, 5, 14, 15, 1000, 1_000_000])('can all be scrolled to among %i', (total) => {
    expect(scrollHeight(total)).toBeLessThanOrEqual(8e6);
    for (const row of [0, 1, 17, 500, lastFirstRow(total)].filter(
      (r) => r <= lastFirstRow(total),
    )) {
      expect(rowAtScroll(scrollOfRow(row, total), total)).toBe(row);
    }
    const end = scrollHeight(total) - VISIBLE_ROWS * 30;
    expect(rowAtScroll(end, total)).toBe(lastFirstRow(total));
  });

  it('are asked for in blocks that hold the visible ones', () => {
    for (const first of [0, 49, 50, 99, 123_456]) {
      const { offset, limit } = blockAround(first);
      expect(offset).toBeLessThanOrEqual(first);
      expect(offset + limit).toBeGreaterThanOrEqual(first + VISIBLE_ROWS);
    }
    expect(blockAround(60)).toEqual(blockAround(90));
  });

  it('are walked by keys and stay in view', () => {
    expect(rowAfterKey('ArrowDown', 99, 100)).toBe(99);
    expect(rowAfterKey('PageUp', 5, 100)).toBe(0);
    expect(rowAfterKey('End', 5, 100)).toBe(99);
    expect(rowAfterKey('a', 5, 100)).toBeNull();
    expect([firstToShow(20, 0), firstToShow(3, 10), firstToShow(12, 10)]).toEqual([7, 3, 10]);
  });
});

describe('the panel', () => {
  it('says what it is for before there is anything', () => {
    const text = renderToStaticMarkup(
      <LabContext value={idleLab()}>
        <CompletionsPanel />
      </LabContext>,
    );
    expect(text).toContain('every attempt of the run is kept here');
    expect(text).toContain('aria-sort="descending"');
  });
});
