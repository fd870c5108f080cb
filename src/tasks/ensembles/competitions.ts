/**
 * The tables that ensembles are made for: some of each sort. Each has rows that nothing was trained on, to
 * judge by, and what all single models predict of it is in `predictions.json`.
 */
import type { Rng } from '../../base/rng.ts';
import type { Split } from '../task.ts';

const SPLITS: Readonly<Record<'train' | 'test', readonly string[]>> = {
  train: [
    ...['iris-species', 'seattle-rain', 'seattle-warmth', 'country-clusters', 'life-expectancy'],
    ...['normal-temperature', 'zip-states', 'moons-noisy', 'rings-noisy', 'xor-idle', 'xor-noisy'],
    ...['blobs-wide', 'shells', 'sparse-classes', 'sparse-classes-noisy', 'imbalanced', 'box'],
    ...['scales', 'skewed', 'friedman-1', 'friedman-1-noisy', 'friedman-2', 'sparse-linear'],
    ...['heteroscedastic', 'waves-noisy', 'bowl', 'stairs', 'gaps-blobs', 'gaps-linear'],
    ...['telling-gaps', 'telling-gaps-classes'],
  ],
  test: [
    ...[
      'penguin-sex',
      'penguin-mass',
      'earthquakes',
      'unemployment',
      'spirals-noisy',
      'chessboard',
    ],
    ...[
      'ellipse-idle',
      'ellipse-noisy',
      'target-noisy',
      'parity-noisy',
      'bands-noisy',
      'friedman-3',
    ],
    ...['collinear', 'saddle', 'saddle-noisy', 'hills-noisy', 'ratio', 'saturation-idle', 'hinge'],
    ...['hinge-noisy', 'gaps-hinge'],
  ],
};

export const ENSEMBLE_TABLES: readonly string[] = [...SPLITS.train, ...SPLITS.test];

/**
 * The name of a table stands for a split of its own, for looking at it alone.
 * @throws RangeError if there is no such split.
 */
export function tablesOf(split: Split): readonly string[] {
  if (split === 'train' || split === 'test') return SPLITS[split];
  if (ENSEMBLE_TABLES.includes(split)) return [split];
  throw new RangeError(`split: got "${split}", expected train, test or the name of a table`);
}

export function drawTable(split: Split, rng: Rng): string {
  return rng.pick(tablesOf(split));
}
