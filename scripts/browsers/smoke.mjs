/** Trains a small run in a driven browser, leaves the page and comes back to it. */
import { unzipSync } from 'fflate';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './driven.mjs';

/** Seconds rather than minutes: few and small groups, random weights, no evaluation. */
const QUICK =
  '?init=scratch&warmStartSteps=0&evalEvery=0&batchGroups=4&groupSize=4&bufferMin=1&seed=1';
const STEPS = 20;

const named = (name) =>
  `[...document.querySelectorAll('button')].find((button) =>
     (button.getAttribute('aria-label') ?? button.textContent.trim()) === ${JSON.stringify(name)})`;
const textOf = (selector) => `document.querySelector('${selector}')?.textContent`;
/** What the page says went wrong, or has to say at all. */
const NOTICES = `[...document.querySelectorAll('.notice')].map(({ textContent }) => textContent)`;
const LISTED = `document.querySelectorAll('.run-entry').length`;

/**
 * @param {import('./driven.mjs').Driven} browser
 * @param {{ address: string, downloads: string, query: string }} options `query` comes after that of a quick run
 * @throws Error naming what was not as it should be
 */
export async function smoke(browser, { address, downloads, query }) {
  const page = labPage(browser, downloads);
  await browser.open(`${address}${QUICK}${query}`);
  await page.ready();
  equal('step of a fresh run', await page.step(), 0);

  await page.press('Play');
  await until(`${STEPS} steps are trained`, async () => (await page.step()) >= STEPS, 180_000);
  await page.press('Pause');
  await page.ready();
  const stopped = await page.step();
  equal('steps in the export', await page.exportedSteps(), upTo(stopped));

  await browser.reload();
  await page.ready();
  equal('step after a reload', await page.step(), stopped);
  await page.press('Step');
  await until('the run goes on', async () => (await page.step()) === stopped + 1);
  await page.ready();
  equal('steps in the next export', await page.exportedSteps(), upTo(stopped + 1));

  await page.press('Runs');
  await until('the list of runs', async () => (await browser.evaluate(LISTED)) > 0);
  equal('runs in the list', await browser.evaluate(LISTED), 1);
  await page.press('Close the list of runs');

  equal('notices', await browser.evaluate(NOTICES), []);
  equal('errors on the console', browser.problems(), []);
  return stopped + 1;
}

function labPage(browser, downloads) {
  const isEnabled = (name) => browser.evaluate(`${named(name)}?.disabled === false`);
  const press = async (name) => {
    await until(`${name} can be pressed`, () => isEnabled(name));
    await browser.click(named(name));
  };
  return {
    press,
    ready: () => until('the run is ready', () => isEnabled('Play')),
    step: async () => Number(await browser.evaluate(textOf('[data-testid="step"]'))),
    exportedSteps: async () => {
      await press('Export');
      const path = await until('the export is on the disk', () => wholeZip(downloads));
      const files = unzipSync(readFileSync(path));
      rmSync(path);
      const metrics = Buffer.from(files['metrics.jsonl'] ?? []).toString('utf8');
      return metrics
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).step);
    },
  };
}

/** Browsers write beside at first, under a name that ends otherwise, or grow the file in its place. */
function wholeZip(folder) {
  const name = readdirSync(folder).find((entry) => entry.endsWith('.zip'));
  if (!name) return undefined;
  const path = join(folder, name);
  unzipSync(readFileSync(path));
  return path;
}

function upTo(count) {
  return Array.from({ length: count }, (_, i) => i + 1);
}

function equal(what, got, expected) {
  const [a, b] = [got, expected].map((value) => JSON.stringify(value));
  if (a !== b) throw new Error(`${what}: got ${a}, expected ${b}`);
}
