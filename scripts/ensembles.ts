/**
 * What can be had on ensembles without learning, and whether the grader is right: rules at equal cost over
 * all tables, demonstrations as they read marks, and the grader held to an independent one.
 */
import { createRng } from '../src/base/rng.ts';
import { mean } from '../src/base/statistics.ts';
import { ENSEMBLE_TABLES } from '../src/tasks/ensembles/competitions.ts';
import { play, RULES, type Rule } from '../src/tasks/ensembles/rules.testing.ts';

const CHAINS = 100;
const COSTS = [4, 7, 19];
const rules = Object.keys(RULES) as Rule[];

const wanted = process.argv.slice(2);
const tables = wanted.length > 0 ? wanted : ENSEMBLE_TABLES;
for (const cost of COSTS) {
  const found: Record<Rule, number>[] = [];
  for (const name of tables) {
    for (let i = 0; i < CHAINS; i++) found.push(await play(name, cost, createRng(i).fork(name)));
  }
  const texts = rules.map((rule) => `${rule} ${mean(found.map((row) => row[rule])).toFixed(3)}`);
  process.stdout.write(`${cost} models trained: ${texts.join(', ')}\n`);
}
