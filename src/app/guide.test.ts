import { describe, expect, it } from 'vitest';
import { createGuide } from './guide.ts';
import type { KeyValueStorage } from './guide.ts';
import { TOUR_STEPS } from './tour.ts';

function storage(first?: string): KeyValueStorage & { kept: Map<string, string> } {
  const kept = new Map(first === undefined ? [] : [['exit-lab-guide', first]]);
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
  };
}

describe('the guide', () => {
  it('is there as it was left, but for the list of keys', () => {
    const place = storage();
    const { store, actions } = createGuide(place);
    actions.openTour();
    store.setState({ done: ['task', 'group'] });
    actions.setKeys(false);
    actions.setNarrates(false);
    actions.setSheet(true);
    expect(createGuide(place).store.getState()).toEqual({
      card: 'task',
      done: ['task', 'group'],
      narrates: false,
      keys: false,
      sheet: false,
    });
  });

  it.each([
    'no json',
    '[]',
    'null',
    '{"card":"toString","done":["task",3,"x"],"keys":"yes","sheet":true}',
  ])('takes only what fits from %s', (text) => {
    const { card, done, keys, narrates, sheet } = createGuide(storage(text)).store.getState();
    expect({ card, keys, narrates, sheet }).toEqual({
      card: null,
      keys: true,
      narrates: true,
      sheet: false,
    });
    expect(done.every((step) => step === 'task')).toBe(true);
  });

  it('works where nothing can be kept', () => {
    const refusing = (): never => {
      throw new Error('refused');
    };
    for (const place of [null, { getItem: refusing, setItem: refusing }]) {
      const { store, actions } = createGuide(place);
      actions.setKeys(false);
      expect(store.getState().keys).toBe(false);
    }
  });
});

describe('the tour', () => {
  it('goes on where it was left', () => {
    const { store, actions } = createGuide(null);
    store.setState({ done: ['task', 'attempt'] });
    actions.openTour();
    expect(store.getState().card).toBe('group');
    actions.closeTour();
    expect(store.getState()).toMatchObject({ card: null, done: ['task', 'attempt'] });
  });

  it('begins again once all of it is done, and when asked', () => {
    const { store, actions } = createGuide(null);
    store.setState({ done: TOUR_STEPS });
    actions.openTour();
    expect(store.getState()).toMatchObject({ card: 'task', done: [] });
    store.setState({ card: 'group', done: ['task'] });
    actions.restartTour();
    expect(store.getState()).toMatchObject({ card: 'task', done: [] });
  });
});
