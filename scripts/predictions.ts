/**
 * Trains every single model on every table and writes what it predicts to
 * `src/tasks/ensembles/predictions.json`. Some five minutes on one core; tables that are as before are kept
 * if the packages are, unless `--all` is said.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { ENSEMBLE_TABLES } from '../src/tasks/ensembles/competitions.ts';
import { MEMBERS, pipelineOf } from '../src/tasks/ensembles/members.ts';
import { predictAll } from '../src/tasks/ensembles/predict.ts';
import {
  encodePredictions,
  fingerprint,
  MEMBERS_PRINT,
  StoredPredictionsSchema,
  type StoredPredictions,
  type StoredTable,
} from '../src/tasks/ensembles/predictions.ts';
import { sourceOf, tableOf, unseenRowsOf } from '../src/tasks/tables/competitions.ts';
import { hasMissing, type Table } from '../src/tasks/tables/table.ts';

const OUTPUT = new URL('../src/tasks/ensembles/predictions.json', import.meta.url);
const UNSEEN = new URL('../src/tasks/ensembles/unseen.json', import.meta.url);
const PACKAGE = new URL('../package.json', import.meta.url);
const UNSEEN_ROWS = 120;

const PackageSchema = v.object({ dependencies: v.record(v.string(), v.string()) });
const UnseenSchema = v.record(
  v.string(),
  v.object({ rows: v.array(v.array(v.nullable(v.number()))), targets: v.array(v.number()) }),
);

const REAL = v.parse(UnseenSchema, JSON.parse(readFileSync(UNSEEN, 'utf8')));

/** The packages that predictions depend on. */
function libraries(): StoredPredictions['libraries'] {
  const { dependencies } = v.parse(PackageSchema, JSON.parse(readFileSync(PACKAGE, 'utf8')));
  const ours = Object.entries(dependencies).filter(([name]) => /^ml-(?!dataset)/.test(name));
  return Object.fromEntries(ours);
}

/** What there is already for these packages. */
function before(versions: StoredPredictions['libraries']): StoredPredictions['tables'] {
  if (process.argv.includes('--all') || !existsSync(OUTPUT)) return {};
  const known = v.parse(StoredPredictionsSchema, JSON.parse(readFileSync(OUTPUT, 'utf8')));
  const same = JSON.stringify(known.libraries) === JSON.stringify(versions);
  return same && known.members === MEMBERS_PRINT ? known.tables : {};
}

/** A real table's without gaps where the table has none: nothing learned from it to fill them. */
function unseenRows(table: Table): Pick<Table, 'rows' | 'targets'> {
  if (!sourceOf(table.name)) return unseenRowsOf(table.name, UNSEEN_ROWS);
  const { rows, targets } = REAL[table.name]!;
  const usable = rows.map((row) => hasMissing(table) || !row.includes(null));
  return { rows: rows.filter((_, i) => usable[i]), targets: targets.filter((_, i) => usable[i]) };
}

function predictTable(table: Table): StoredTable {
  const start = performance.now();
  const { rows, targets } = unseenRows(table);
  const all = MEMBERS.map((member) =>
    predictAll(table, pipelineOf(member, hasMissing(table)), rows),
  );
  const seconds = (performance.now() - start) / 1000;
  const works = all.filter(Boolean).length;
  process.stdout.write(`${table.name}: ${works} models, ${seconds.toFixed(1)} s\n`);
  return {
    fingerprint: fingerprint(table),
    unseenTargets: targets,
    predictions: encodePredictions(table, all),
  };
}

const versions = libraries();
const known = before(versions);
const tables: StoredPredictions['tables'] = {};
for (const name of ENSEMBLE_TABLES) {
  const table = tableOf(name);
  const kept = known[name]?.fingerprint === fingerprint(table) ? known[name] : undefined;
  tables[name] = kept ?? predictTable(table);
  const file: StoredPredictions = { libraries: versions, members: MEMBERS_PRINT, tables };
  writeFileSync(OUTPUT, `${JSON.stringify(file, null, 2)}\n`);
}
