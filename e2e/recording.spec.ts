import type { Page } from '@playwright/test';
import { OPENING_CONFIG } from '../src/schema/scenarios.ts';
import { seriousViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { LabPage, QUICK, readDownload, sidewaysScroll, steadyRows, textOf, TINY } from './lab.ts';

/** From navigation, on a machine of CI that is busy; an idle one takes half a second. */
const MOVES_WITHIN_MS = 8000;

function bar(page: Page) {
  return page.getByRole('region', { name: 'Recording' });
}

async function recordedStep(page: Page): Promise<number> {
  return Number(await page.getByTestId('recorded-step').innerText());
}

interface Vitals {
  readonly lcp: number;
  readonly cls: number;
  /** When the first recorded step stood on the page. */
  readonly moved: number;
}

/** Measures from the start of the navigation, inside the page. */
async function watchVitals(page: Page): Promise<() => Promise<Vitals>> {
  await page.addInitScript(() => {
    const vitals = { lcp: 0, cls: 0, moved: 0 };
    Object.assign(window, { vitals });
    new PerformanceObserver((list) => {
      for (const { startTime } of list.getEntries()) vitals.lcp = startTime;
    }).observe({ type: 'largest-contentful-paint', buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (Reflect.get(entry, 'hadRecentInput') !== true) {
          vitals.cls += Number(Reflect.get(entry, 'value'));
        }
      }
    }).observe({ type: 'layout-shift', buffered: true });
    new MutationObserver((_, observer) => {
      const step = document.querySelector('[data-testid=recorded-step]')?.textContent ?? '0';
      if (step === '0') return;
      vitals.moved = performance.now();
      observer.disconnect();
    }).observe(document, { childList: true, subtree: true, characterData: true });
  });
  return () => page.evaluate(() => Reflect.get(window, 'vitals') as Vitals);
}

test('something real moves soon after the page opens, and nothing jumps', async ({
  page,
}, testInfo) => {
  const vitals = await watchVitals(page);
  await page.goto('');
  await expect(bar(page)).toContainText(/Replay\s+of a real run: Locks, small/);
  await expect.poll(() => recordedStep(page)).toBeGreaterThanOrEqual(10);
  const { lcp, cls, moved } = await vitals();
  const description = `moves after ${Math.round(moved)} ms, LCP ${Math.round(lcp)} ms, CLS ${cls.toFixed(3)}`;
  testInfo.annotations.push({ type: 'measured', description });
  process.stdout.write(`  measured: ${description}\n`);
  expect(moved).toBeGreaterThan(0);
  expect(moved).toBeLessThan(MOVES_WITHIN_MS);
  expect(lcp).toBeGreaterThan(0);
  expect(cls).toBeLessThanOrEqual(0.1);
});

test('play makes room for a run of one’s own, from its first step', async ({ page }) => {
  const lab = new LabPage(page, 'inside');
  await lab.open(`${QUICK}&task=countdown`);
  await expect(bar(page)).toContainText(
    'Locks, small (4 dials × 3), 75% unsolvable, ExIt, seed 1. Play trains another run.',
  );
  await expect.poll(() => recordedStep(page)).toBeGreaterThanOrEqual(3);
  await expect(page.getByRole('region', { name: 'Completions of the group' })).toBeVisible();
  await expect(lab.stepCounter()).toHaveText('0');
  await expect(lab.status()).toHaveText('Ready');
  await lab.step();
  await expect(bar(page)).toHaveCount(0);
  await lab.visit('Data');
  const chart = page.getByRole('article', { name: /^Start depth/ }).first();
  await chart.locator('summary').click();
  await expect(chart.getByRole('row')).toHaveCount(2);
  expect(steadyRows(await lab.export()).map(({ step }) => step)).toEqual([1]);
});

test('what a bare address plays is what it trains, and its address says so', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('');
  await expect(bar(page)).toContainText('Press play to train it.');
  await expect(page).toHaveURL(/\?v=\d+&unsolvableShare=0\.75&.*learningRate=0\.0004/);
  for (const [region, name] of [
    ['Scenarios', 'Uneven Locks'],
    ['Method', 'ExIt'],
  ] as const) {
    const button = page
      .getByRole('region', { name: region })
      .getByRole('button', { name, exact: true });
    await expect(button).toHaveAttribute('aria-pressed', 'true');
  }
  await lab.step();
  await expect(bar(page)).toHaveCount(0);
  const files = await lab.export();
  const run = JSON.parse(textOf(files, 'run.json')) as { config: unknown };
  expect(run.config).toEqual(OPENING_CONFIG);
  expect(steadyRows(files).map(({ step }) => step)).toEqual([1]);
  // The recorded controls stay beside a run of their shape, and go where there are none.
  const figures = page
    .getByRole('region', { name: 'Is it learning?' })
    .getByTestId('learning-figures');
  await expect(figures).toContainText('random starts');
  await expect(figures).toContainText('GRPO');
  await lab.click('Even Locks');
  await expect(page).not.toHaveURL(/unsolvableShare/);
  await expect(figures).not.toContainText('random starts');
  await lab.pause();
});

test('no window is too narrow for the page, and what a network appends to its address is no matter', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open('fbclid=abc');
  await expect(bar(page)).toContainText('Press play to train it.');
  await expect(page.getByText('were not understood')).toHaveCount(0);
  for (const width of [
    320, 390, 600, 768, 800, 880, 961, 1000, 1081, 1181, 1261, 1421, 1561, 1700, 2560,
  ]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await sidewaysScroll(page), `${width} pixels`).toBeLessThanOrEqual(0);
  }
});

