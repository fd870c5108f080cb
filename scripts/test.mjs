/**
 * `npm test`: installs what is missing and runs every check, in order, until one fails; the first three,
 * which use one core each, side by side. `npm test -- unit e2e` runs those only.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium, ensurePackages, ROOT } from './install.mjs';

const folder = mkdtempSync(join(tmpdir(), 'exit-lab-'));
const report = join(folder, 'report.json');

const vitest = (project) => ({
  args: ['vitest/vitest.mjs', 'run', '--project', project, '--reporter=default'].concat(
    '--reporter=json',
    `--outputFile.json=${report}`,
  ),
  count: (r) => [r.numPassedTests, r.numFailedTests, r.numPendingTests + r.numTodoTests],
});

/**
 * In the order of what fails fastest. A stage without `count` is one check; one that is `beside` the next is
 * started with it.
 */
const STAGES = {
  format: { args: ['prettier/bin/prettier.cjs', '--check', '.'], beside: true },
  types: { args: ['typescript/bin/tsc', '--noEmit'], beside: true },
  lint: { args: ['eslint/bin/eslint.js', '.', '--max-warnings=0'] },
  unit: vitest('unit'),
  browser: { ...vitest('browser'), chromium: true },
  e2e: {
    args: ['@playwright/test/cli.js', 'test', '--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report },
    count: ({ stats }) => [stats.expected + stats.flaky, stats.unexpected, stats.skipped],
    chromium: true,
  },
  // Those that are there; `npm run browsers` installs them.
  browsers: {
    args: ['../scripts/browsers.mjs', '--installed'],
    env: { BROWSERS_REPORT: report },
    count: ({ passed, failed, skipped }) => [passed, failed, skipped],
  },
};

const chosen = process.argv.slice(2);
const unknown = chosen.find((name) => !Object.hasOwn(STAGES, name));
if (unknown) {
  console.error(`stage: got "${unknown}", expected one of ${Object.keys(STAGES).join(', ')}`);
  process.exit(2);
}
const names = Object.keys(STAGES).filter((name) => chosen.length === 0 || chosen.includes(name));

// The page that e2e builds.
if (names.includes('e2e')) STAGES.browsers.args.push('--built');

ensurePackages();
if (names.some((name) => STAGES[name].chromium)) ensureChromium();

const results = [];
let together = [];
for (const name of names) {
  together.push(name);
  if (STAGES[name].beside && name !== names.at(-1)) continue;
  results.push(...(await Promise.all(together.map((one) => runStage(one, STAGES[one])))));
  together = [];
  if (results.some(({ ok }) => !ok)) break;
}
rmSync(folder, { recursive: true });
summarize();

async function runStage(name, { args: [script, ...args], env = {}, count }) {
  rmSync(report, { force: true });
  const started = performance.now();
  const child = spawn(process.execPath, [join(ROOT, 'node_modules', script), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  console.log(`\n── ${name} ──`);
  const [status] = await once(child, 'exit');
  const ok = status === 0;
  const [passed, failed, skipped] = count ? readCounts(count) : [Number(ok), Number(!ok), 0];
  // A runner that dies before it reports has failed all the same.
  return {
    name,
    ok,
    passed,
    failed: ok ? failed : Math.max(failed, 1),
    skipped,
    ms: performance.now() - started,
  };
}

function readCounts(count) {
  try {
    return count(JSON.parse(readFileSync(report, 'utf8')));
  } catch {
    return [0, 0, 0];
  }
}

function summarize() {
  console.log('\n── summary ──');
  for (const { name, ok, passed, failed, skipped, ms } of results) {
    const numbers = `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
    const seconds = `${(ms / 1000).toFixed(1)} s`;
    console.log(`${ok ? '✓' : '✗'} ${name.padEnd(8)}${seconds.padStart(8)}   ${numbers}`);
  }
  for (const name of names.slice(results.length)) console.log(`- ${name.padEnd(8)} not run`);
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
}
