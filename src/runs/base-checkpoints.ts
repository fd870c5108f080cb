/** The base policies that ship in `public/checkpoints/`, made by `npm run pretrain`. */
import type { Config } from '../schema/params.ts';
import { matchPreset, SIZES, type SizeId } from '../schema/presets.ts';
import { mixedDomains, MIXTURE, tableOf } from '../tasks/manifest.ts';
import type { Manifests, TaskIdOf } from '../tasks/manifest.ts';
import { MANIFESTS } from '../tasks/manifests.ts';

/** Of a policy of all domains, in place of the task. */
const OF_ALL = 'base';

type BySize = Readonly<Partial<Record<SizeId, string>>>;

/**
 * Which base policies ship: task → size of the model → name of the folder. One made for the task comes
 * first: it knows it better than one that knows all of them. A policy of all domains was warm-started on
 * the first variant of each: others share its words but not its layout, and it would read them wrongly.
 * It fits the mixture where it knows every domain that is mixed.
 */
export function baseCheckpoints<M extends Manifests<SizeId>>(
  manifests: M,
): Readonly<Record<TaskIdOf<M>, BySize>> {
  const own = Object.values(manifests).flatMap(({ variants, mixture }) =>
    variants.map(({ id, checkpoints }, i) => {
      const shared = i === 0 ? mixture?.checkpoints : undefined;
      return [id, { ...named(OF_ALL, shared), ...named(id, checkpoints) }] as const;
    }),
  );
  const mixed = mixedDomains(manifests).map(({ weight }) => weight.checkpoints ?? []);
  const known = mixed[0]?.filter((size) => mixed.every((sizes) => sizes.includes(size)));
  return tableOf([...own, [MIXTURE.id, named(OF_ALL, known)]]);
}

function named(task: string, sizes: readonly string[] = []): BySize {
  return tableOf(sizes.map((size) => [size, `${task}-${size}`]));
}

const CHECKPOINTS = baseCheckpoints(MANIFESTS);

/** Their names, each once. */
export const BASE_CHECKPOINTS: readonly string[] = [
  ...new Set(Object.values(CHECKPOINTS).flatMap((bySize) => Object.values(bySize))),
];

/** The folder of the base policy for this task and model shape; undefined where none ships. */
export function baseCheckpointFor(config: Config): string | undefined {
  const size = matchPreset(SIZES, config);
  // One word more in the prompt, and all that follows stands elsewhere than where it was learnt.
  const isCountdown = MANIFESTS.countdown.variants.some(({ id }) => id === config.task);
  if (isCountdown && config.countdownFeedback !== 'none') return undefined;
  const name = size && CHECKPOINTS[config.task][size];
  return name && `checkpoints/${name}`;
}

/** `locks-nano`, or `base-nano` for all domains; a shape that is no preset has no name. */
export function checkpointId(config: Config): string | undefined {
  const size = matchPreset(SIZES, config);
  return size && `${config.task === MIXTURE.id ? OF_ALL : config.task}-${size}`;
}

/** What is fetched of such a folder. */
export const BASE_FILES = ['model.safetensors', 'config.json', 'tokenizer.json'] as const;
