/**
 * The predictions of all single models on all tables, so that assembling an ensemble trains nothing.
 * `npm run predictions` makes the file; it is for one version of the packages and for the tables as they
 * were. A class takes one or two bits, a number a byte: numbers are clipped to the range of the table's
 * targets and a quarter of it to each side, in 255 steps.
 */
import * as v from 'valibot';
import { hashString } from '../../base/rng.ts';
import { type Table } from '../tables/table.ts';
import { MEMBERS } from './members.ts';
import type { Predictions } from './predict.ts';

const StoredTableSchema = v.object({
  /** Which table it was. */
  fingerprint: v.number(),
  /** Classes or numbers of the rows that no table has. */
  unseenTargets: v.array(v.number()),
  /** One bit per member, whether it works; then the predictions of those that do. In base64. */
  predictions: v.string(),
});
export type StoredTable = v.InferOutput<typeof StoredTableSchema>;

export const StoredPredictionsSchema = v.object({
  /** Package → version. */
  libraries: v.record(v.string(), v.string()),
  /** Which single models they are of, in this order. */
  members: v.number(),
  tables: v.record(v.string(), StoredTableSchema),
});
export type StoredPredictions = v.InferOutput<typeof StoredPredictionsSchema>;

/** A table with what every single model predicts of it. */
export interface PredictedTable {
  readonly table: Table;
  readonly unseenTargets: readonly number[];
  /** By index of `MEMBERS`; null where the model fails. */
  readonly predictions: readonly (Predictions | null)[];
}

/** Changes whenever the list of single models does. */
export const MEMBERS_PRINT = hashString(MEMBERS.map((member) => member.join(' ')).join(','));

/** Changes whenever anything in the table does. */
export function fingerprint(table: Table): number {
  return hashString(JSON.stringify(table));
}

interface Coding {
  readonly bits: number;
  readonly encode: (value: number) => number;
  readonly decode: (code: number) => number;
}

const STEPS = 255;
const MARGIN = 0.25;

function codingOf({ targets, classes }: Table): Coding {
  if (classes.length > 0) {
    return { bits: classes.length > 2 ? 2 : 1, encode: (label) => label, decode: (code) => code };
  }
  const [least, most] = [Math.min(...targets), Math.max(...targets)];
  const low = least - MARGIN * (most - least);
  const step = ((1 + 2 * MARGIN) * (most - least)) / STEPS;
  return {
    bits: 8,
    encode: (value) => Math.max(0, Math.min(STEPS, Math.round((value - low) / step))),
    decode: (code) => low + code * step,
  };
}

/** What is left of predictions when they have been stored. */
export function stored(table: Table, values: readonly number[]): number[] {
  const { encode, decode } = codingOf(table);
  return values.map((value) => decode(encode(value)));
}

export function encodePredictions(table: Table, all: readonly (Predictions | null)[]): string {
  const { bits, encode } = codingOf(table);
  const codes = all.flatMap((one) => (one ? [...one.leftOut, ...one.unseen].map(encode) : []));
  const works = pack(
    all.map((one) => Number(one !== null)),
    1,
  );
  const bytes = [...works, ...pack(codes, bits)];
  return btoa(bytes.map((byte) => String.fromCharCode(byte)).join(''));
}

/** Numbers below 2 ** bits, the first in the lowest bits. */
function pack(codes: readonly number[], bits: number): Uint8Array {
  const perByte = 8 / bits;
  const bytes = new Uint8Array(Math.ceil(codes.length / perByte));
  codes.forEach((code, i) => (bytes[Math.floor(i / perByte)]! |= code << (bits * (i % perByte))));
  return bytes;
}

function unpack(bytes: Uint8Array, at: number, bits: number): number {
  const perByte = 8 / bits;
  return (bytes[Math.floor(at / perByte)]! >> (bits * (at % perByte))) & (2 ** bits - 1);
}

/** @throws RangeError if there is not one prediction per row and member that works. */
export function decodePredictions(table: Table, kept: StoredTable): PredictedTable {
  const { bits, decode } = codingOf(table);
  const bytes = Uint8Array.from(atob(kept.predictions), (character) => character.charCodeAt(0));
  const flags = bytes.subarray(0, Math.ceil(MEMBERS.length / 8));
  const codes = bytes.subarray(flags.length);
  const [own, unseen] = [table.targets.length, kept.unseenTargets.length];
  const works = MEMBERS.map((_, i) => unpack(flags, i, 1) === 1);
  const count = works.filter(Boolean).length * (own + unseen);
  if (codes.length !== Math.ceil((count * bits) / 8)) {
    throw new RangeError(
      `predictions of ${table.name}: got ${codes.length} bytes, expected ${Math.ceil((count * bits) / 8)}`,
    );
  }
  let next = 0;
  const read = (rows: number): number[] =>
    Array.from({ length: rows }, () => decode(unpack(codes, next++, bits)));
  const predictions = works.map((one) =>
    one ? { leftOut: read(own), unseen: read(unseen) } : null,
  );
  return { table, unseenTargets: kept.unseenTargets, predictions };
}

let loading: Promise<StoredPredictions> | undefined;

/** The whole file, loaded when first asked for. */
export function loadPredictions(): Promise<StoredPredictions> {
  loading ??= import('./predictions.json').then((module) =>
    v.parse(StoredPredictionsSchema, module.default),
  );
  return loading;
}

const DECODED = new WeakMap<Table, Promise<PredictedTable>>();

/** @throws RangeError if the file has no predictions of the table, or they are of another. */
export function predictionsOf(table: Table): Promise<PredictedTable> {
  const known = DECODED.get(table) ?? decodeTable(table);
  DECODED.set(table, known);
  return known;
}

async function decodeTable(table: Table): Promise<PredictedTable> {
  const kept = (await loadPredictions()).tables[table.name];
  if (kept?.fingerprint !== fingerprint(table)) {
    const state = kept ? 'of another table of this name' : 'nothing';
    throw new RangeError(`predictions of ${table.name}: got ${state}, expected this table's`);
  }
  return decodePredictions(table, kept);
}
