/** The base policies that ship in `public/checkpoints/`, made by `npm run pretrain`. */
import type { Config } from '../spec/params.ts';
import { matchPreset, SIZES } from '../spec/presets.ts';

export const BASE_CHECKPOINTS = ['locks-nano', 'locks-large-nano'] as const;

/** The folder of the base policy for this task and model shape; undefined where none ships. */
export function baseCheckpointFor(config: Config): string | undefined {
  const size = matchPreset(SIZES, config);
  // One made for the task knows it better than one that knows all of them.
  const known = [checkpointId(config), `base-${size}`].find((id) =>
    BASE_CHECKPOINTS.some((name) => name === id),
  );
  return known && `checkpoints/${known}`;
}

/** `locks-nano`, or `base-nano` for all domains; a shape that is no preset has no name. */
export function checkpointId(config: Config): string | undefined {
  const size = matchPreset(SIZES, config);
  return size && `${config.task === 'mixture' ? 'base' : config.task}-${size}`;
}

/** What is fetched of such a folder. */
export const BASE_FILES = ['model.safetensors', 'config.json', 'tokenizer.json'] as const;
