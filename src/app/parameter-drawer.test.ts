import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PARAM_IDS } from '../schema/params.ts';
import type { KeyValueStorage } from './guide.ts';
import { createParameterDrawer } from './parameter-drawer.ts';

function storageOf(text: string | null = null): KeyValueStorage & { text: string | null } {
  const storage = {
    text,
    getItem: () => storage.text,
    setItem: (_key: string, value: string) => void (storage.text = value),
  };
  return storage;
}

describe('favourites', () => {
  it('are those set last, in the order of the table, on the next visit too', () => {
    const set = fc.record({ id: fc.constantFrom(...PARAM_IDS), on: fc.boolean() });
    fc.assert(
      fc.property(fc.array(set, { maxLength: 12 }), (changes) => {
        const storage = storageOf();
        const { store, actions } = createParameterDrawer(storage);
        for (const { id, on } of changes) actions.setFavourite(id, on);
        const last = new Map(changes.map(({ id, on }) => [id, on]));
        const expected = PARAM_IDS.filter((id) => last.get(id) === true);
        expect(store.getState().favourites).toEqual(expected);
        expect(createParameterDrawer(storage).store.getState().favourites).toEqual(expected);
      }),
    );
  });

  it.each(['{', '3', '{"seed":true}', '["nothing", 4]'])('are none where %s was kept', (kept) =>
    expect(createParameterDrawer(storageOf(kept)).store.getState().favourites).toEqual([]),
  );

  it('last as long as the page where the browser keeps nothing', () => {
    const refuse = (): never => {
      throw new Error('a private window');
    };
    const { store, actions } = createParameterDrawer({ getItem: refuse, setItem: refuse });
    actions.setFavourite('seed', true);
    expect(store.getState().favourites).toEqual(['seed']);
  });
});

it('opens, closes, and begins closed on every visit', () => {
  const storage = storageOf();
  const { store, actions } = createParameterDrawer(storage);
  actions.toggle();
  expect(store.getState().isOpen).toBe(true);
  expect(createParameterDrawer(storage).store.getState().isOpen).toBe(false);
  actions.toggle();
  expect(store.getState().isOpen).toBe(false);
});
