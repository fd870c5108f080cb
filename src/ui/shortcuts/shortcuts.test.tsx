import { renderToStaticMarkup } from 'react-dom/server';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LabContext } from '../../app/hooks.ts';
import type { Lab } from '../../app/lab.ts';
import { withProgress } from '../../app/run.ts';
import { fakeRow, fakeStep } from '../testing/fakeRecords.ts';
import { idleLab } from '../testing/idleLab.ts';
import { ShortcutSheet } from './ShortcutSheet.tsx';
import { SHORTCUTS, shortcutOf } from './table.ts';
import type { KeyPress, Shortcut } from './table.ts';

const ALL: readonly Shortcut[] = Object.values(SHORTCUTS).flat();

let lab: Lab;
beforeEach(() => {
  lab = idleLab();
  const rows = [1, 2, 3, 4, 5].map(fakeRow);
  lab.run.setState((run) => withProgress(run, { rows, profiles: [], latest: fakeStep(5) }));
});

function press(key: string, held: Partial<KeyPress> = {}): KeyPress {
  return { key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held };
}

function act(key: string, held: Partial<KeyPress> = {}): void {
  shortcutOf(press(key, held))?.shortcut.act(lab);
}

describe('the table', () => {
  it('finds every combination, and none twice', () => {
    for (const shortcut of ALL) {
      for (const { key, ctrl = false, shift = false } of shortcut.combos) {
        const found = shortcutOf(press(key, { ctrlKey: ctrl, shiftKey: shift }));
        expect(found).toEqual({ shortcut, single: !ctrl });
      }
    }
  });

  it('takes ⌘ for Ctrl, capitals for letters, and signs with or without Shift', () => {
    expect(shortcutOf(press('Z', { metaKey: true, shiftKey: true }))?.shortcut.words).toMatch(
      /Redo/,
    );
    expect(shortcutOf(press('?', { shiftKey: true }))?.shortcut.words).toBe('This list');
    expect(shortcutOf(press('S'))?.shortcut.words).toBe('One training step');
  });

  it('leaves all else to the browser', () => {
    for (const held of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }]) {
      expect(shortcutOf(press('s', held))).toBeUndefined();
      expect(shortcutOf(press('l', held))).toBeUndefined();
    }
    expect(shortcutOf(press('q'))).toBeUndefined();
  });

  it('is listed whole', () => {
    const markup = renderToStaticMarkup(
      <LabContext value={lab}>
        <ShortcutSheet />
      </LabContext>,
    );
    for (const { words } of ALL) expect(markup).toContain(`<dd>${words}</dd>`);
    expect(markup).toContain('role="switch"');
  });
});

describe('the keys', () => {
  it('walk through the steps, and past the newest back to live', () => {
    const pinned = (): number | null => lab.focus.store.getState().pinned;
    act(',');
    expect(pinned()).toBe(4);
    for (let i = 0; i < 9; i++) act('ArrowLeft');
    expect(pinned()).toBe(1);
    act('.');
    expect(pinned()).toBe(2);
    for (let i = 0; i < 9; i++) act('ArrowRight');
    expect(pinned()).toBeNull();
    act(',');
    act('Escape');
    expect(pinned()).toBeNull();
  });

  it('walk through the groups, around both ends', () => {
    const group = (): number | null => lab.focus.store.getState().group;
    act('[');
    expect(group()).toBe(31);
    act(']');
    expect(group()).toBe(0);
    act('[');
    expect(group()).toBe(31);
  });

  it('walk through the groups of the step in view, however many the newest has', () => {
    const group = (): number | null => lab.focus.store.getState().group;
    const profile = {
      learnability: [0, 0],
      distinct: [0, 0],
      quality: [0, 0],
      recency: [0, 0],
      uniformDepth: 0,
    };
    const profiles = [4, 5].map((step) => ({ ...profile, step, count: step === 4 ? [2, 1] : [8] }));
    lab.run.setState((run) => withProgress(run, { rows: [], profiles, latest: fakeStep(5) }));
    lab.focus.actions.pin(4);
    act('[');
    expect(group()).toBe(2);
    act(']');
    expect(group()).toBe(0);
    lab.focus.actions.follow();
    act('[');
    expect(group()).toBe(31);
  });

  it('play only where there is something to play', () => {
    const play = vi.spyOn(lab.actions, 'play');
    act(' ');
    expect(play).not.toHaveBeenCalled();
    lab.session.setState({ phase: 'ready' });
    act(' ');
    expect(play).toHaveBeenCalledOnce();
  });

  it('take back and open', () => {
    lab.actions.setParam('temperature', 0.5);
    act('z', { ctrlKey: true });
    expect(lab.config.getState().current.temperature).toBe(1);
    act('y', { ctrlKey: true });
    expect(lab.config.getState().current.temperature).toBe(0.5);
    act('?', { shiftKey: true });
    expect(lab.guide.store.getState()).toMatchObject({ sheet: true });
  });
});
