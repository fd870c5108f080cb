import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import type { AttemptViewProps } from '../attempt-view.ts';
import type { Attempt } from '../task.ts';
import { tableOf } from '../tables/competitions.ts';
import { PipelinesAttemptView } from './view.tsx';

const IRIS = { competition: 'iris-species' };
const WORDS = 'keep raw all tree small weak alone';

function attempt(words: string, feedback: readonly string[], quality: number): Attempt {
  return { tokens: words.split(' '), feedback, quality };
}

function render(props: Partial<AttemptViewProps>): string {
  return renderToStaticMarkup(
    createElement(PipelinesAttemptView, { instance: IRIS, attempt: null, ...props }),
  );
}

/** What is left when the markup is taken away: what a person reads. */
function text(props: Partial<AttemptViewProps>): string {
  return render(props)
    .replace(/<[^>]+>/g, '|')
    .replace(/\|+/g, '|');
}

describe('the view of a pipeline', () => {
  test('shows the table alone where there is no attempt', () => {
    expect(text({})).toBe(
      '|table| |iris-species, from iris|rows| |90|columns| |sepal length, sepal width, petal length, petal width|' +
        'to predict| |species, one of setosa, versicolor, virginica|missing| |0% of the values|' +
        'metric| |accuracy|; 0.378 without looking at the columns|',
    );
    expect(text({ instance: { table: tableOf('moons') } })).toContain('|table| |moons|rows|');
  });

  test('shows seven stages, both scores as bars with their range, and the quality', () => {
    const shown = { attempt: attempt(WORDS, ['v8', 't9'], 0.93) };
    expect(text(shown)).toContain(
      '|impute| |keep|scale| |raw|features| |all|model| |tree|size| |small|regularisation| |weak|ensemble| |alone|',
    );
    expect(text(shown)).toContain('|rows left out| | |accuracy 0.876 to 0.938|');
    expect(text(shown)).toContain('|rows trained on| | |accuracy 0.938 to 1|');
    expect(text(shown)).toContain('|quality 0.93 of the best known|');
    expect(render(shown)).toContain('aria-label="rows left out: accuracy 0.876 to 0.938"');
    expect(render(shown).match(/<meter/g)).toHaveLength(2);
    expect(render(shown)).not.toContain('is-wrong');
  });

  test.each([
    ['missing', 'impute', 'values are missing'],
    ['columns', 'features', 'fewer than three columns'],
    ['kind', 'model', 'predicts classes'],
    ['degenerate', 'model', 'no prediction'],
    ['timeout', 'size', 'took too long'],
  ])('an error %s is put down to %s', (fault, slot, reason) => {
    const shown = { attempt: attempt(WORDS, [fault, '·'], 0) };
    expect(render(shown).match(/is-wrong/g)).toHaveLength(1);
    expect(text(shown)).toMatch(new RegExp(`\\|${slot}\\| \\|\\w+\\| \\|✗\\| \\|[^|]*${reason}`));
    expect(render(shown)).not.toContain('<meter');
  });

  test('a comparison says which choices changed, and from what', () => {
    const before = attempt('keep raw all forest large weak alone', ['v8', 't9'], 0.9);
    const shown = { attempt: attempt(WORDS, ['v8', 't9'], 0.93), compareTo: before };
    expect(text(shown)).toContain('|tree| was forest|size| |small| was large|');
    expect(render(shown).match(/ changed/g)).toHaveLength(2);
    const short = attempt('keep raw', ['malformed', '·'], 0);
    expect(text({ ...shown, compareTo: short })).toContain('|tree| was nothing|');
  });

  test('worse than the dummy predictor is said so', () => {
    const shown = { attempt: attempt(WORDS, ['v<', 't0'], 0) };
    expect(text(shown)).toContain('accuracy worse than 0.378');
  });

  test('a malformed attempt shows all of its words', () => {
    expect(text({ attempt: attempt('tree tree', ['malformed', '·'], 0) })).toContain(
      '|tree tree| is not one choice for each of impute, scale',
    );
    const nothing = { tokens: [], feedback: [], quality: 0 };
    expect(text({ attempt: nothing })).toContain('|nothing| is not');
  });

  test('noise and leaked labels are said once a pipeline was tried', () => {
    const noise = { ...IRIS, kind: 'unsolvable' };
    const tried = text({ instance: noise, attempt: attempt(WORDS, ['v<', 't9'], 0) });
    expect(tried).toContain('|table of noise|: nothing solves it, so it teaches nothing|');
    expect(text({ instance: noise })).toBe(text({}));
    const leaked = { ...IRIS, kind: 'trivial' };
    expect(text({ instance: leaked, attempt: attempt(WORDS, ['v9', 't9'], 1) })).toContain(
      '|table with a leaked label|: any well-formed attempt solves it',
    );
  });

  test("another domain's instance is shown as it is", () => {
    expect(text({ instance: { numbers: [1] } })).toContain('not a competition');
    expect(text({ instance: { competition: 'atlantis' } })).toContain('not a competition');
  });
});
