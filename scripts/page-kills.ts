/**
 * Ends parts of the page at random moments while it trains, goes on each time, and compares the run in the
 * end with one that nobody disturbed:
 *
 *     npx tsx scripts/page-kills.ts worker,replica,renderer,browser,device,gpu [kills of each, 10] [seed, 1]
 *
 * After each the run must be there, no shorter than it was last found, and go on by itself or where a person
 * continues it. After all of them and 50 further steps every row of its metrics must equal that of the
 * undisturbed run. Exits with 1 otherwise.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { chromium, type Browser, type Locator, type Page } from 'playwright';
import { LabPage, QUICK, steadyRows, TINY } from '../e2e/lab.ts';
import { createRng } from '../src/base/rng.ts';
import { serveBuilt } from './built-page.ts';
import { chromiumLaunchOptions, findChromium } from './chromium.mjs';

/** Trained after the last kill. */
const FURTHER = 50;
/** A step that compiles shaders on the CPU takes a minute. */
const LONGEST_MS = 240_000;
/** The page gives up after three failures within a minute: it is loaded anew before. */
const RELOAD_AFTER = 2;

type Row = ReturnType<typeof steadyRows>[number];

interface Target {
  readonly query: string;
  /** Milliseconds of training before it, at most. */
  readonly within: number;
  readonly kill: (opened: Opened) => Promise<void>;
  /** What is left of it: the page, which goes on itself, or less. */
  readonly left: 'page' | 'browser' | 'nothing';
  /** Whether the page has to start its training again. */
  readonly restarts: boolean;
}

const WASM = `${QUICK}&backend=wasm&replicas=2`;
const WEBGPU = `${TINY}&backend=webgpu`;

const TARGETS: Readonly<Record<string, Target>> = {
  worker: {
    ...{ query: WASM, within: 1500, left: 'page', restarts: true },
    kill: ({ page }) => page.evaluate(() => trainers.at(-1)!.terminate()),
  },
  replica: {
    ...{ query: WASM, within: 1500, left: 'page', restarts: false },
    kill: async ({ page }) =>
      trainerOf(page).evaluate(() => {
        for (const replica of replicas) replica.terminate();
      }),
  },
  renderer: {
    ...{ query: WASM, within: 3000, left: 'browser', restarts: true },
    kill: async ({ page }) => {
      const session = await page.context().newCDPSession(page);
      const crashed = page.waitForEvent('crash');
      session.send('Page.crash').catch(() => undefined);
      await crashed;
    },
  },
  browser: {
    ...{ query: WASM, within: 3000, left: 'nothing', restarts: true },
    kill: async ({ process }) => end(process),
  },
  device: {
    ...{ query: WEBGPU, within: 3000, left: 'page', restarts: true },
    kill: async ({ page }) =>
      trainerOf(page).evaluate(() => {
        for (const device of devices) device.destroy();
      }),
  },
  gpu: {
    ...{ query: WEBGPU, within: 3000, left: 'page', restarts: true },
    kill: ({ process: own }) => {
      const pids = gpuProcesses(own.pid!);
      if (pids.length === 0) return Promise.reject(new Error('there is no graphics process'));
      for (const pid of pids) process.kill(pid, 'SIGKILL');
      return Promise.resolve();
    },
  },
};

/** What the page and its worker are made to remember. */
declare const trainers: Worker[];
declare const replicas: Worker[];
declare const devices: { destroy(): void }[];

const IN_PAGE = `self.trainers = [];
self.Worker = class extends Worker {
  constructor(url, options) {
    super(url, options);
    if (String(url).includes('train.worker')) self.trainers.push(this);
  }
};`;

const IN_WORKER = `self.replicas = [];
self.Worker = class extends Worker {
  constructor(url, options) {
    super(url, options);
    self.replicas.push(this);
  }
};
self.devices = [];
if (self.GPUAdapter) {
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...args) {
    const device = await request.apply(this, args);
    self.devices.push(device);
    return device;
  };
}
`;

