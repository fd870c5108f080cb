import { describe, expect, it } from 'vitest';
import { viewFromQuery, WHOLE_PAGE, withView } from './view.ts';

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
        expect(read).toEqual({ view: { ...WHOLE_PAGE, embed }, rest: query, issues: [] });
      }
    }
  });
});

describe('a lesson', () => {
  const lesson = { show: ['task', 'curve'], large: true, step: 40 } as const;

  it('shows some parts, large, at a step', () => {
    const { view, rest, issues } = viewFromQuery('show=curve,task&size=large&step=40&seed=3');
    expect({ view, rest, issues }).toEqual({
      ...{ view: { ...WHOLE_PAGE, ...lesson }, rest: 'seed=3', issues: [] },
    });
    expect(viewFromQuery(withView('seed=3', lesson)).view).toEqual({ ...WHOLE_PAGE, ...lesson });
  });

  it.each([
    ['show=task,charts', { field: 'show', expected: 'some of task,curve,map,method' }],
    ['show=', { field: 'show', value: '""' }],
    ['size=huge', { field: 'size', expected: 'large or normal' }],
    ['step=0', { field: 'step', expected: 'a step, from 1' }],
    ['step=1e3', { field: 'step', value: '"1e3"' }],
  ])('is refused where it says %j', (query, issue) => {
    const { view, issues } = viewFromQuery(query);
    expect(view).toEqual(WHOLE_PAGE);
    expect(issues).toMatchObject([issue]);
  });
});

describe('a recording in the address', () => {
  it.each(['run.bin', 'results/2026/exit-lab-locks-nano-step-80.bin'])('is %j', (recording) => {
    const { view, rest, issues } = viewFromQuery(withView('v=1&seed=3', { recording }));
    expect({ view, rest, issues }).toEqual({
      ...{ view: { ...WHOLE_PAGE, recording }, rest: 'v=1&seed=3', issues: [] },
    });
  });

  it.each([
    ...[
      '',
      'run',
      'run.zip',
      '../run.bin',
      'a/../run.bin',
      './run.bin',
      '/run.bin',
      '//host/run.bin',
    ],
    ...[
      'https://example.test/run.bin',
      'data:,x.bin',
      'a\\run.bin',
      '%2e%2e/run.bin',
      'a//run.bin',
    ],
    ...[
      '.hidden.bin',
      'run.bin?x=1.bin',
      'run.bin#.bin',
      'ü.bin',
      `${'x'.repeat(200)}.bin`,
      'a..b.bin',
    ],
  ])('is refused where it is %j', (recording) => {
    const { view, issues } = viewFromQuery(new URLSearchParams({ recording }).toString());
    expect(view.recording).toBeNull();
    expect(issues).toMatchObject([{ field: 'recording', value: JSON.stringify(recording) }]);
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
