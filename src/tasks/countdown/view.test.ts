import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import type { AttemptViewProps } from '../attempt-view.ts';
import type { Attempt } from '../task.ts';
import { CountdownAttemptView } from './view.tsx';

const PUZZLE = { numbers: [3, 7, 8], target: 32 };

function attempt(text: string): Attempt {
  return { tokens: text.split(' '), feedback: [], quality: 0 };
}

function render(props: Partial<AttemptViewProps>): string {
  return renderToStaticMarkup(
    createElement(CountdownAttemptView, { instance: PUZZLE, attempt: null, ...props }),
  );
}

/** What is left when the markup is taken away: what a person reads. */
function text(props: Partial<AttemptViewProps>): string {
  return render(props)
    .replace(/<[^>]+>/g, '|')
    .replace(/\|+/g, '|');
}

describe('the view of Countdown', () => {
  test('shows numbers, target, the number of solutions, and each step with its mark', () => {
    const shown = { attempt: attempt('7 - 3 = 4 ; 4 * 8 = 32') };
    expect(text(shown)).toBe(
      '|3| used|7| used|8| used|target 32|, 1 distinct solution' +
        '|7 - 3 = 4| |✓|4 * 8 = 32| |✓|reaches 32, the target|',
    );
    expect(render(shown).match(/aria-label="right"/g)).toHaveLength(2);
    expect(render(shown).match(/class="countdown-step is-right"/g)).toHaveLength(2);
  });

  test.each([
    ['7 - 3 = 4', '|8| unused|', 'reaches 4, 28 below the target'],
    ['7 * 8 = 56', '|3| unused|', 'reaches 56, 24 above the target'],
  ])('says what %s leaves and reaches', (words, unused, outcome) => {
    expect(text({ attempt: attempt(words) })).toContain(unused);
    expect(text({ attempt: attempt(words) })).toContain(outcome);
  });

  test.each([
    ['7 - 3 = 5 ; 5 * 8 = 40', '7 - 3 is 4, not 5', 1],
    ['3 + 3 = 6 ; 6 * 8 = 48', 'there is no 3 left', 1],
    ['7 + 3 = 10 ; 9 * 8 = 72', 'there is no 9 left', 2],
    ['3 - 7 = 4 ; 4 * 8 = 32', '3 - 7 is below 0', 1],
    ['8 / 3 = 2 ; 2 * 7 = 14', '3 does not divide 8', 1],
    ['7 / 0 = 7', 'there is no 0 left', 1],
  ])('says in words what is wrong with %s', (words, reason, step) => {
    const shown = { attempt: attempt(words) };
    expect(text(shown)).toContain(reason);
    expect(text(shown)).toContain(`does not count: step ${step} is wrong`);
    expect(render(shown).match(/aria-label="wrong"/g)).toHaveLength(1);
  });

  test('a comparison says which steps changed, and from what', () => {
    const before = attempt('7 - 3 = 4 ; 4 + 8 = 12');
    const shown = { attempt: attempt('7 - 3 = 4 ; 4 * 8 = 32'), compareTo: before };
    expect(text(shown)).toContain('|4 * 8 = 32| |✓| was 4 + 8 = 12|');
    expect(render(shown).match(/ changed/g)).toHaveLength(1);
    const shorter = { attempt: attempt('7 - 3 = 4'), compareTo: before };
    expect(text(shorter)).toContain('|without 4 + 8 = 12|');
    const longer = { attempt: before, compareTo: attempt('7 - 3 = 4') };
    expect(text(longer)).toContain(' was no such step|');
  });

  test('a malformed attempt shows all of its words', () => {
    expect(text({ attempt: attempt('7 - 3 = ; 4') })).toContain(
      '|7 - 3 = ; 4| |is not of the form',
    );
    const nothing = { tokens: [], feedback: [], quality: 0 };
    expect(text({ attempt: nothing })).toContain('|nothing| |is not of the form');
  });

  test('without an attempt no number is used', () => {
    expect(text({})).toBe('|3|7|8|target 32|, 1 distinct solution|');
    const one = { numbers: [25, 24, 23], target: 72 };
    expect(text({ instance: one })).toContain('target 72|, 3 distinct solutions');
  });

  test('a target that cannot be made, or is there already, is said to be so afterwards', () => {
    const unreachable = { numbers: [3, 7, 8], target: 97, kind: 'unsolvable' };
    const shown = text({ instance: unreachable, attempt: attempt('7 - 3 = 4') });
    expect(shown).toContain('|unreachable target|: nothing solves it');
    expect(text({ instance: unreachable })).not.toContain('unreachable');
    const made = { numbers: [3, 7, 8], target: 7, kind: 'trivial' };
    const easy = text({ instance: made, attempt: attempt('7 - 3 = 4') });
    expect(easy).toContain('|target among the numbers|: any well-formed attempt solves it');
  });

  test("another domain's instance is shown as it is", () => {
    expect(text({ instance: { descriptors: [1] } })).toContain('not a Countdown instance');
  });
});
