import { describe, expect, it } from 'vitest';
import { viewFromQuery, withView } from './view.ts';

describe('viewFromQuery', () => {
  it.each([
    ['', false],
    ['?embed=1&seed=3', true],
    ['seed=3&embed=true', true],
    ['embed=0', false],
  ])('reads %j', (query, embed) => {
    expect(viewFromQuery(query)).toMatchObject({ view: { embed }, issues: [] });
  });

  it('leaves the rest as it was', () => {
    expect(viewFromQuery('?v=1&embed=1&seed=3').rest).toBe('v=1&seed=3');
  });

  it.each(['', 'yes', 'toString'])('names %j as refused and opens the whole page', (text) => {
    const { view, issues } = viewFromQuery(`embed=${text}`);
    expect(view.embed).toBe(false);
    expect(issues).toEqual([{ field: 'embed', value: `"${text}"`, expected: '1 or 0' }]);
  });
});

describe('withView', () => {
  it('is read back', () => {
    for (const query of ['', 'v=1&seed=3']) {
      for (const embed of [true, false]) {
        const read = viewFromQuery(withView(query, { embed }));
        expect(read).toEqual({ view: { embed, run: null }, rest: query, issues: [] });
      }
    }
  });
});

describe('a run in the address', () => {
  it('is taken out of it', () => {
    const { view, rest, issues } = viewFromQuery('run=0az19-x&seed=3');
    expect(view.run).toBe('0az19-x');
    expect({ rest, issues }).toEqual({ rest: 'seed=3', issues: [] });
  });

  it.each(['', '../index', 'a b', 'x'.repeat(65)])('is refused where it is %j', (text) => {
    const { view, issues } = viewFromQuery(new URLSearchParams({ run: text }).toString());
    expect(view.run).toBeNull();
    expect(issues).toMatchObject([{ field: 'run', expected: 'the id of a run' }]);
  });
});
