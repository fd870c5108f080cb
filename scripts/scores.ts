/**
 * Trains and scores every pipeline on every competition and writes `src/tasks/pipelines/scores.json`.
 * Some ten minutes on one core; competitions whose table is as before are kept if the packages are.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { canonicalPipelines } from '../src/tasks/tables/choices.ts';
import { COMPETITIONS, tableOf } from '../src/tasks/tables/competitions.ts';
import { evaluate } from '../src/tasks/tables/evaluate.ts';
import {
  encodeScores,
  fingerprint,
  PrecomputedScoresSchema,
  type PrecomputedScores,
} from '../src/tasks/pipelines/precomputed-scores.ts';
import { hasMissing, type Table } from '../src/tasks/tables/table.ts';

const OUTPUT = new URL('../src/tasks/pipelines/scores.json', import.meta.url);
const PACKAGE = new URL('../package.json', import.meta.url);

const PackageSchema = v.object({ dependencies: v.record(v.string(), v.string()) });

/** The packages that scores depend on. */
function libraries(): PrecomputedScores['libraries'] {
  const { dependencies } = v.parse(PackageSchema, JSON.parse(readFileSync(PACKAGE, 'utf8')));
  const ours = Object.entries(dependencies).filter(([name]) => /^ml-(?!dataset)/.test(name));
  return Object.fromEntries(ours);
}

/** What there is already for these packages. */
function before(versions: PrecomputedScores['libraries']): PrecomputedScores['tables'] {
  if (!existsSync(OUTPUT)) return {};
  const known = v.parse(PrecomputedScoresSchema, JSON.parse(readFileSync(OUTPUT, 'utf8')));
  return JSON.stringify(known.libraries) === JSON.stringify(versions) ? known.tables : {};
}

function scoreAll(table: Table): string {
  const start = performance.now();
  const pipelines = canonicalPipelines(hasMissing(table));
  // A slow machine must not leave its mark in the table.
  const scores = pipelines.map((pipeline) => evaluate(table, pipeline, { limit: Infinity }));
  const seconds = (performance.now() - start) / 1000;
  process.stdout.write(`${table.name}: ${pipelines.length} pipelines, ${seconds.toFixed(1)} s\n`);
  return encodeScores(scores);
}

const versions = libraries();
const known = process.argv.includes('--all') ? {} : before(versions);
const tables: PrecomputedScores['tables'] = {};
for (const name of COMPETITIONS) {
  const table = tableOf(name);
  const print = fingerprint(table);
  const kept = known[name]?.fingerprint === print ? known[name] : undefined;
  tables[name] = kept ?? { fingerprint: print, scores: scoreAll(table) };
  writeFileSync(OUTPUT, `${JSON.stringify({ libraries: versions, tables }, null, 2)}\n`);
}
