import { describe, expect, it } from 'vitest';
import { createGuide } from './guide.ts';
import type { KeyValueStorage } from './guide.ts';

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
    const { actions } = createGuide(place);
    actions.setKeys(false);
    actions.setNarrates(false);
    actions.setSheet(true);
    expect(createGuide(place).store.getState()).toEqual({
      narrates: false,
      keys: false,
      sheet: false,
    });
  });

  it.each([
    'no json',
    '[]',
    'null',
    // Of a version that had a tour.
    '{"card":"task","done":["task",3],"keys":"yes","sheet":true}',
  ])('takes only what fits from %s', (text) => {
    expect(createGuide(storage(text)).store.getState()).toEqual({
      keys: true,
      narrates: true,
      sheet: false,
    });
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
