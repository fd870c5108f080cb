import { expect, it } from 'vitest';
import { PAGE_SIZE } from './buffer-page.ts';
import { createBufferState, entriesOf, insert, openBuffer } from './buffer.ts';
import { parseExitState } from './parse-state.ts';
import { createExitState } from './state.ts';

function filled(histories: number): ReturnType<typeof createBufferState> {
  const state = createBufferState();
  const buffer = openBuffer(state);
  for (let i = 0; i < histories; i++) {
    const candidate = { parentId: null, instance: i, turn: 0, depth: 0, mode: 'solve' } as const;
    insert(buffer, { ...candidate, taskId: i, history: { earlier: [] }, score: 0.1 }, 1);
  }
  return state;
}

it('takes back what it was, and a buffer that was saved as one list', () => {
  const buffer = filled(PAGE_SIZE + 3);
  const state = { ...createExitState(1), buffer };
  expect(parseExitState(structuredClone(state))).toEqual(state);
  const { content, nextId } = buffer;
  const before = { ...state, buffer: { content, nextId, entries: entriesOf(buffer) } };
  expect(parseExitState(before)).toEqual(state);
});

it('names what is wrong', () => {
  const state = createExitState(1);
  const wrong = (buffer: unknown) => () => parseExitState({ ...state, buffer });
  const { content, nextId } = state.buffer;
  expect(wrong({ content, nextId })).toThrow(/exitState\.buffer\.blocks/);
  expect(wrong({ content, nextId, blocks: [[]] })).toThrow(/exitState\.buffer\.blocks\.0/);
  expect(wrong({ content, nextId, entries: [7] })).toThrow(/exitState\.buffer\.blocks\.0\.0/);
});
