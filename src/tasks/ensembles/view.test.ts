import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import type { AttemptViewProps } from '../attempt-view.ts';
import { EMPTY_HISTORY, type Attempt, type History } from '../task.ts';
import { createEnsembles } from './ensembles.ts';
import { EnsemblesAttemptView } from './view.tsx';

const task = createEnsembles({ id: 'ensembles', label: '', summary: '' });
const CURVE = { competition: 'friedman-1' };

function render(props: AttemptViewProps): string {
  return renderToStaticMarkup(createElement(EnsemblesAttemptView, props));
}

/** What a person reads. */
function text(markup: string): string {
  return markup.replace(/<[^>]+>/g, '|').replace(/\|+/g, '|');
}

async function attemptAt(history: History, words: string): Promise<Attempt> {
  const tokens = words.split(' ');
  const { feedback, quality } = await task.grade(CURVE, history, tokens);
  return { tokens, feedback, quality };
}

const first = await attemptAt(
  EMPTY_HISTORY,
  'raw all tree-small-strong raw pca3 linear-strong raw pca3 neighbours-small',
);
const better = await attemptAt({ earlier: [], latest: first }, 'm2 raw products linear-weak');

describe('the view of ensembles', () => {
  test('states the table alone', () => {
    expect(text(render({ instance: CURVE, attempt: null }))).toBe(
      '|friedman-1|: 80 rows, 6 columns; predict y|, a number|, by RMSE|',
    );
    const real = text(render({ instance: { competition: 'iris-species' }, attempt: null }));
    expect(real).toContain('|iris-species| (from iris)|: 90 rows, 4 columns;');
    expect(real).toContain('predict species|, one of setosa, versicolor, virginica|, by accuracy|');
  });

  test('says what an ensemble is made of and cost, and where it stands', () => {
    const markup = render({ instance: CURVE, attempt: first });
    expect(text(markup)).toContain('|Three models, chosen anew.| |The first.| |3 models trained|');
    expect(text(markup)).toContain('|tree-small-strong| · all · raw|');
    expect(markup).toContain('<meter');
    const share = (100 * 0.01 ** first.quality).toPrecision(2);
    expect(text(markup)).toContain(`in the best ${Number(share)}%|`);
  });

  test('points out what replaced what, and what was there before', () => {
    const markup = render({ instance: CURVE, attempt: better, compareTo: first });
    expect(text(markup)).toContain(
      '|Model 2| becomes| linear-weak| · products · raw.| |Better: kept.| |1 model trained|',
    );
    expect(markup.match(/ensemble-member changed/g)).toHaveLength(1);
    expect(markup.match(/<meter/g)).toHaveLength(2);
    expect(text(markup)).toContain('tried last in vain, or replaced: |linear-strong · pca3 · raw|');
  });

  test('says what was known, and what is no attempt', async () => {
    const history = { earlier: [], latest: better };
    const again = await attemptAt(history, 'm3 raw products linear-weak');
    expect(text(render({ instance: CURVE, attempt: again }))).toContain(
      'Known already: not trained.| |0 models trained|',
    );
    const broken = await attemptAt(history, 'm3 raw');
    expect(text(render({ instance: CURVE, attempt: broken }))).toContain(
      '“m3 raw” is neither three different models nor one change.| |Nothing trained.|',
    );
  });

  test('says what kind of table it was once it was tried', () => {
    const noise = { ...CURVE, kind: 'unsolvable' };
    expect(text(render({ instance: noise, attempt: null }))).not.toContain('noise');
    expect(text(render({ instance: noise, attempt: first }))).toContain(
      '|table of noise|: nothing',
    );
  });

  test("another domain's instance is shown as it is", () => {
    expect(text(render({ instance: { numbers: [1] }, attempt: null }))).toContain('not a table');
  });
});
