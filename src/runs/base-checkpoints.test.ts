import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DEFAULT_CONFIG, PARAMS, type Config } from '../schema/params.ts';
import { SIZES } from '../schema/presets.ts';
import {
  BASE_CHECKPOINTS,
  BASE_FILES,
  BASE_TASKS,
  baseCheckpointFor,
  checkpointId,
} from './base-checkpoints.ts';

const config = (values: Partial<Config>): Config => ({ ...DEFAULT_CONFIG, ...values });
const TASKS = Object.keys(PARAMS.task.options) as Config['task'][];

describe('base checkpoints', () => {
  test('all lie in public/', () => {
    const files = BASE_CHECKPOINTS.flatMap((id) => BASE_FILES.map((file) => `${id}/${file}`));
    const there = files.filter((file) =>
      existsSync(new URL(`../../public/checkpoints/${file}`, import.meta.url)),
    );
    expect(there).toEqual(files);
  });

  test('one made for the task comes first', () => {
    expect(baseCheckpointFor(config({ task: 'locks' }))).toBe('checkpoints/locks-nano');
  });

  test('one that knows all domains serves each that has none of its own', () => {
    for (const task of ['mixture', 'countdown', 'workspace', 'pipelines'] as const) {
      expect(baseCheckpointFor(config({ task }))).toBe('checkpoints/base-nano');
    }
  });

  test('tasks that no base policy knows get none, whatever the size', () => {
    const known: readonly string[] = BASE_TASKS;
    for (const { values } of Object.values(SIZES)) {
      for (const task of TASKS.filter((id) => !known.includes(id))) {
        const folder = baseCheckpointFor(config({ task, ...values }));
        expect(folder ?? `checkpoints/${task}`).toContain(`checkpoints/${task}`);
      }
    }
    expect(baseCheckpointFor(config({ task: 'countdown-large' }))).toBeUndefined();
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
