import { unzipSync } from 'fflate';
import { wcagViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { LabPage, QUICK, readDownload, sidewaysScroll, steadyRows } from './lab.ts';

test('a reload finds the run with all that it learned from, and goes on exactly', async ({
  page,
  browser,
}) => {
  const lab = new LabPage(page, 'inside');
  await lab.open(QUICK);
  await lab.click('Play');
  await lab.reaches(20);
  await page.reload();
  await lab.ready();
  const found = await lab.stepCount();
  expect(found).toBeGreaterThan(0);
  await expect(page.getByRole('region', { name: 'Recording' })).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Completions of the group' })).toBeVisible();
  await lab.step();
  await lab.step();
  const resumed = steadyRows(await lab.export());
  expect(resumed.map(({ step }) => step)).toEqual(
    Array.from({ length: found + 2 }, (_, i) => i + 1),
  );

  // In a browser that knows of no run.
  const fresh = await browser.newContext();
  const whole = new LabPage(await fresh.newPage(), 'inside');
  await whole.open(QUICK);
  await whole.click('Play');
  await whole.reaches(found + 2, 120_000);
  await whole.pause();
  const uninterrupted = steadyRows(await whole.export());
  expect(resumed).toEqual(uninterrupted.slice(0, found + 2));
  await fresh.close();
});

test('a hidden tab goes on, and all of its steps are there when it is looked at again', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open(QUICK);
  await lab.click('Play');
  await lab.reaches(3);
  const show = (state: DocumentVisibilityState): Promise<void> =>
    page.evaluate((visibility) => {
      const isHidden = visibility === 'hidden';
      Object.defineProperty(document, 'visibilityState', { value: visibility, configurable: true });
      Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
  await show('hidden');
  const hidden = await lab.stepCount();
  await lab.reaches(hidden + 10);
  await show('visible');
  await expect(lab.status()).toHaveText('Training');
  const done = await lab.pause();
  const steps = steadyRows(await lab.export()).map(({ step }) => step);
  expect(steps).toEqual(Array.from({ length: done }, (_, i) => i + 1));
  await expect(page.getByRole('region', { name: /Training was started again/ })).toHaveCount(0);
});

test('an address with other parameters begins a run of its own', async ({ page }) => {
  const lab = new LabPage(page, 'inside');
  await lab.open(QUICK);
  await lab.step();
  await page.reload();
  await lab.ready();
  await expect(lab.stepCounter()).toHaveText('1');
  await lab.open(`${QUICK}&seed=7`);
  await expect(lab.stepCounter()).toHaveText('0');
});

test.describe('a worker that ends', () => {
  const END = {
    'is killed': () => self.close(),
    'throws outside of a command': () =>
      void setTimeout(() => {
        throw new Error('provoked by a test');
      }),
  };
  for (const [how, end] of Object.entries(END)) {
    test(`${how} is followed by another one that goes on`, async ({ page, watch }) => {
      watch.tolerated.push(/provoked by a test/);
      const lab = new LabPage(page, 'inside');
      await lab.open(QUICK);
      await lab.click('Play');
      await lab.reaches(10);
      const worker = page.workers().find((one) => one.url().includes('train.worker'));
      await worker!.evaluate(end).catch(() => undefined);
      const said = page.getByRole('region', { name: /Training was started again from step \d+/ });
      await expect(said).toBeVisible();
      await expect(lab.status()).toHaveText('Training');
      const again = /step (\d+)/.exec((await said.getAttribute('aria-label'))!)![1];
      await lab.reaches(Number(again) + 5);
      await lab.pause();
      const steps = steadyRows(await lab.export()).map(({ step }) => step);
      expect(steps).toEqual(Array.from({ length: steps.length }, (_, i) => i + 1));
    });
  }
});

test('a second window looks at a run that is being trained, and goes on with a copy', async ({
  page,
  context,
}) => {
  const lab = new LabPage(page, 'inside');
  await lab.open(QUICK);
  await lab.step();
  await lab.click('Runs');
  const entry = page.getByRole('listitem', { name: /seed/ });
  await expect(entry).toHaveCount(1);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await entry.getByText('More', { exact: true }).click();
  await entry.getByRole('button', { name: /Copy the address/ }).click();
  await expect(entry.getByText('Copied.')).toBeVisible();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  await lab.click('Close the list of runs');

  const other = new LabPage(await context.newPage(), 'inside');
  await other.page.goto(address);
  await other.ready();
  const bar = other.page.getByRole('region', { name: 'A run of another window' });
  await expect(bar).toBeVisible();
  await expect(other.stepCounter()).toHaveText('1');
  await bar.getByRole('button', { name: 'Go on with a copy' }).click();
  await expect(bar).toHaveCount(0);
  await other.ready();
  await other.step();
  await lab.step();
  await lab.click('Runs');
  await expect(page.getByRole('listitem', { name: /seed/ })).toHaveCount(2);
});

test('a fresh visit offers the last run', async ({ page, context }) => {
  const lab = new LabPage(page, 'inside');
  await lab.open(QUICK);
  await lab.step();
  await page.goto('about:blank');
  const next = new LabPage(await context.newPage(), 'inside');
  await next.page.goto('');
  await next.ready();
  const bar = next.page.getByRole('region', { name: 'Your last run' });
  await bar.getByRole('button', { name: 'Continue it' }).click();
  await expect(next.stepCounter()).toHaveText('1');
  await next.ready();
  await next.step();
});

test('runs are renamed, deleted with a way back, and forked', async ({ page }) => {
  const lab = new LabPage(page, 'inside');
  await lab.open(QUICK);
  await lab.click('Play');
  await lab.reaches(2);
  const stopped = await lab.pause();
  await lab.click('New seed');
  await expect(lab.stepCounter()).toHaveText('0');
  await lab.ready();
  await lab.step();

  await lab.click('Runs');
  const runs = page.getByRole('dialog', { name: 'Runs' });
  const first = runs.getByRole('listitem', { name: /seed 1$/ });
  await expect(first).toContainText(`step ${stopped}`);
  await first.getByText('More', { exact: true }).click();
  await first.getByLabel('Name').fill('The first one');
  await first.getByLabel('Note').fill('with a note');
  await first.getByRole('button', { name: 'Save name and note' }).click();
  const named = runs.getByRole('listitem', { name: 'The first one' });
  await expect(named).toContainText('with a note');

  await runs.getByRole('button', { name: 'Delete The first one' }).click();
  await expect(named).toHaveCount(0);
  await runs.getByRole('button', { name: 'Undo' }).click();
  await expect(named).toHaveCount(1);

  await named.getByText('More', { exact: true }).click();
  await named.getByLabel('From step').selectOption('0');
  await named.getByRole('button', { name: /Fork/ }).click();
  await expect(runs).toHaveCount(0);
  await expect(lab.stepCounter()).toHaveText('0');
  await lab.ready();
  await lab.step();
  await lab.click('Runs');
  await expect(runs.getByRole('listitem', { name: 'The first one, from step 0' })).toBeVisible();
  await expect(runs.locator('.run-entry')).toHaveCount(3);
});

test('a kept run is exported as the files of another program', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open(QUICK);
  await lab.step();
  await lab.click('Runs');
  const entry = page.getByRole('listitem', { name: /seed/ });
  await entry.getByText('More', { exact: true }).click();
  await entry.getByLabel(/Format of the export/).selectOption('ONNX');
  const started = page.waitForEvent('download');
  await entry.getByRole('button', { name: /^Export/ }).click();
  const download = await started;
  expect(download.suggestedFilename()).toMatch(/-step-1-onnx\.zip$/);
  const files = unzipSync(await readDownload(download));
  expect(Object.keys(files)).toEqual(
    expect.arrayContaining(['onnx/model.onnx', 'tokenizer.json', 'config.json']),
  );
});

test('the list of runs is for everyone: contrast, names, keys, a narrow window', async ({
  page,
}) => {
  const lab = new LabPage(page, 'inside');
  await lab.open(QUICK);
  await lab.step();
  await page.setViewportSize({ width: 390, height: 844 });
  const button = lab.button('Runs');
  await button.focus();
  await page.keyboard.press('Enter');
  const runs = page.getByRole('dialog', { name: 'Runs' });
  await expect(runs.locator('.run-entry')).toHaveCount(1);
  await runs.getByText('More', { exact: true }).click();
  await expect(runs.getByRole('button', { name: /^Fork .* at step/ })).toBeVisible();
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await wcagViolations(page), colorScheme).toEqual([]);
  }
  await page.keyboard.press('Escape');
  await expect(runs).toHaveCount(0);
  await expect(button).toBeFocused();
});

test('an import brings heat map, lineage, inspector and completions along', async ({
  page,
  browser,
}) => {
  const lab = new LabPage(page, 'inside');
  await lab.open(QUICK);
  await lab.click('Play');
  await lab.reaches(5);
  const done = await lab.pause();
  const zip = await readDownload(await lab.downloadExport());

  const fresh = await browser.newContext();
  const other = new LabPage(await fresh.newPage(), 'inside');
  await other.open(QUICK);
  await other.import('run.zip', zip);
  await expect(other.stepCounter()).toHaveText(String(done));
  await expect(other.page.getByRole('region', { name: 'Completions of the group' })).toBeVisible();
  const lineage = other.page.getByRole('region', { name: 'Lineage' });
  await lineage.scrollIntoViewIfNeeded();
  await expect(lineage.getByRole('img').or(lineage.locator('canvas')).first()).toBeVisible();
  // It is kept from now on: a reload finds it.
  await other.page.reload();
  await other.ready();
  await expect(other.stepCounter()).toHaveText(String(done));
  await fresh.close();
});
