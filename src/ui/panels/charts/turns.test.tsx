import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { TurnTable } from './TurnTable.tsx';

it('says for each turn how many solved it at once and in the end', () => {
  const turns = [
    { first: { mean: 0.25, ci95: 0.1 }, last: { mean: 0.62, ci95: 3 } },
    {
      first: { mean: 0, ci95: 0 },
      afterRevised: { mean: 0.5, ci95: 0.1 },
      last: { mean: 1, ci95: 0 },
    },
  ];
  const text = renderToStaticMarkup(<TurnTable turns={turns} depth={16} />)
    .replace(/<\/(caption|t[hdr])>/g, '|')
    .replace(/<[^>]+>/g, '');
  expect(text).toContain('turn|first attempt|first, after revised turns|at k = 16||');
  expect(text).toContain(
    '1|25 (15 to 35)|—|62 (0 to 100)||2|0 (0 to 0)|50 (40 to 60)|100 (100 to 100)||',
  );
});
