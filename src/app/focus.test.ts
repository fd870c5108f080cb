import { describe, expect, it } from 'vitest';
import { createFocus, stepInView, UNFOCUSED } from './focus.ts';

describe('focus', () => {
  it('previews what is under the pointer, then what is pinned, then follows the run', () => {
    const { store, actions } = createFocus();
    expect(stepInView(store.getState())).toBeNull();
    actions.pin(12, 3);
    actions.hover(40);
    expect(stepInView(store.getState())).toBe(40);
    actions.hover(null);
    expect(stepInView(store.getState())).toBe(12);
    expect(store.getState().group).toBe(3);
    actions.follow();
    expect(store.getState()).toEqual(UNFOCUSED);
  });

  it('forgets the group of another step, and the history of another task', () => {
    const { store, actions } = createFocus();
    actions.pin(12, 3, 1);
    actions.chooseTask(7, 70);
    actions.pin(13);
    actions.chooseTask(8);
    expect(store.getState()).toEqual({ ...UNFOCUSED, pinned: 13, taskId: 8 });
  });
});