test('the recording is held, goes on and is closed by keyboard', async ({ page }) => {
  await page.goto(`?${QUICK}#inside`);
  const motion = bar(page)
    .getByRole('button', { name: /recording$/ })
    .first();
  await expect(motion).toHaveAccessibleName('Hold: recording');
  await motion.focus();
  await page.keyboard.press('Enter');
  await expect(motion).toHaveAccessibleName('Go on: recording');
  const held = await recordedStep(page);
  await page.waitForTimeout(700);
  expect(await recordedStep(page)).toBe(held);
  await page.keyboard.press('Enter');
  await expect.poll(() => recordedStep(page)).toBeGreaterThan(held);
  expect(await seriousViolations(page)).toEqual([]);
  await bar(page).getByRole('button', { name: 'Close the recording' }).press('Enter');
  await expect(bar(page)).toHaveCount(0);
  await expect(page.getByText(/^Press play: the groups of attempts/)).toBeVisible();
});

test('with less motion it stands still at its end, also on a phone', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`?${QUICK}`);
  await expect(page.getByTestId('recorded-step')).toHaveText('80');
  await expect(bar(page)).toContainText('step 80 of 80');
  await expect(bar(page).getByRole('button')).toHaveCount(1);
  await expect(page.getByTestId('narration')).not.toContainText('Press play');
  await page.getByTestId('held-out-news').scrollIntoViewIfNeeded();
  await expect(page.getByTestId('held-out-news')).toHaveText(
    /^Held-out quality after 16 revisions: 0\.\d\d ± 0\.\d\d at step 80, 0\.52 at step 0\. With uniform priority, recorded: 0\.\d\d ± 0\.\d\d\. First at 0\.8: step \d0, with uniform priority step \d0\. One seed each\.$/,
  );
  const lab = new LabPage(page);
  await lab.visit('Data');
  const heldOut = page.getByRole('article', { name: /Held-out quality by self-improvement/ });
  await heldOut.scrollIntoViewIfNeeded();
  await expect(heldOut.getByRole('listitem').filter({ hasText: 'recorded:' })).toHaveText(
    /^recorded: ExIt, uniform priority/,
  );
  await lab.visit('Look inside');
  const lineage = page.getByRole('region', { name: 'Lineage' });
  await lineage.scrollIntoViewIfNeeded();
  await expect(lineage.getByRole('combobox')).toHaveValue(/^A\d+ B\d+ C\d+ =( v\d){4}$/);
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
  expect(await seriousViolations(page)).toEqual([]);
});

/** What the first screen says of a run: its figures, its attempts, and where it started. */
async function firstScreen(page: Page): Promise<readonly (string | null)[]> {
  // Scenes of Explain draw the same pictures.
  const screen = page.locator('.overview');
  return [
    ...(await screen.getByTestId('learning-figures').getByTestId('now').allInnerTexts()),
    ...(await screen.getByTestId('film').allInnerTexts()),
    ...(await screen.locator('.ribbon-label').allInnerTexts()),
    await screen.locator('.heat canvas').getAttribute('aria-label'),
    await screen.locator('.learning-plot table').innerText(),
  ];
}

test('a result is shared in two clicks: a file beside the page, and the link that plays it', async ({
  page,
  watch,
}) => {
  const lab = new LabPage(page);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await lab.open(`${TINY}&evalEvery=2&evalTasks=4&evalDepth=3`);
  for (let i = 0; i < 4; i++) await lab.step();
  const map = page.locator('.overview').getByRole('img', { name: /steps 1 to 4: deepest/ });
  await expect(map).toBeVisible();
  const trained = await firstScreen(page);
  expect(trained.length).toBeGreaterThan(6);
  await lab.click('Share');
  const downloaded = page.waitForEvent('download');
  await lab.click('Download the result');
  const file = await downloaded;
  const name = file.suggestedFilename();
  expect(name).toMatch(/-step-4\.bin$/);
  const link = await page.getByLabel('Link to the result').inputValue();
  expect(await seriousViolations(page)).toEqual([]);
  const body = Buffer.from(await readDownload(file));
  await page.route(`**/${name}`, (route) => route.fulfill({ body }));
  await page.evaluate(() => sessionStorage.clear());
  await page.goto(link);
  await expect(bar(page)).toContainText('step 4 of 4');
  await expect(bar(page)).toContainText('Press play to train it.');
  await expect(map).toBeVisible();
  await expect.poll(() => firstScreen(page)).toEqual(trained);

  // A file that is not there, and one that is none: the usual recording, and why.
  watch.tolerated.push(/Failed to load resource/);
  await page.route('**/damaged.bin', (route) => route.fulfill({ body: body.subarray(0, 999) }));
  for (const [wrong, why] of [
    ['missing', /there is no such file beside the page\.$/],
    ['damaged', /it is damaged, or no recording of this page \(.+\)\.$/],
  ] as const) {
    await page.goto(`?recording=${wrong}.bin`);
    const notice = page.getByRole('region', { name: `The recording ${wrong}.bin is not shown` });
    await expect(notice).toContainText(why);
    await expect(page.getByTestId('recorded-step')).toHaveText('80');
  }
  await page.goto('?recording=../run.bin');
  await expect(page.getByText(/^recording.*\.\.\/run\.bin/)).toBeVisible();
});

test('a recording that cannot be fetched does no harm', async ({ page, watch }) => {
  watch.tolerated.push(/Failed to load resource/);
  await page.route('**/recordings/**', (route) => route.abort());
  const lab = new LabPage(page, 'inside');
  await lab.open(QUICK);
  await expect(bar(page)).toHaveCount(0);
  await expect(page.getByText(/^Press play: the groups of attempts/)).toBeVisible();
  await lab.step();
});
