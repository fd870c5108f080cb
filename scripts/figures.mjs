/**
 * `npm run figures`: what the built page costs a person, measured in a real Chromium while training runs.
 * `npm run figures -- 600` watches memory for ten minutes instead of one, `npm run figures -- 60
 * 'replicas=1'` opens the page with parameters, `npm run figures -- 60 '' smoothness,lineage` measures
 * these parts alone. Each part says how busy the machine was: where others use it, times are upper bounds.
 */
/* global setTimeout, window, document, scrollY, innerHeight, scrollTo, PerformanceObserver,
   requestAnimationFrame, WheelEvent */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { build, preview } from 'vite';
import { chromiumLaunchOptions } from './chromium.mjs';
import { ROOT } from './install.mjs';

const [seconds, query] = [Number(process.argv[2] ?? 60), process.argv[3] ?? ''];
const only = process.argv[4]?.split(',');
if (!(seconds >= 10 && seconds <= 3600)) {
  console.error(`seconds: got "${process.argv[2]}", expected a number from 10 to 3600`);
  process.exit(2);
}

const PORT = 4319;
const ADDRESS = `http://localhost:${PORT}/`;
const PREVIEW = 'src/ui/testing/preview.html';
/** A trace of more is too large to be read at once. */
const TRACED_SECONDS = 60;
const MAIN = 'CrRendererMain';
const PLACES = ['Explain', 'Look inside', 'Compare', 'Data'];

const made = mkdtempSync(join(tmpdir(), 'exit-lab-figures-'));
const servers = [
  await served(PORT, 'app', {}),
  await served(PORT + 1, 'preview', { rolldownOptions: { input: join(ROOT, PREVIEW) } }),
];
const browser = await chromium.launch({
  ...chromiumLaunchOptions(),
  args: [...chromiumLaunchOptions().args, '--enable-precise-memory-info', '--js-flags=--expose-gc'],
});
try {
  for (const part of [opening, smoothness, interactions, lineage]) {
    if (only && !only.includes(part.name)) continue;
    // What one part cannot find on the page is no reason not to measure the others.
    await part().catch((error) => {
      say(part.name, `not measured: ${error.message.split('\n')[0]}`);
      process.exitCode = 1;
    });
    say('  load of the machine', loadavg()[0].toFixed(1));
  }
} finally {
  await browser.close();
  await Promise.all(servers.map((server) => server.close()));
  rmSync(made, { recursive: true });
}

/** Built as it is shipped, and served. */
async function served(port, name, options) {
  const outDir = join(made, name);
  const shared = { root: ROOT, logLevel: 'warn' };
  await build({ ...shared, build: { outDir, emptyOutDir: true, ...options } });
  return preview({ ...shared, build: { outDir }, preview: { port, strictPort: true } });
}

/** A page that keeps what the browser observes of it. */
async function openPage(width = 1360) {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  await page.addInitScript(() => {
    window.nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    window.seen = { tasks: [], lcp: 0, cls: 0, events: [] };
    const observe = (type, take, more = {}) =>
      new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({
        type,
        buffered: true,
        ...more,
      });
    observe('longtask', ({ duration }) => window.seen.tasks.push(Math.round(duration)));
    observe('largest-contentful-paint', ({ startTime }) => (window.seen.lcp = startTime));
    observe('layout-shift', (e) => (window.seen.cls += e.hadRecentInput ? 0 : e.value));
    const keep = ({ name, duration }) => window.seen.events.push([name, duration]);
    observe('event', keep, { durationThreshold: 16 });
  });
  return page;
}

async function opening() {
  const page = await openPage();
  await page.goto(ADDRESS);
  await page.waitForFunction(
    () => Number(document.querySelector('[data-testid=recorded-step]')?.textContent) > 0,
  );
  const moved = await page.evaluate(() => performance.now());
  await page.waitForTimeout(3000);
  const { lcp, cls } = await page.evaluate(() => window.seen);
  say('opening', `moves after ${ms(moved)}, LCP ${ms(lcp)}, CLS ${cls.toFixed(3)}`);
  await page.close();
}

