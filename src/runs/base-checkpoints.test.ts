import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DEFAULT_CONFIG, type Config } from '../schema/params.ts';
import { SIZES } from '../schema/presets.ts';
import {
  BASE_CHECKPOINTS,
  BASE_FILES,
  baseCheckpointFor,
  checkpointId,
} from './base-checkpoints.ts';

const config = (values: Partial<Config>): Config => ({ ...DEFAULT_CONFIG, ...values });

describe('base checkpoints', () => {
  test('all lie in public/', () => {
    const files = BASE_CHECKPOINTS.flatMap((id) => BASE_FILES.map((file) => `${id}/${file}`));
    const there = files.filter((file) =>
      existsSync(new URL(`../../public/checkpoints/${file}`, import.meta.url)),
    );
    expect(there).toEqual(files);
  });

  test('whatever lies there is offered, once', () => {
    const folders = readdirSync(new URL('../../public/checkpoints/', import.meta.url));
    expect(BASE_CHECKPOINTS.toSorted()).toEqual(folders.toSorted());
  });

  test('one made for the task comes first', () => {
    expect(baseCheckpointFor(config({ task: 'locks' }))).toBe('checkpoints/locks-nano');
  });

  test('one that knows all domains serves each that has none of its own', () => {
    for (const task of ['mixture', 'countdown', 'workspace', 'pipelines'] as const) {
      expect(baseCheckpointFor(config({ task }))).toBe('checkpoints/base-nano');
    }
  });

  test('a variant that is not mixed has what was made for it, and nothing else', () => {
    const large = ['locks-large', 'locks-eight', 'countdown-large'] as const;
    const folders = large.map((task) =>
      Object.values(SIZES).map(({ values }) => baseCheckpointFor(config({ task, ...values }))),
    );
    expect(folders).toEqual([
      ['checkpoints/locks-large-nano', undefined, undefined],
      ['checkpoints/locks-eight-nano', undefined, undefined],
      [undefined, undefined, undefined],
    ]);
  });

  test('none has read feedback on Countdown', () => {
    expect(
      baseCheckpointFor(config({ task: 'countdown', countdownFeedback: 'step' })),
    ).toBeUndefined();
    expect(baseCheckpointFor(config({ task: 'locks', countdownFeedback: 'step' }))).toBe(
      'checkpoints/locks-nano',
    );
  });

  test('a shape that is no preset has neither name nor policy', () => {
    const odd = config({ task: 'mixture', hiddenSize: 48 });
    expect(checkpointId(odd)).toBeUndefined();
    expect(baseCheckpointFor(odd)).toBeUndefined();
  });

  test('are named after the task, and after none where they know all', () => {
    expect(checkpointId(config({ task: 'workspace' }))).toBe('workspace-nano');
    expect(checkpointId(config({ task: 'mixture', ...SIZES.micro.values }))).toBe('base-micro');
  });
});
