/** The competitions: real tables and drawn ones, and which of them training never sees. */
import * as v from 'valibot';
import { createRng, hashString, type Rng } from '../../base/rng.ts';
import type { Split } from '../task.ts';
import * as draw from './generators.ts';
import { TableSchema, type Table } from './table.ts';
import stored from './tables.json';

const REAL = v.parse(v.array(v.object({ source: v.string(), table: TableSchema })), stored);

/** Sources of real tables that are held out, every table of theirs. */
const HELD_OUT_SOURCES: readonly string[] = [
  'penguins',
  'earthquakes',
  'unemployment-across-industries',
];

interface GeneratedTable {
  readonly generator: draw.Generator;
  readonly rows: number;
}

const TRAINING: Readonly<Record<string, GeneratedTable>> = {
  moons: { generator: draw.moons(0.2), rows: 80 },
  'moons-noisy': { generator: draw.moons(0.4), rows: 90 },
  rings: { generator: draw.rings(0.1), rows: 70 },
  'rings-noisy': { generator: draw.rings(0.2), rows: 90 },
  xor: { generator: draw.xor(0, 0.05), rows: 80 },
  'xor-idle': { generator: draw.xor(3, 0.05), rows: 90 },
  blobs: { generator: draw.blobs(1, 3), rows: 60 },
  'blobs-wide': { generator: draw.blobs(1.6, 5), rows: 90 },
  shells: { generator: draw.shells(3), rows: 80 },
  'sparse-classes': { generator: draw.sparseClasses(6, 0.5), rows: 70 },
  'sparse-classes-noisy': { generator: draw.sparseClasses(4, 1.2), rows: 90 },
  imbalanced: { generator: draw.imbalanced(6, 1.8), rows: 90 },
  'imbalanced-far': { generator: draw.imbalanced(8, 2.5), rows: 80 },
  box: { generator: draw.box(3), rows: 90 },
  scales: { generator: draw.scales(3), rows: 80 },
  skewed: { generator: draw.skewed(4), rows: 80 },
  'friedman-1': { generator: draw.friedman1('rmse', 1), rows: 80 },
  'friedman-1-noisy': { generator: draw.friedman1('r2', 2.5), rows: 60 },
  'friedman-2': { generator: draw.friedman2(60), rows: 80 },
  'sparse-linear': { generator: draw.sparseLinear(6, 1), rows: 60 },
  'sparse-linear-noisy': { generator: draw.sparseLinear(4, 3), rows: 80 },
  heteroscedastic: { generator: draw.heteroscedastic(3), rows: 80 },
  waves: { generator: draw.waves('r2', 0.1), rows: 90 },
  bowl: { generator: draw.bowl(4, 0.15), rows: 70 },
  stairs: { generator: draw.stairs(3, 0.3), rows: 90 },
  'moons-few': { generator: draw.moons(0.3), rows: 50 },
  'rings-few': { generator: draw.rings(0.15), rows: 50 },
  'xor-noisy': { generator: draw.xor(1, 0.2), rows: 80 },
  'blobs-few': { generator: draw.blobs(1.3, 4), rows: 50 },
  'shells-two': { generator: draw.shells(2), rows: 70 },
  'box-flat': { generator: draw.box(2), rows: 70 },
  'scales-two': { generator: draw.scales(2), rows: 70 },
  'skewed-few': { generator: draw.skewed(3), rows: 50 },
  'waves-noisy': { generator: draw.waves('rmse', 0.4), rows: 80 },
  'bowl-two': { generator: draw.bowl(2, 0.1), rows: 60 },
  'stairs-two': { generator: draw.stairs(2, 0.8), rows: 70 },
  'sparse-linear-few': { generator: draw.sparseLinear(3, 1.5), rows: 50 },
  'gaps-blobs': { generator: draw.withGaps(draw.blobs(1, 3), 0.2), rows: 60 },
  'gaps-linear': { generator: draw.withGaps(draw.sparseLinear(4, 0.5), 0.15), rows: 70 },
  'telling-gaps': { generator: draw.withTellingGaps(draw.sparseLinear(3, 1), 1), rows: 80 },
  'telling-gaps-classes': { generator: draw.withTellingGaps(draw.moons(0.4), 0.5), rows: 80 },
};

