/** What a lock is: three visible descriptors, one hidden shift per dial, and the tables behind them. */
import { createRng, hashString, type Rng } from '../../base/rng.ts';
import type { KindNames } from '../kind-text.ts';
import type { Split, UnevenKind } from '../task.ts';
import type { LockShape } from './manifest.ts';
import { DESCRIPTOR_VALUES, DESCRIPTORS } from './vocabulary.ts';

/** Plain JSON. `descriptors` is in the prompt, `shifts` (one per dial) is what has to be found out. */
export type LockInstance = {
  readonly descriptors: readonly number[];
  readonly shifts: readonly number[];
  /** A jammed lock opens to no setting of its dials, an open one is open at all of them. */
  readonly kind?: UnevenKind;
  /** Paid only when it is wholly open; its marks and score are those of any lock. */
  readonly hard?: true;
};

export const LOCK_KINDS = {
  unsolvable: 'jammed lock',
  trivial: 'open lock',
} as const satisfies KindNames;

/** What a person writes after a lock that is not like others. */
export const LOCK_NOTES = { ...LOCK_KINDS, hard: 'hard lock' } as const;

/** The same tables in every run: a policy carries what it learned of them from one run to the next. */
const TABLE_SEED = 20260;
const SPLIT_SEED = 41;
/** One descriptor triple in this many is held out. */
const TEST_EVERY = 4;
/** Otherwise the shift is uniform over all values, 0 included. */
const NO_SHIFT_PROBABILITY = 0.4;

/** `tables[dial][descriptor value]` is the right value at shift 0; every value is equally frequent. */
export type LockTables = readonly (readonly number[])[];

export function lockTables({ dials, values }: LockShape): LockTables {
  return Array.from({ length: dials }, (_, dial) =>
    createRng(TABLE_SEED)
      .fork(`${dials} dials of ${values}, dial ${dial}`)
      .permutation(DESCRIPTOR_VALUES)
      .map((rank) => rank % values),
  );
}

/** The descriptor value that a dial's table is read at: dials take the three slots in turn. */
export function readDescriptor(instance: LockInstance, dial: number): number {
  return instance.descriptors[dial % DESCRIPTORS]!;
}

/** What the descriptors alone suggest: the right value of each dial if no dial were shifted. */
export function unshifted(tables: LockTables, instance: LockInstance): number[] {
  return tables.map((table, dial) => table[readDescriptor(instance, dial)]!);
}

/** The right value of each dial. */
export function solution(tables: LockTables, values: number, instance: LockInstance): number[] {
  return unshifted(tables, instance).map(
    (value, dial) => (value + instance.shifts[dial]!) % values,
  );
}

type LockSplit = 'train' | 'test';

/** Every descriptor triple belongs to exactly one split: held-out locks are unseen combinations. */
export function splitOf(descriptors: readonly number[]): LockSplit {
  const hash = hashString(descriptors.join(' '), SPLIT_SEED) >>> 0;
  return hash % TEST_EVERY === 0 ? 'test' : 'train';
}

/** All descriptor triples of a split, about 3,000 for training and 1,000 held out. */
export const TRIPLES: Readonly<Record<LockSplit, readonly (readonly number[])[]>> = {
  train: allTriples().filter((triple) => splitOf(triple) === 'train'),
  test: allTriples().filter((triple) => splitOf(triple) === 'test'),
};

function allTriples(): number[][] {
  const n = DESCRIPTOR_VALUES;
  return Array.from({ length: n ** DESCRIPTORS }, (_, i) => [
    Math.floor(i / (n * n)),
    Math.floor(i / n) % n,
    i % n,
  ]);
}

/** @throws RangeError if the split is neither `train` nor `test`. */
export function sampleLock(shape: LockShape, split: Split, rng: Rng): LockInstance {
  const { dials, values, uniform } = shape;
  const bySplit: Readonly<Partial<Record<Split, readonly (readonly number[])[]>>> = TRIPLES;
  const triples = bySplit[split];
  if (!triples) throw new RangeError(`split: got "${split}", expected "train" or "test"`);
  return {
    descriptors: rng.pick(triples),
    shifts: Array.from({ length: dials }, () =>
      !uniform && rng.chance(NO_SHIFT_PROBABILITY) ? 0 : rng.int(values),
    ),
  };
}
