import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { LabContext } from '../../../app/hooks.ts';
import { EMPTY_HISTORY, appendRows } from '../../../app/history.ts';
import type { BufferRow, BufferView } from '../../../runs/index/queries.ts';
import { idleLab } from '../../testing/idleLab.ts';
import { BufferFilters } from './BufferFilters.tsx';
import { BufferGrid } from './BufferGrid.tsx';
import { BufferPanel } from './BufferPanel.tsx';
import { BufferTable } from './BufferTable.tsx';
import { spreadFigure } from './spread.ts';
import { ALL, toItsRows, type BufferAsk } from './useBuffer.ts';
import { cellLabel, domainNames } from './labels.ts';

function rowOf(id: number): BufferRow {
  return {
    ...{ id, parentId: null, taskId: 1, instance: null, turn: 0, depth: 2, mode: 1 },
    ...{ score: 0.125, createdStep: 6, scoredStep: 8, uses: 1, earlier: [] },
    latest: { tokens: ['v1', 'v2'], feedback: [], quality: 0.5 },
  };
}

const view: BufferView = {
  ...{ step: 10, size: 5000, total: 5000, offset: 0, cells: [], hasTurns: false },
  sort: { by: 'created', descending: true },
  rows: Array.from({ length: 50 }, (_, i) => rowOf(900 + i)),
};

const buffer: BufferAsk = {
  answer: { value: view, pending: false, problem: null },
  ...{ filter: ALL, sort: view.sort, held: false },
  hold: () => undefined,
  narrow: () => undefined,
  setSort: () => undefined,
  first: 0,
  scrollTo: () => undefined,
};

describe('the table', () => {
  const markup = renderToStaticMarkup(
    <BufferTable buffer={buffer} view={view} chosenId={902} choose={() => undefined} />,
  );

  it('says how long it is and draws only what is near', () => {
    expect(markup).toContain('aria-rowcount="5001"');
    expect(markup.match(/aria-rowindex="\d+"/g)?.length).toBe(1 + 14);
    expect(markup).toContain(`height:${5000 * 30 + 34}px`);
  });

  it('marks the chosen row, and the column that it is sorted by as it reads', () => {
    expect(markup.match(/aria-selected="true"/g)?.length).toBe(1);
    // Newest first is youngest first.
    expect(markup).toMatch(/class="is-age is-number"[^>]* aria-sort="ascending"/);
    expect(markup.match(/aria-sort="(a|de)scending"/g)?.length).toBe(1);
    expect(markup).toContain('.125');
    expect(markup).toContain('v1 v2');
  });
});

describe('what stands in the table', () => {
  const markup = (shown: BufferView): string =>
    renderToStaticMarkup(
      <BufferTable buffer={buffer} view={shown} chosenId={null} choose={() => undefined} />,
    );

  it('has turns only where a conversation has several', () => {
    expect(markup(view)).not.toContain('is-turn');
    expect(markup({ ...view, hasTurns: true })).toContain('is-turn');
  });

  it('is held as it was, with its age, and ends with the rows that are held', () => {
    const lab = idleLab();
    lab.run.setState(({ history }) => ({ history: appendRows(history, [{ step: 44 }]) }));
    const filters = (held: boolean): string =>
      renderToStaticMarkup(
        <LabContext value={lab}>
          <BufferFilters buffer={{ ...buffer, held }} />
        </LabContext>,
      );
    expect(filters(false)).toContain('aria-pressed="false"');
    expect(filters(false)).not.toContain('ago');
    expect(filters(true)).toContain('as after step 10, 34 steps ago');
    expect(toItsRows(buffer.answer).value).toMatchObject({ total: 50, size: 5000 });
  });
});

describe('the grid', () => {
  it('names every cell and lets Tab enter once', () => {
    const cells = [
      { depth: 1, bin: 0, count: 1, learnability: 0.1 },
      { depth: 2, bin: 4, count: 12, learnability: 0.05 },
    ];
    const markup = renderToStaticMarkup(
      <LabContext value={idleLab()}>
        <BufferGrid cells={cells} chosen={{ depth: 2, bin: 4 }} choose={() => undefined} />
      </LabContext>,
    );
    expect(markup).toContain('depth 2, 5–8 steps old: 12 histories, mean learnability .050');
    expect(markup).toContain('depth 1, 0 steps old: 1 history, mean learnability .100');
    expect(markup.match(/tabindex="0"/gi)?.length).toBe(1);
    expect(markup.match(/aria-pressed="true"/g)?.length).toBe(1);
  });
});

describe('the panel', () => {
  it('says before a run what will be there, and what keeps no buffer', () => {
    const render = (query: string): string =>
      renderToStaticMarkup(
        <LabContext value={idleLab(query)}>
          <BufferPanel />
        </LabContext>,
      );
    expect(render('')).toContain('Press play');
    expect(render('bufferContent=none')).toContain('keeps no buffer');
  });
});

describe('words and figures', () => {
  it('name domains in a word', () => {
    const label = 'Locks, small (4 dials × 3)';
    const of = domainNames([
      { id: 'locks', label },
      { id: 'w', label: 'Workspace (files)' },
    ]);
    expect(of.map(({ name }) => name)).toEqual(['Locks', 'Workspace']);
  });

  it('name a cell', () => {
    expect(cellLabel({ depth: 3, bin: 1 })).toBe('depth 3, 1 step old');
    expect(cellLabel({ depth: 63, bin: 8 })).toBe('depth 63+, 65+ steps old');
    expect(cellLabel(ALL)).toBeNull();
  });

  it('compare diversity now with the first steps', () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({
      step: i + 1,
      'diversity/distinct': i < 10 ? 0.9 : 0.5,
    }));
    const figure = spreadFigure(appendRows(EMPTY_HISTORY, rows), 'diversity/distinct');
    expect(figure.first).toBeCloseTo(0.9, 9);
    expect(figure.now).toBeCloseTo(0.5, 9);
    expect(spreadFigure(EMPTY_HISTORY, 'diversity/distinct').now).toBeNull();
  });
});
