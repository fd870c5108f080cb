import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import type { AttemptViewProps } from '../attempt-view.ts';
import type { Attempt, Json } from '../task.ts';
import { parseConversation } from './text.ts';
import { WorkspaceAttemptView } from './view.tsx';
import { verdict } from './workspace.ts';

const TALK = parseConversation(
  'at docs\nroot: todo\ndocs: notes=apple\n\nmove todo to docs\nshow it',
);
const INSTANCE: Json = TALK;

function attempt(text: string, earlier: readonly Attempt[] = []): Attempt {
  const tokens = text.split(' ');
  const { feedback, quality } = verdict(TALK, earlier, tokens);
  return { tokens, feedback, quality };
}

function render(props: Partial<AttemptViewProps>): string {
  return renderToStaticMarkup(
    createElement(WorkspaceAttemptView, { instance: INSTANCE, attempt: null, ...props }),
  );
}

/** What is left when the markup is taken away: what a person reads. */
function text(props: Partial<AttemptViewProps>): string {
  return render(props)
    .replace(/<[^>]+>/g, '|')
    .replace(/\|+/g, '|');
}

describe('the view of a workspace', () => {
  test('shows the conversation, each call with what came of it, and the files', () => {
    const shown = { attempt: attempt('cd root · mv todo docs') };
    expect(text(shown)).toBe(
      '|now: |move todo to docs|show it|cd root| |✓| |done|mv todo docs| |✓| |done|' +
        'root/|:| ← here|docs/| in root:| notes=apple todo|as asked, quality 1.00|',
    );
    expect(render(shown).match(/aria-current="step"/g)).toHaveLength(1);
    expect(render(shown).match(/aria-label="right"/g)).toHaveLength(2);
  });

  test('says in words why a call failed, and what should be otherwise', () => {
    const shown = text({ attempt: attempt('mv todo docs write notes tiger mkdir src ·') });
    expect(shown).toContain('mv todo docs| |✗| |failed: todo is not here but in root|');
    expect(shown).toContain('write notes tiger| |✗| |done, but not asked for|');
    expect(shown).toContain('|+ added: src/ in docs|');
    expect(shown).toContain('|→ moved: todo in root, wanted in docs|');
    expect(shown).toContain('|− missing: todo in docs|');
    expect(shown).toContain('|≠ other text: notes in docs|');
    expect(shown).toContain('|not as asked, quality 0.07|');
  });

  test('shows a later turn on the workspace that the earlier ones left', () => {
    const earlier = [attempt('cd root · mv todo docs')];
    const shown = text({ earlier, attempt: attempt('cat todo · cd docs · cat todo ·', earlier) });
    expect(shown).toContain('|move todo to docs|now: |show it|');
    expect(shown).toContain('cat todo| |✗| |failed: todo is not here but in docs|');
    expect(shown).toContain('cat todo| |✓| |printed nothing|');
    expect(shown).toContain('|asked for: nothing|');
  });

  test('a comparison says which calls changed, from what, and which were dropped', () => {
    const compareTo = attempt('cd docs · mv todo docs ls root ·');
    const shown = text({ attempt: attempt('cd root · mv todo docs'), compareTo });
    expect(shown).toContain('|cd root| |✓| |done| was cd docs|');
    expect(shown).toContain('|mv todo docs| |✓| |done|dropped: ls root|');
  });

  test('a request that cannot be met is said to be so once it was tried', () => {
    const talk = parseConversation('at docs\nroot: todo\ndocs:\n\nshow plan');
    const said = (calls: string): string => {
      const tokens = calls.split(' ');
      const { feedback, quality } = verdict(talk, [], tokens);
      return text({ instance: talk, attempt: { tokens, feedback, quality } });
    };
    const asked = '|cannot be met: plan is not there, which is to be said|';
    expect(said('missing plan ·')).toContain(
      `missing plan| |✓| |said that plan is not there${asked}`,
    );
    expect(said('missing plan ·')).toContain('|as asked, quality 1.00|');
    expect(said('cat plan ·')).toContain(`cat plan| |✗| |failed: plan is not there${asked}`);
    expect(said('cat plan ·')).toContain('|not as asked, quality 0.20|');
    expect(text({ instance: talk })).not.toContain('cannot be met');
  });

  test('a malformed attempt shows its words', () => {
    expect(text({ attempt: attempt('mv todo') })).toContain('|not calls: mv todo|');
  });

  test('without an attempt the conversation and the files are shown', () => {
    expect(text({})).toBe(
      '|now: |move todo to docs|show it|root/|:| todo|docs/| in root:| notes=apple| ← here|',
    );
  });

  test('requests about what has gone fail in an empty workspace, and the view says why', () => {
    const gone: Json = { ...TALK, kind: 'unsolvable' };
    const words = 'cd root · mv todo docs missing todo ·'.split(' ');
    const { feedback, quality } = verdict({ ...TALK, kind: 'unsolvable' }, [], words);
    const shown = text({ instance: gone, attempt: { tokens: words, feedback, quality } });
    expect(shown).toContain('mv todo docs| |✗| |failed: todo is not there|');
    expect(shown).toContain('missing todo| |✗| |said that todo is not there|');
    expect(shown).toContain('|root/|:| ← here|− missing: docs/ in root|');
    expect(shown).toContain(
      '|not as asked, quality 0.00|requests about what is not there|: nothing',
    );
    expect(text({ instance: gone })).toBe(text({}));
  });

  test('requests that were met already are met by any calls', () => {
    const words = 'mkdir src ·'.split(' ');
    const { feedback, quality } = verdict({ ...TALK, kind: 'trivial' }, [], words);
    const met: Json = { ...TALK, kind: 'trivial' };
    const shown = text({ instance: met, attempt: { tokens: words, feedback, quality } });
    expect(shown).toContain('mkdir src| |✓| |done|root/|:| todo|');
    expect(shown).toContain('|as asked, quality 1.00|requests met already|: any well-formed');
  });

  test("another domain's instance is shown as it is", () => {
    expect(text({ instance: { numbers: [1] } })).toContain('not a workspace');
    const odd: Json = { ...TALK, turns: ['sing a song'] };
    expect(text({ instance: odd, attempt: attempt('ls docs ·') })).toContain('not a workspace');
  });
});
