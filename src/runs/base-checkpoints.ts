/** The base policies that ship in `public/checkpoints/`, made by `npm run pretrain`. */
import type { Config } from '../schema/params.ts';
import { matchPreset, SIZES } from '../schema/presets.ts';

export const BASE_CHECKPOINTS = [
  'locks-nano',
  'locks-large-nano',
  'base-nano',
  'base-micro',
] as const;

/**
 * What a policy of all domains was warm-started on. Other variants of a domain share its words but not
 * its layout: such a policy would read them wrongly.
 */
export const BASE_TASKS = [
  'mixture',
  'locks',
  'countdown',
  'workspace',
  'pipelines',
] as const satisfies readonly Config['task'][];

/** The folder of the base policy for this task and model shape; undefined where none ships. */
export function baseCheckpointFor(config: Config): string | undefined {
  const size = matchPreset(SIZES, config);
  const mixed = BASE_TASKS.some((task) => task === config.task);
  // One made for the task knows it better than one that knows all of them.
  const wanted = [checkpointId(config), ...(mixed ? [`base-${size}`] : [])];
  const known = wanted.find((id) => BASE_CHECKPOINTS.some((name) => name === id));
  return known && `checkpoints/${known}`;
}

/** `locks-nano`, or `base-nano` for all domains; a shape that is no preset has no name. */
export function checkpointId(config: Config): string | undefined {
  const size = matchPreset(SIZES, config);
  return size && `${config.task === 'mixture' ? 'base' : config.task}-${size}`;
}

/** What is fetched of such a folder. */
export const BASE_FILES = ['model.safetensors', 'config.json', 'tokenizer.json'] as const;
