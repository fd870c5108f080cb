import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { baseCheckpointFor } from '../runs/base-checkpoints.ts';
import { fromTokenizerJson } from '../runs/tokenizer-json.ts';
import { DEFAULT_CONFIG, PARAMS, type Config } from '../schema/params.ts';
import { SIZES } from '../schema/presets.ts';
import { taskFor } from '../tasks/registry.ts';
import { warmStartRate } from '../training/warm-start.ts';

const TASK_IDS = Object.keys(PARAMS.task.options) as Config['task'][];

describe('warm start', () => {
  it('takes smaller steps the wider the policy is', () => {
    expect(warmStartRate(64)).toBe(3e-3);
    expect(warmStartRate(128)).toBe(1.5e-3);
    expect(warmStartRate(16)).toBe(3e-3);
  });
});

describe('a shipped base policy', () => {
  const offered = Object.values(SIZES).flatMap(({ values }) =>
    TASK_IDS.flatMap((task) => {
      const config: Config = { ...DEFAULT_CONFIG, ...values, task };
      const folder = baseCheckpointFor(config);
      return folder === undefined ? [] : [{ folder, config }];
    }),
  );

  it('is offered for locks at two sizes', () => {
    const folders = offered.filter(({ config }) => config.task === 'locks').map((o) => o.folder);
    expect(folders).toEqual(['checkpoints/locks-nano', 'checkpoints/base-micro']);
  });

  it.each(offered)('$folder knows every word of $config.task', ({ folder, config }) => {
    const file = new URL(`../../public/${folder}/tokenizer.json`, import.meta.url);
    const words = fromTokenizerJson(JSON.parse(readFileSync(file, 'utf8')));
    expect(words).toEqual(expect.arrayContaining([...taskFor(config, () => config).vocabulary]));
  });
});
