import { describe, expect, it } from 'vitest';
import { createPlaces, type AddressHash } from './places.ts';

function addressAt(first: string) {
  const history = [first];
  let listener: () => void = () => undefined;
  const address: AddressHash = {
    read: () => history.at(-1)!,
    write: (hash) => {
      history.push(hash);
      listener();
    },
    onChange: (call) => (listener = call),
  };
  const back = (): void => {
    history.pop();
    listener();
  };
  return { address, history, back };
}

describe('places', () => {
  it('open as the address says, and the first where it says nothing', () => {
    expect(createPlaces(addressAt('#compare').address).store.getState().place).toBe('compare');
    expect(createPlaces(addressAt('').address).store.getState().place).toBe('explain');
    expect(createPlaces(addressAt('#nowhere').address).store.getState().place).toBe('explain');
    expect(createPlaces().store.getState().place).toBe('explain');
  });

  it('write the address, so that back leads to the one before', () => {
    const { address, history, back } = addressAt('');
    const places = createPlaces(address);
    places.open('inside');
    places.open('data');
    expect(history).toEqual(['', '#inside', '#data']);
    back();
    expect(places.store.getState().place).toBe('inside');
    back();
    expect(places.store.getState().place).toBe('explain');
  });

  it('are found where they were left; asked for while it is open, one is shown from its top', () => {
    const { address, back } = addressAt('#data');
    const places = createPlaces(address);
    places.scroll({ section: 1, pixels: 40 });
    places.open('inside');
    places.scroll({ section: 0, pixels: 7 });
    back();
    expect(places.scrolled('data')).toEqual({ section: 1, pixels: 40 });
    expect(places.scrolled('inside')).toEqual({ section: 0, pixels: 7 });
    expect(places.scrolled('compare')).toBeNull();
    places.open('data');
    expect(places.scrolled('data')).toBeNull();
  });

  it('count each time that one is asked for, also where it is open', () => {
    const { address, history } = addressAt('#data');
    const places = createPlaces(address);
    places.open('data');
    expect(places.store.getState()).toEqual({ place: 'data', asked: 2 });
    expect(history).toEqual(['#data']);
  });
});
