/** Named sets of parameter values: the paper's ladder of strategies, and model sizes. */
import type { Config } from './params.ts';

export interface Preset {
  readonly label: string;
  readonly help: string;
  readonly values: Partial<Config>;
  /** Former names, by which old addresses and flags still call it. */
  readonly aliases?: readonly string[];
}

type PresetTable = Readonly<Record<string, Preset>>;

const HISTORIES = {
  bufferContent: 'histories',
  selectProbability: 0.7,
  priority: 'softmax',
  maxUses: 3,
  divergeProbability: 0,
  diversityStrength: 0,
} as const satisfies Partial<Config>;

/** The strategy parameters; every strategy sets all of them, so that switching leaves nothing behind. */
export const STRATEGIES = {
  grpo: {
    label: 'GRPO',
    help: 'Fresh tasks only, no buffer: the baseline.',
    values: { ...HISTORIES, bufferContent: 'none', selectProbability: 0 },
  },
  curriculum: {
    label: 'Curriculum',
    help: 'Base tasks, replayed by learnability.',
    // Base tasks, unlike histories, do not come anew: retiring them would empty the buffer.
    values: { ...HISTORIES, bufferContent: 'base', maxUses: 0 },
  },
  improve: {
    label: 'Improve',
    help: 'Partial histories, replayed by learnability and improved by one step.',
    values: HISTORIES,
  },
  diverge: {
    label: 'Diverge',
    help: 'As Improve, and some histories are continued by a different attempt.',
    values: { ...HISTORIES, divergeProbability: 0.2 },
  },
  exit: {
    label: 'ExIt',
    help: 'As Diverge, and advantages carry the diversity bonus: the whole method.',
    values: { ...HISTORIES, divergeProbability: 0.2, diversityStrength: 0.33 },
  },
  'exit-uniform': {
    label: 'ExIt, uniform priority',
    help: 'ExIt in everything but one: histories are drawn uniformly. The control that tells what choosing by learnability brings.',
    values: { ...HISTORIES, divergeProbability: 0.2, diversityStrength: 0.33, priority: 'uniform' },
  },
} as const satisfies PresetTable;

export type StrategyId = keyof typeof STRATEGIES;

/** Names that addresses and scripts may still hold. They open as what they were. */
export const FORMER_STRATEGIES = {
  uniform: {
    label: 'Uniform',
    help: 'Improve with uniform priority: a control that also lacked divergence and the bonus.',
    values: { ...HISTORIES, priority: 'uniform' },
  },
} as const satisfies PresetTable;

export const SIZES = {
  nano: {
    label: 'nano',
    help: '0.1 M parameters',
    values: {
      hiddenSize: 64,
      numLayers: 2,
      numHeads: 4,
      intermediateSize: 176,
      tieEmbeddings: true,
    },
  },
  micro: {
    label: 'micro',
    help: '0.8 M parameters',
    values: {
      hiddenSize: 128,
      numLayers: 4,
      numHeads: 4,
      intermediateSize: 352,
      tieEmbeddings: true,
    },
  },
  small: {
    label: 'small',
    help: '4.7 M parameters',
    values: {
      hiddenSize: 256,
      numLayers: 6,
      numHeads: 8,
      intermediateSize: 688,
      tieEmbeddings: true,
    },
  },
} as const satisfies PresetTable;

export type SizeId = keyof typeof SIZES;

/** Which preset of the table the configuration matches in all of its values, if any. */
export function matchPreset<T extends PresetTable>(
  table: T,
  config: Config,
): (keyof T & string) | undefined {
  return Object.keys(table).find((id) => {
    const values: Partial<Config> = table[id]!.values;
    return Object.entries(values).every(([key, value]) => config[key as keyof Config] === value);
  });
}