interface Opened {
  readonly process: ChildProcess;
  readonly browser: Browser;
  readonly page: Page;
  readonly lab: LabPage;
}

const [names = 'worker,replica,renderer,browser', kills = 10, seed = 1] = process.argv
  .slice(2)
  .map((text, i) => (i === 0 ? text : Number(text))) as [string?, number?, number?];
const rng = createRng(seed);
const served = await serveBuilt('page-kills');
const { address, folder } = served;
let failed = false;
try {
  for (const name of names.split(',')) {
    const problems = await tryOut(name).catch((error: unknown) => [String(error)]);
    for (const problem of problems) say(`${name}: ${problem}`);
    failed ||= problems.length > 0;
  }
} finally {
  await served.close();
}
process.exitCode = failed ? 1 : 0;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** @returns what went wrong. */
async function tryOut(name: string): Promise<string[]> {
  const target = TARGETS[name];
  if (!target) return [`expected one of ${Object.keys(TARGETS).join(', ')}`];
  const problems: string[] = [];
  const profile = join(folder, name);
  let opened = await open(profile, target.query);
  try {
    await play(opened.lab);
    let [last, lost] = [0, 0];
    for (let kill = 1; kill <= kills; kill++) {
      if (name === 'gpu' && kill > 1) opened = await anotherBrowser(opened, profile, target);
      else if (target.restarts && target.left === 'page' && kill % RELOAD_AFTER === 0) {
        await reload(opened);
      }
      await wait(rng.next() * target.within);
      const before = await opened.lab.stepCount();
      const restarted = opened.page.getByRole('region', { name: /Training was started again/ });
      if (target.left === 'page') await dismiss(opened.page);
      await target.kill(opened);
      let found = before;
      if (target.left !== 'page') [opened, found] = await continued(opened, profile, target);
      else if (target.restarts) found = await stepIn(restarted);
      await goesOn(opened.lab);
      say(`${name} ${kill}: step ${before}, went on from step ${found}`);
      if (found < last)
        problems.push(`kill ${kill}: it had step ${last} and went on from ${found}`);
      [last, lost] = [found, Math.max(lost, before - found)];
    }
    const differences = await compare(opened.lab, target.query, name);
    say(`${name}: ${kills} kills, ${problems.length} runs lost, ${differences}`);
    say(`${name}: ${lost} steps at most had to be made again`);
    if (!differences.startsWith('0 ')) problems.push(differences);
  } finally {
    await end(opened.process);
  }
  return problems;
}

async function open(profile: string, query: string): Promise<Opened> {
  const { process, browser } = await launch(profile);
  const page = await newPage(browser);
  const lab = new LabPage(page);
  await page.goto(`${address}?${query}`);
  await ready(lab);
  return { process, browser, page, lab };
}

/** The step that a message names. */
async function stepIn(message: Locator): Promise<number> {
  await expect(message).toBeVisible({ timeout: LONGEST_MS });
  return Number(/step (\d+)/.exec((await message.getAttribute('aria-label')) ?? '')![1]);
}

/** As somebody would who comes back. */
async function continued(
  former: Opened,
  profile: string,
  { left, query }: Target,
): Promise<[Opened, number]> {
  const { process, browser } = left === 'browser' ? former : await launch(profile);
  if (left === 'browser') await former.page.close();
  const page = await newPage(browser);
  const lab = new LabPage(page);
  await page.goto(`${address}?${query}`);
  await ready(lab);
  const bar = page.getByRole('region', { name: 'Your last run' });
  await bar.getByRole('button', { name: 'Continue it' }).click({ timeout: LONGEST_MS });
  await expect.poll(() => lab.stepCount(), { timeout: LONGEST_MS }).toBeGreaterThan(0);
  await ready(lab);
  const found = await lab.stepCount();
  await lab.click('Play');
  return [{ process, browser, page, lab }, found];
}

