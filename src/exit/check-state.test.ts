import { expect, it } from 'vitest';
import { insert, openBuffer, type BufferEntry } from './buffer.ts';
import { parseExitState } from './parse-state.ts';
import { createExitState, type ExitState } from './state.ts';

/** Three histories, made in the first of two steps. */
function sound(): ExitState {
  const state = { ...createExitState(1), step: 2 };
  const buffer = openBuffer(state.buffer);
  for (let i = 0; i < 3; i++) {
    const latest = { tokens: [`v${i}`], feedback: [], quality: 0.5 };
    const history = { earlier: [], latest };
    const candidate = {
      parentId: i || null,
      instance: 7,
      turn: 0,
      depth: 1,
      mode: 'solve',
    } as const;
    insert(buffer, { ...candidate, taskId: 9, history, score: 0.1 }, 1);
  }
  return state;
}

function withEntry(changes: Partial<BufferEntry>): ExitState {
  const state = sound();
  const [[first, second, third]] = state.buffer.blocks as [[BufferEntry, BufferEntry, BufferEntry]];
  const blocks = [[first, { ...second, ...changes }, third]];
  return { ...state, buffer: { ...state.buffer, blocks } };
}

const { streams } = sound();

it('takes what training leaves, that of a step that broke off too', () => {
  expect(parseExitState(sound())).toEqual(sound());
  expect(() => parseExitState(withEntry({ createdStep: 3, scoredStep: 3 }))).not.toThrow();
});

it.each<[string, ExitState, string]>([
  ['ids that fall', withEntry({ id: 1 }), 'buffer, id: got 1, expected more than 1: ids rise'],
  [
    'an id that is still to be given',
    { ...sound(), buffer: { ...sound().buffer, nextId: 3 } },
    'buffer, history 3: got 3, expected an id below nextId (3)',
  ],
  ['a parent that came later', withEntry({ parentId: 3 }), 'history 2, parentId: got 3, expected'],
  [
    'a history from the future',
    withEntry({ createdStep: 4 }),
    'createdStep: got 4, expected at most 3',
  ],
  ['a score from the future', withEntry({ scoredStep: 9 }), 'scoredStep: got 9, expected 1 to 3'],
  ['a score from before', withEntry({ createdStep: 2 }), 'scoredStep: got 1, expected 2 to 3'],
  [
    'a turn without its attempts',
    withEntry({ turn: 1 }),
    'turn: got 1, expected 0, its earlier turns',
  ],
  ['a depth of nothing', withEntry({ history: { earlier: [] } }), 'depth: got 1, expected above 0'],
  [
    'a history twice',
    withEntry({ history: { earlier: [], latest: { tokens: ['v0'], feedback: [], quality: 0.5 } } }),
    'buffer: got "history 2", expected another history than 1 is',
  ],
  [
    'a generator that stands still',
    { ...sound(), streams: { ...streams, mode: { seed: 1, generator: [0, 0, 0, 0] } } },
    'streams.mode.generator: got [0,0,0,0], expected a state that is not 0 throughout',
  ],
  [
    'a generator of larger words',
    { ...sound(), streams: { ...streams, mode: { seed: 1, generator: [2 ** 40, 0, 0, 1] } } },
    'streams.mode.generator: got [1099511627776,0,0,1], expected 32-bit integers',
  ],
])('refuses %s', (_what, state, message) => {
  expect(() => parseExitState(state)).toThrow('exitState.');
  expect(() => parseExitState(state)).toThrow(message);
});
