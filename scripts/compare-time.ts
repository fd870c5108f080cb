/**
 * How long the one button of Compare takes, as a person presses it: ExIt, uniform priority and GRPO, five seeds
 * each, 40,000 tokens, of the built page in a real Chromium:
 *
 *     npx tsx scripts/compare-time.ts [minutes at most, 8] [query, as in the address]
 *
 * Says the seconds, what Chromium took of the processor meanwhile, and how busy the machine was without it:
 * where others use it, seconds are an upper bound. Past its time it says how far it came.
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { chromium, type Browser, type Page } from 'playwright';
import { serveBuilt } from './built-page.ts';
import { chromiumLaunchOptions } from './chromium.mjs';

const RUNS = 15;

const [minutesText = '8', query = ''] = process.argv.slice(2);
const minutes = Number(minutesText);
if (!(minutes >= 1 && minutes <= 60)) {
  process.stderr.write(`minutes: got "${minutesText}", expected a number from 1 to 60\n`);
  process.exit(2);
}
const served = await serveBuilt('compare-time');
const browser = await chromium.launch(chromiumLaunchOptions());
try {
  await measure(await openCompare());
} finally {
  await browser.close();
  await served.close();
}

async function openCompare(): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1360, height: 900 } });
  await page.goto(`${served.address}?${query}#compare`);
  // The session of the page itself would load beside it.
  await page.waitForFunction(() => document.querySelector('.transport .primary:enabled') !== null);
  return page;
}

async function measure(page: Page): Promise<void> {
  const compare = page.getByRole('region', { name: 'Compare', exact: true });
  const status = compare.getByText(/^\d+ of \d+ runs finished$/);
  const before = { browser: await processorSeconds(browser), machine: busySeconds() };
  say('load before', loads());
  const began = Date.now();
  await compare.getByRole('button', { name: 'Run', exact: true }).click();
  const passed = (): number => (Date.now() - began) / 1000;
  let finished = 0;
  while (finished < RUNS && passed() < 60 * minutes) {
    await page.waitForTimeout(250);
    finished = parseInt(await status.innerText(), 10);
  }
  const seconds = passed();
  const own = (await processorSeconds(browser)) - before.browser;
  const all = busySeconds() - before.machine;
  const cores = availableParallelism();
  say('runs', `${finished} of ${RUNS} in ${seconds.toFixed(1)} s, on ${cores} cores`);
  say(
    'processor',
    `${own.toFixed(0)} s of Chromium, ${Math.max(0, all - own).toFixed(0)} s of others`,
  );
  // What the same work comes to where nobody else is: as many cores as it used at most.
  say('at least, alone', `${(own / cores).toFixed(0)} s`);
  say('load after', loads());
}

/** Of all processes of the browser, since they began. */
async function processorSeconds(of: Browser): Promise<number> {
  const session = await of.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

/** Of all cores of the machine, since it began. */
function busySeconds(): number {
  const busy = cpus().map(({ times: { user, nice, sys, irq } }) => user + nice + sys + irq);
  return busy.reduce((sum, ms) => sum + ms, 0) / 1000;
}

function loads(): string {
  return loadavg()
    .map((load) => load.toFixed(2))
    .join(', ');
}

function say(what: string, value: string): void {
  process.stdout.write(`${what}: ${value}\n`);
}