async function newPage(browser: Browser): Promise<Page> {
  const page = await browser.contexts()[0]!.newPage();
  page.setDefaultTimeout(LONGEST_MS);
  await page.addInitScript(IN_PAGE);
  await page.route('**/train.worker*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${IN_WORKER}${await response.text()}` });
  });
  return page;
}

async function launch(profile: string): Promise<Pick<Opened, 'process' | 'browser'>> {
  const told = join(profile, 'DevToolsActivePort');
  rmSync(told, { force: true });
  const program = findChromium() ?? chromium.executablePath();
  const { args } = chromiumLaunchOptions();
  const own = ['--headless=new', `--user-data-dir=${profile}`, '--remote-debugging-port=0'];
  // A group of its own, which ends as a whole.
  const process = spawn(program, [...args, ...own, 'about:blank'], {
    ...{ detached: true, stdio: 'ignore' },
  });
  await expect.poll(() => existsSync(told), { timeout: LONGEST_MS }).toBe(true);
  await wait(200);
  const port = readFileSync(told, 'utf8').split('\n')[0]!;
  return { process, browser: await chromium.connectOverCDP(`http://127.0.0.1:${port}`) };
}

function end({ pid, exitCode, signalCode }: ChildProcess): Promise<void> {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
  return wait(300);
}

/** Of the browser's group. */
function gpuProcesses(group: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return Number(pgrp) === group && line.includes('--type=gpu-process');
      } catch {
        return false;
      }
    })
    .map(Number);
}

function trainerOf(page: Page): ReturnType<Page['workers']>[number] {
  return page.workers().findLast((one) => one.url().includes('train.worker'))!;
}

async function ready(lab: LabPage): Promise<void> {
  await expect(lab.button('Play')).toBeEnabled({ timeout: LONGEST_MS });
}

async function play(lab: LabPage): Promise<void> {
  await lab.click('Play');
  await lab.reaches(2, LONGEST_MS);
}

async function reload({ page, lab }: Opened): Promise<void> {
  await page.reload();
  await ready(lab);
  await lab.click('Play');
  await goesOn(lab);
}

async function goesOn(lab: LabPage): Promise<void> {
  await expect(lab.status()).toHaveText('Training', { timeout: LONGEST_MS });
  const from = await lab.stepCount();
  await lab.reaches(from + 2, LONGEST_MS);
}

/** One whose graphics process has ended twice has no adapter for the page, which goes on in WebAssembly. */
async function anotherBrowser(opened: Opened, profile: string, target: Target): Promise<Opened> {
  await end(opened.process);
  const [next] = await continued(opened, profile, { ...target, left: 'nothing' });
  await goesOn(next.lab);
  return next;
}

/** A message of before would be taken for one of now. */
async function dismiss(page: Page): Promise<void> {
  const old = page.getByRole('region', { name: /Training was started again/ });
  while ((await old.count()) > 0) await old.first().getByRole('button').last().click();
}

/** @returns how many rows differ, in words. */
async function compare(lab: LabPage, query: string, name: string): Promise<string> {
  const until = (await lab.stepCount()) + FURTHER;
  const disturbed = await rowsAt(lab, until);
  const other = await open(join(folder, `${name} undisturbed`), query);
  try {
    await other.lab.click('Play');
    const undisturbed = await rowsAt(other.lab, until);
    const isOther = (row: Row, i: number): boolean =>
      JSON.stringify(row) !== JSON.stringify(undisturbed[i]);
    const different = disturbed.slice(0, until).filter(isOther);
    const first = different[0] ? `, the first of them step ${different[0]['step']}` : '';
    return `${different.length} of ${until} rows differ${first}`;
  } finally {
    await end(other.process);
  }
}

async function rowsAt(lab: LabPage, step: number): Promise<Row[]> {
  await lab.reaches(step, 3_600_000);
  await lab.pause();
  return steadyRows(await lab.export());
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
