import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromFiles, type RunBundle } from '../runs/bundle.ts';
import { RunFormatError } from '../runs/checks.ts';
import { unzip } from '../runs/zip.ts';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import { openBundle } from './open-bundle.ts';

const URL_OF_EXPORT = new URL('../runs/fixtures/export-of-24e1fad.zip', import.meta.url);
const BUNDLE = fromFiles(unzip(new Uint8Array(readFileSync(URL_OF_EXPORT))));

const open = (bundle: RunBundle) => openBundle(bundle, DEFAULT_CONFIG, (task) => task);

type Fields = Record<string, unknown>;

/** The run with its first history, or the whole state, changed. */
function withState(change: (state: Fields, first: Fields) => void): RunBundle {
  const exitState = structuredClone(BUNDLE.run!.exitState) as Fields;
  const buffer = exitState.buffer as Fields & { entries?: Fields[]; blocks?: Fields[][] };
  change(exitState, (buffer.entries ?? buffer.blocks![0]!)[0]!);
  return { ...BUNDLE, run: { ...BUNDLE.run!, exitState } };
}

describe('a run from a file', () => {
  it('opens where all fits its domain', () => {
    expect(open(BUNDLE).resumed!.state.step).toBe(8);
    const { run: _, ...bare } = BUNDLE;
    const opened = open({ ...bare, rows: [] });
    expect(opened.resumed).toBeUndefined();
    expect(opened.config).toMatchObject({ hiddenSize: 16, task: 'locks' });
  });

  it.each<[string, RunBundle, string]>([
    [
      'an instance that is none of its domain',
      withState((_, first) => (first.instance = { descriptors: [3, 99, 4], shifts: [0, 0, 0, 1] })),
      'run.json: exitState.buffer, history',
    ],
    [
      'an instance of another domain',
      withState((_, first) => (first.instance = { numbers: [1, 2], target: 3 })),
      'run.json: exitState.buffer, history',
    ],
    [
      'a task that is not what its id says',
      withState((_, first) => (first.taskId = 12)),
      'taskId: got 12, expected',
    ],
    [
      'a word that the domain has not',
      withState((_, first) => {
        const { latest } = first.history as { latest: Fields };
        latest.tokens = ['x9', 'v0', 'v0', 'v0'];
      }),
      '"x9" is not in the vocabulary',
    ],
    [
      'an episode of more turns than there are',
      withState((state, first) => {
        const { latest } = first.history as { latest: Fields };
        state.episodes = [{ instance: first.instance, earlier: [latest] }];
      }),
      'run.json: exitState.episodes.0: turn: got 1, expected less than 1',
    ],
    [
      'a state that is none',
      { ...BUNDLE, run: { ...BUNDLE.run!, exitState: { step: 'eight' } } },
      'run.json: exitState.step: ',
    ],
    [
      'too few positions for its domain',
      {
        ...BUNDLE,
        snapshot: { ...BUNDLE.snapshot, config: { ...BUNDLE.snapshot.config, maxPositions: 8 } },
      },
      'config.json: max_position_embeddings: got 8, expected at least',
    ],
    [
      'fewer words than its domain has',
      { ...BUNDLE, words: BUNDLE.words.filter((word) => word !== 'v0') },
      'tokenizer.json: "v0" is missing, expected every word of the task "locks"',
    ],
  ])('is refused with %s', (_what, bundle, message) => {
    expect(() => open(bundle)).toThrow(RunFormatError);
    expect(() => open(bundle)).toThrow(message);
  });
});
