/**
 * Precomputed scores: of every competition that ships and every pipeline. `npm run scores`
 * makes the table; it is for one version of the packages, and for the tables as they were.
 */
import * as v from 'valibot';
import { hashString } from '../../base/rng.ts';
import { canonicalPipelines, keyOf } from '../tables/choices.ts';
import type { Score } from '../tables/evaluate.ts';
import { FAULTS } from '../tables/fault.ts';
import { hasMissing, type Table } from '../tables/table.ts';

export const PrecomputedScoresSchema = v.object({
  /** Package → version. */
  libraries: v.record(v.string(), v.string()),
  /** Competition → which table it was, and its scores in base64. */
  tables: v.record(v.string(), v.object({ fingerprint: v.number(), scores: v.string() })),
});
export type PrecomputedScores = v.InferOutput<typeof PrecomputedScoresSchema>;

/** Scores by the key of a canonical pipeline. */
export type ScoreTable = ReadonlyMap<string, Score>;

/** Two signed 16-bit numbers a score, little-endian: validation and training in parts of `PARTS`. */
const BYTES = 4;
const PARTS = 10_000;
/** Stands for a validation score where there is none; the fault's number is in the other's place. */
const FAILED = -32_768;

/** Changes whenever anything in the table does. */
export function fingerprint(table: Table): number {
  return hashString(JSON.stringify(table));
}

/** Of the table's canonical pipelines, in their order. */
export function encodeScores(scores: readonly Score[]): string {
  const view = new DataView(new ArrayBuffer(scores.length * BYTES));
  scores.forEach((score, i) => {
    const [first, second] =
      score.kind === 'failed'
        ? [FAILED, FAULTS.indexOf(score.fault)]
        : [Math.round(score.validation * PARTS), Math.round(score.training * PARTS)];
    view.setInt16(i * BYTES, first, true);
    view.setInt16(i * BYTES + 2, second, true);
  });
  return btoa(String.fromCharCode(...new Uint8Array(view.buffer)));
}

/** @throws RangeError if there is not one score per canonical pipeline of the table. */
export function decodeScores(table: Table, text: string): ScoreTable {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const pipelines = canonicalPipelines(hasMissing(table));
  if (bytes.length !== pipelines.length * BYTES) {
    const expected = `${pipelines.length} scores`;
    throw new RangeError(
      `scores of ${table.name}: got ${bytes.length} bytes, expected ${expected}`,
    );
  }
  const view = new DataView(bytes.buffer);
  return new Map(pipelines.map((pipeline, i) => [keyOf(pipeline), readScore(view, i * BYTES)]));
}

function readScore(view: DataView, at: number): Score {
  const first = view.getInt16(at, true);
  const second = view.getInt16(at + 2, true);
  if (first === FAILED) return { kind: 'failed', fault: FAULTS[second]! };
  return { kind: 'scored', validation: first / PARTS, training: second / PARTS };
}

let loading: Promise<PrecomputedScores> | undefined;

/** The whole table, loaded when first asked for. */
export function loadPrecomputedScores(): Promise<PrecomputedScores> {
  loading ??= import('./scores.json').then((module) =>
    v.parse(PrecomputedScoresSchema, module.default),
  );
  return loading;
}

const DECODED = new WeakMap<Table, ScoreTable>();

/** Undefined for a table that has no precomputed scores, or had them when it was another. */
export async function precomputedScores(table: Table): Promise<ScoreTable | undefined> {
  const known = DECODED.get(table);
  if (known) return known;
  const stored = (await loadPrecomputedScores()).tables[table.name];
  if (stored?.fingerprint !== fingerprint(table)) return undefined;
  const decoded = decodeScores(table, stored.scores);
  DECODED.set(table, decoded);
  return decoded;
}