/** Long tasks and the heap of the page, while training runs and a person scrolls through all of its places. */
async function smoothness() {
  const page = await openPage();
  await play(page);
  await page.waitForTimeout(5000);
  const before = await heap(page);
  await page.evaluate(() => (window.seen.tasks.length = 0));
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline'] });
  const began = Date.now();
  let place = 0;
  let processor;
  while (Date.now() < began + 1000 * seconds) {
    if (Date.now() > began + 1000 * TRACED_SECONDS) processor ??= await tracedTasks();
    await page.mouse.wheel(0, 500);
    await page.waitForTimeout(1000);
    const atEnd = await page.evaluate(
      () => scrollY + innerHeight >= document.documentElement.scrollHeight - 2,
    );
    if (!atEnd) continue;
    await page.evaluate(() => scrollTo(0, 0));
    await openPlace(page, PLACES[++place % PLACES.length]);
  }
  processor ??= await tracedTasks();
  const { tasks } = await page.evaluate(() => window.seen);
  const steps = await page.getByTestId('step').innerText();
  const grown = (await heap(page)) - before;
  say('training', `${seconds} s to step ${steps}, scrolling through ${place + 1} places`);
  say('  tasks over 50 ms', tasks.length === 0 ? 'none' : tasks.join(', '));
  say('  longest by processor time', processor.slice(0, 8).map(ms).join(', '));
  say('  heap of the page', `${before.toFixed(1)} MB, ${grown.toFixed(1)} MB more at the end`);
  await page.close();
}

/**
 * The tasks of the page's main thread by what each took of the processor, in ms, longest first: what it waited
 * for others on a busy machine is not in it.
 */
async function tracedTasks() {
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const threadOf = ({ pid, tid }) => `${pid} ${tid}`;
  const main = traceEvents.find(({ name, args }) => name === 'thread_name' && args.name === MAIN);
  return traceEvents
    .filter((event) => event.name === 'RunTask' && threadOf(event) === threadOf(main))
    .map(({ tdur = 0 }) => tdur / 1000)
    .sort((a, b) => b - a);
}

async function openPlace(page, name) {
  const tabs = page.getByRole('navigation', { name: 'Places' });
  await tabs.getByRole('link', { name, exact: true }).click();
}

/** After garbage is collected, in MB. */
async function heap(page) {
  return page.evaluate(async () => {
    for (let i = 0; i < 3; i++) {
      globalThis.gc?.();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return performance.memory.usedJSHeapSize / 1e6;
  });
}

/** The slowest answer to each key and click, on a processor a quarter as fast, while training runs. */
async function interactions() {
  const page = await openPage();
  await play(page);
  await page.waitForTimeout(3000);
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  const named = (role, name) => page.getByRole(role, { name, exact: true }).first();
  const key = (name) => [null, () => page.keyboard.press(name)];
  const click = (target) => [target, () => target.click()];
  const slider = named('slider', 'Selection probability, slider');
  const colour = named('combobox', 'Colour');
  const acts = {
    'colour of the heat map': [colour, () => colour.press('ArrowDown')],
    'another measure of the curve': click(named('radio', 'Quality').locator('..')),
    'another held-out task': click(page.locator('.another')),
    'a step back': key(','),
    'another step back': key(','),
    'to the live step': key('l'),
    'what can be shared': click(named('button', 'Share')),
    'close it': key('Escape'),
    'open the parameters': click(named('button', 'Parameters')),
    'a slider': [slider, () => slider.press('ArrowRight')],
    'close the parameters': key('Escape'),
    ...Object.fromEntries(
      ['Look inside', 'Compare', 'Data'].map((name) => [
        `open ${name}`,
        click(page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name })),
      ]),
    ),
    'open all metrics': click(named('button', 'All metrics')),
    'keys sheet over them': key('?'),
    'close the sheet': key('Escape'),
    'close all metrics': click(named('button', 'Hide all metrics')),
    'pin a step in a chart': click(page.getByRole('slider', { name: /^Cursor of/ }).first()),
    'pin a step in the heat map': click(page.locator('.heat')),
  };
  say('at 4× throttling', 'interaction to next paint');
  for (const [name, [target, act]] of Object.entries(acts)) {
    // A person has scrolled there before.
    await target?.scrollIntoViewIfNeeded();
    await page.waitForTimeout(1000);
    await page.evaluate(() => (window.seen.events.length = 0));
    await act();
    await page.waitForTimeout(1000);
    const { events } = await page.evaluate(() => window.seen);
    // Pointers that move between are no interactions.
    const counted = events.filter(([type]) => /^(key|pointer(down|up)|click)/.test(type));
    say(`  ${name}`, ms(Math.max(0, ...counted.map(([, duration]) => duration))));
  }
  await page.close();
}

