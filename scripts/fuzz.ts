/**
 * `npm run fuzz`: damaged exports and tables, each refused with a typed error or accepted and written
 * again, none of them slow or large.
 *
 *     npm run fuzz -- --mutants 100000 --seed 1
 *     npm run fuzz -- --seed 1 --only 4711 --keep mutant.zip
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { makeExports } from '../src/fuzz/exports.ts';
import { mutants, tried, type Violation } from '../src/fuzz/fuzz.ts';

/** Of one mutant: seconds of the processor, and bytes that the process grew by. */
const MOST_SECONDS = 2;
const MOST_GROWTH = 200e6;
const MOST_SHOWN = 20;

const { values } = parseArgs({
  options: {
    mutants: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    only: { type: 'string' },
    keep: { type: 'string' },
  },
});

const whole = (flag: string, text: string): number => {
  if (/^\d+$/.test(text)) return Number(text);
  process.stderr.write(`--${flag}: got "${text}", expected a whole number of at least 0\n`);
  process.exit(2);
};

const seed = whole('seed', values.seed);
const first = whole('only', values.only ?? values.from);
const count = values.only === undefined ? whole('mutants', values.mutants) : 1;
const make = mutants({ seed, exports: await makeExports() });
const violations: Violation[] = [];
const counts = { accepted: 0, refused: 0 };
let [slowest, largest] = [0, 0];

for (let n = first; n < first + count; n++) {
  const mutant = make(n);
  if (values.keep !== undefined) writeFileSync(values.keep, mutant.bytes);
  const before = { cpu: process.cpuUsage(), peak: peak() };
  const { outcome, problem } = await tried(mutant);
  const { user, system } = process.cpuUsage(before.cpu);
  const [seconds, growth] = [(user + system) / 1e6, peak() - before.peak];
  slowest = Math.max(slowest, seconds);
  largest = Math.max(largest, growth);
  if (outcome) counts[outcome]++;
  const problems = [
    problem,
    seconds > MOST_SECONDS ? `took ${seconds.toFixed(1)} s` : null,
    growth > MOST_GROWTH ? `took ${Math.round(growth / 1e6)} MB` : null,
  ].filter((one) => one !== null);
  for (const one of problems) {
    violations.push({ mutant: n, kind: mutant.kind, problem: one });
    if (violations.length <= MOST_SHOWN) {
      process.stdout.write(`seed ${seed}, mutant ${n} (${mutant.kind}): ${one}\n`);
    }
  }
  if ((n + 1) % 5000 === 0) process.stderr.write(`${n + 1 - first} mutants\n`);
}

process.stdout.write(
  `${count} mutants, seed ${seed}: ${counts.accepted} accepted and written again, ${counts.refused} refused, ${violations.length} violations; the slowest took ${slowest.toFixed(2)} s, the largest ${Math.round(largest / 1e6)} MB\n`,
);
process.exitCode = violations.length === 0 ? 0 : 1;

/** Bytes, the most that the process ever had. */
function peak(): number {
  return process.resourceUsage().maxRSS * 1024;
}
