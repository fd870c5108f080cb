import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import type { Attempt } from './task.ts';
import { viewFor } from './views.ts';
import type { AttemptViewProps } from './attempt-view.ts';
import { PARAMS, type Config } from '../schema/params.ts';

const LOCK = { descriptors: [3, 11, 0], shifts: [0, 1, 0, 2] };
const ATTEMPT: Attempt = {
  tokens: ['v0', 'v2', 'v1', 'v1'],
  feedback: ['✓', '✗', '✗', '✓', 's2'],
  quality: 0.425,
};

function render(props: AttemptViewProps): string {
  return renderToStaticMarkup(createElement(viewFor('locks'), props));
}

/** What is left when the markup is taken away: what a person reads. */
function text(markup: string): string {
  return markup.replace(/<[^>]+>/g, '|').replace(/\|+/g, '|');
}

describe('views', () => {
  test('every task of the registry has one', () => {
    const ids = Object.keys(PARAMS.task.options) as Config['task'][];
    for (const id of ids) expect(viewFor(id), id).toBeTruthy();
  });

  test('a lock shows descriptors, dials, marks and quality in words', () => {
    const markup = render({ instance: LOCK, attempt: ATTEMPT });
    expect(text(markup)).toBe('|clues A3 B11 C0|v0| |✓|v2| |✗|v1| |✗|v1| |✓|quality 0.42|');
    expect(markup.match(/class="lock-dial is-right"/g)).toHaveLength(2);
    expect(markup.match(/class="lock-dial is-wrong"/g)).toHaveLength(2);
    expect(markup.match(/aria-label="right"/g)).toHaveLength(2);
  });

  test('a comparison says which dials changed, and from what', () => {
    const before: Attempt = { ...ATTEMPT, tokens: ['v0', 'v1', 'v1', 'v1'] };
    const markup = render({ instance: LOCK, attempt: ATTEMPT, compareTo: before });
    expect(markup.match(/changed/g)).toHaveLength(1);
    expect(text(markup)).toContain('|v2| |✗| was v1|');
  });

  test('a malformed attempt shows all of its words and blanks for the missing', () => {
    const none = { feedback: ['✗', '✗', '✗', '✗', 's0'], quality: 0 };
    const long = { ...none, tokens: ['v0', 'A3', 'v1', 'v1', 'v2'] };
    const short = { ...none, tokens: ['v0'] };
    expect(text(render({ instance: LOCK, attempt: long }))).toContain('|v1| |✗|v2| |✗|');
    expect(text(render({ instance: LOCK, attempt: short }))).toContain('|v0| |✗|·| |✗|');
  });

  test('without an attempt the lock is shown alone', () => {
    expect(text(render({ instance: LOCK, attempt: null }))).toBe('|clues A3 B11 C0|');
  });

  test('a hard lock says what it is paid for', () => {
    const markup = text(render({ instance: { ...LOCK, hard: true }, attempt: ATTEMPT }));
    expect(markup).toContain('|hard lock|: paid only when all dials are right|');
    expect(text(render({ instance: LOCK, attempt: ATTEMPT }))).not.toContain('hard lock');
  });

  test('what kind of lock it is is said once it has been tried, and not before', () => {
    const jammed = { ...LOCK, kind: 'unsolvable' };
    const note = '|jammed lock|: nothing solves it, so it teaches nothing|';
    expect(text(render({ instance: jammed, attempt: ATTEMPT }))).toContain(note);
    expect(text(render({ instance: jammed, attempt: null }))).toBe('|clues A3 B11 C0|');
    const open = { ...LOCK, kind: 'trivial' };
    expect(text(render({ instance: open, attempt: ATTEMPT }))).toContain('|open lock|: any ');
    expect(text(render({ instance: LOCK, attempt: ATTEMPT }))).not.toContain('teaches');
  });

  test("another domain's instance is shown as it is", () => {
    expect(text(render({ instance: { numbers: [1] }, attempt: null }))).toContain('not a lock');
  });
});
