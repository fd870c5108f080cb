/** Which parameters the drawer shows, and under which headings: each stands once. */
import {
  changedParams,
  DEFAULT_CONFIG,
  DOMAIN_PARAM_IDS,
  PARAM_IDS,
  PARAMS,
  WEIGHT_IDS,
} from '../../../schema/params.ts';
import type { Config, Param, ParamGroup, ParamId } from '../../../schema/params.ts';
import { manifestOf, MANIFESTS } from '../../../tasks/manifests.ts';

/** What people turn first. */
export const FIRST_PARAMS = [
  'task',
  'selectProbability',
  'priorityStrength',
  'divergeProbability',
  'diversityStrength',
  'learningRate',
  'temperature',
  'groupSize',
] as const satisfies readonly ParamId[];

/** Most important first. */
const GROUPS = [
  ['curriculum', 'Curriculum'],
  ['rollouts', 'Rollouts'],
  ['reward', 'Reward'],
  ['optimization', 'Optimization'],
  ['run', 'Task and run'],
  ['model', 'Model'],
  ['evaluation', 'Evaluation'],
] as const satisfies readonly (readonly [ParamGroup, string])[];

export interface Section {
  readonly id: 'favourites' | 'first' | ParamGroup;
  readonly title: string;
  readonly ids: readonly ParamId[];
}

export interface DrawerFilter {
  /** Words, all of which must stand in the name, the label, the symbol or the help of a parameter. */
  readonly text: string;
  readonly changedOnly: boolean;
}

const MIXED_ONLY: ReadonlySet<ParamId> = new Set(WEIGHT_IDS);

const OF_A_DOMAIN: ReadonlySet<ParamId> = new Set(DOMAIN_PARAM_IDS);

/** Whether it has a say in what the task is; of a mixture all have. */
function bearsOn(task: Config['task'], id: ParamId): boolean {
  if (task === 'mixture') return true;
  const { of }: Param = PARAMS[id];
  if (of === undefined) return !MIXED_ONLY.has(id);
  return manifestOf(task) === MANIFESTS[of];
}

/** Sections that hold something, in their order. */
export function sectionsOf(
  config: Config,
  favourites: readonly ParamId[],
  { text, changedOnly }: DrawerFilter,
): readonly Section[] {
  const changed: ReadonlySet<ParamId> = new Set(changedParams(config, DEFAULT_CONFIG));
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const isShown = (id: ParamId): boolean =>
    (bearsOn(config.task, id) || (OF_A_DOMAIN.has(id) && changed.has(id))) &&
    (!changedOnly || changed.has(id)) &&
    matches(id, words);
  const first = FIRST_PARAMS.filter((id) => !favourites.includes(id));
  const above: ReadonlySet<ParamId> = new Set([...favourites, ...first]);
  const sections: readonly Section[] = [
    { id: 'favourites', title: 'Favourites', ids: favourites },
    { id: 'first', title: 'Turned first', ids: first },
    ...GROUPS.map(([id, title]) => ({
      id,
      title,
      ids: PARAM_IDS.filter((one) => PARAMS[one].group === id && !above.has(one)),
    })),
  ];
  return sections
    .map((section) => ({ ...section, ids: section.ids.filter(isShown) }))
    .filter(({ ids }) => ids.length > 0);
}

function matches(id: ParamId, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const { label, symbol = '', help }: Param = PARAMS[id];
  const said = [id, label, symbol, help].join(' ').toLowerCase();
  return words.every((word) => said.includes(word));
}