/** Shapes that training does not have. */
const TEST: Readonly<Record<string, GeneratedTable>> = {
  spirals: { generator: draw.spirals(0.05), rows: 90 },
  'spirals-noisy': { generator: draw.spirals(0.12), rows: 80 },
  'spirals-few': { generator: draw.spirals(0.05), rows: 50 },
  chessboard: { generator: draw.chessboard(3), rows: 90 },
  'chessboard-small': { generator: draw.chessboard(2), rows: 70 },
  'chessboard-few': { generator: draw.chessboard(2), rows: 50 },
  ellipse: { generator: draw.ellipse(0, 0.05), rows: 80 },
  'ellipse-idle': { generator: draw.ellipse(2, 0.1), rows: 90 },
  'ellipse-noisy': { generator: draw.ellipse(0, 0.15), rows: 70 },
  target: { generator: draw.target(0.1), rows: 90 },
  'target-noisy': { generator: draw.target(0.25), rows: 80 },
  parity: { generator: draw.parity(0), rows: 90 },
  'parity-noisy': { generator: draw.parity(0.05), rows: 80 },
  bands: { generator: draw.bands(0.05), rows: 90 },
  'bands-noisy': { generator: draw.bands(0.1), rows: 90 },
  'friedman-3': { generator: draw.friedman3(0.1), rows: 80 },
  'friedman-3-noisy': { generator: draw.friedman3(0.2), rows: 70 },
  collinear: { generator: draw.collinear(5), rows: 70 },
  'collinear-few': { generator: draw.collinear(3), rows: 50 },
  saddle: { generator: draw.saddle(2, 0.2), rows: 80 },
  'saddle-noisy': { generator: draw.saddle(1, 0.6), rows: 70 },
  'saddle-few': { generator: draw.saddle(0, 0.2), rows: 50 },
  hills: { generator: draw.hills('r2', 0.05), rows: 80 },
  'hills-noisy': { generator: draw.hills('rmse', 0.2), rows: 70 },
  'hills-few': { generator: draw.hills('r2', 0.05), rows: 50 },
  ratio: { generator: draw.ratio(0.1), rows: 80 },
  'ratio-noisy': { generator: draw.ratio(0.5), rows: 60 },
  saturation: { generator: draw.saturation(1, 0.05), rows: 80 },
  'saturation-idle': { generator: draw.saturation(3, 0.15), rows: 70 },
  hinge: { generator: draw.hinge(3, 0.3), rows: 80 },
  'hinge-noisy': { generator: draw.hinge(2, 1), rows: 60 },
  'gaps-ellipse': { generator: draw.withGaps(draw.ellipse(1, 0.05), 0.1), rows: 80 },
  'gaps-hinge': { generator: draw.withGaps(draw.hinge(3, 0.3), 0.15), rows: 70 },
};

/** One split per name, because a source and a drawn table are in one list only. */
const SPLITS: Readonly<Record<'train' | 'test', readonly string[]>> = {
  train: [
    ...REAL.filter(({ source }) => !HELD_OUT_SOURCES.includes(source)).map(
      ({ table }) => table.name,
    ),
    ...Object.keys(TRAINING),
  ],
  test: [
    ...REAL.filter(({ source }) => HELD_OUT_SOURCES.includes(source)).map(
      ({ table }) => table.name,
    ),
    ...Object.keys(TEST),
  ],
};

export const COMPETITIONS: readonly string[] = [...SPLITS.train, ...SPLITS.test];

/**
 * The name of a competition stands for a split of its own, for looking at it alone.
 * @throws RangeError if there is no such split.
 */
export function competitionsOf(split: Split): readonly string[] {
  if (split === 'train' || split === 'test') return SPLITS[split];
  if (COMPETITIONS.includes(split)) return [split];
  throw new RangeError(`split: got "${split}", expected train, test or the name of a competition`);
}

export function drawCompetition(split: Split, rng: Rng): string {
  return rng.pick(competitionsOf(split));
}

/** Where a real table comes from; undefined for a drawn one. */
export function sourceOf(name: string): string | undefined {
  return REAL.find(({ table }) => table.name === name)?.source;
}

const TABLES = new Map<string, Table>(REAL.map(({ table }) => [table.name, table]));

/** @throws RangeError if there is no such competition. */
export function tableOf(name: string): Table {
  const table = TABLES.get(name) ?? drawTable(name);
  TABLES.set(name, table);
  return table;
}

/** @param more rows after those of the table, drawn from the same stream. */
function drawTable(name: string, more = 0): Table {
  const drawn = Object.entries({ ...TRAINING, ...TEST }).find(([known]) => known === name)?.[1];
  if (!drawn) {
    throw new RangeError(`competition: got "${name}", expected one of ${COMPETITIONS.join(', ')}`);
  }
  return generate(name, { ...drawn, rows: drawn.rows + more });
}

/**
 * Rows that no table has, to judge by; a real table's are cut from its source by a script.
 * @throws RangeError if there is no such drawn competition.
 */
export function unseenRowsOf(name: string, count: number): Pick<Table, 'rows' | 'targets'> {
  const { rows, targets } = drawTable(name, count);
  return { rows: rows.slice(-count), targets: targets.slice(-count) };
}

function generate(name: string, { generator, rows }: GeneratedTable): Table {
  return draw.generate(name, generator, rows, createRng(hashString(name)));
}
