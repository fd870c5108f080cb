import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { TurnTable, type TurnTableProps } from './TurnTable.tsx';

it('says for each turn how many solved it at once and in the end', () => {
  const turns = [
    { first: { mean: 0.25, ci95: 0.1 }, last: { mean: 0.62, ci95: 3 } },
    {
      first: { mean: 0, ci95: 0 },
      afterRevised: { mean: 0.5, ci95: 0.1 },
      last: { mean: 1, ci95: 0 },
    },
  ];
  expect(textOf({ turns, taskReturn: undefined })).toContain(
    'turn|first attempt|first, after revised turns|at k = 16||' +
      '1|25 (15 to 35)|—|62 (0 to 100)||2|0 (0 to 0)|50 (40 to 60)|100 (100 to 100)||',
  );
});

it('says what a conversation comes to, and what as many fresh attempts come to', () => {
  const turn = { first: { mean: 0.5, ci95: 0 }, last: { mean: 0.75, ci95: 0 } };
  const resampled = { mean: 0.7, ci95: 0.1 };
  const taskReturn = {
    first: { mean: 1.2, ci95: 0.2 },
    afterRevised: { mean: 1.3, ci95: 0.25 },
    last: { mean: 2.126, ci95: 0.1 },
    resampled: { mean: 1.9, ci95: 0.15 },
  };
  const text = textOf({ turns: [{ ...turn, resampled }], taskReturn });
  expect(text).toContain('at k = 16|best of 17 fresh||');
  expect(text).toContain('1|50 (50 to 50)|—|75 (75 to 75)|70 (60 to 80)||');
  expect(text).toContain('total return|1.20 ± 0.20|1.30 ± 0.25|2.13 ± 0.10|1.90 ± 0.15||');
});

/** A bar after each cell, two after each row. */
function textOf(props: Omit<TurnTableProps, 'depth'>): string {
  return renderToStaticMarkup(<TurnTable {...props} depth={16} />)
    .replace(/<\/(caption|t[hdr])>/g, '|')
    .replace(/<[^>]+>/g, '');
}