/** A task of 20,000 invented histories: what the page does until it is drawn, and frames while it pans. */
async function lineage() {
  const page = await openPage();
  await page.goto(`http://localhost:${PORT + 1}/${PREVIEW}#history=30&tree=20000`);
  const panel = page.locator('section.lineage');
  // Without training: the fake session's worker would take what is measured here.
  for (const name of ['Play', 'Pause']) {
    await page.getByRole('button', { name, exact: true }).click({ timeout: 60_000 });
    await page.waitForTimeout(1500);
  }
  await openPlace(page, 'Look inside');
  await panel.waitFor({ state: 'attached' });
  await page.evaluate(() => (window.seen.tasks.length = 0));
  const stands = await panel.evaluate(async (element) => {
    const from = performance.now();
    element.scrollIntoView();
    while (!element.querySelector('canvas')) await window.nextFrame();
    // The first frame draws it, before the second it was painted.
    for (let i = 0; i < 2; i++) await window.nextFrame();
    return performance.now() - from;
  });
  await page.waitForTimeout(3000);
  const { tasks } = await page.evaluate(() => window.seen);
  say('lineage of 20,000', `asked for, laid out and drawn in ${ms(stands)}`);
  say('  tasks over 50 ms', tasks.join(', ') || 'none');
  for (const zoomed of [1, 2, 3]) {
    for (let i = 0; i < 4; i++) await panel.getByRole('button', { name: 'Zoom in' }).click();
    await page.waitForTimeout(1000);
    const { rate, longest } = await panned(page);
    say(`  pan after ${4 * zoomed} times in`, `${rate} frames/s, longest ${ms(longest)}`);
  }
  await page.close();
}

/** Turns of the wheel to and fro for three seconds, one in each frame. */
function panned(page) {
  return page.evaluate(async () => {
    const canvas = document.querySelector('section.lineage canvas');
    const { left, top } = canvas.getBoundingClientRect();
    const at = { clientX: left + 200, clientY: top + 100, bubbles: true, cancelable: true };
    const frames = [await window.nextFrame()];
    while (frames.at(-1) - frames[0] < 3000) {
      const way = Math.floor(frames.length / 60) % 2 === 0 ? 1 : -1;
      canvas.dispatchEvent(new WheelEvent('wheel', { deltaX: 6 * way, deltaY: 16 * way, ...at }));
      frames.push(await window.nextFrame());
    }
    const gaps = frames.slice(1).map((time, i) => time - frames[i]);
    const rate = Math.round((1000 * gaps.length) / (frames.at(-1) - frames[0]));
    return { rate, longest: Math.max(...gaps) };
  });
}

async function play(page) {
  await page.goto(`${ADDRESS}?${query}`);
  await page.getByRole('button', { name: 'Play', exact: true }).click({ timeout: 60_000 });
}

function ms(value) {
  return `${Math.round(value)} ms`;
}

function say(what, value) {
  console.log(`${what}: ${value}`);
}
