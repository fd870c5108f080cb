import { expect, test } from './fixtures.ts';
import { LabPage, QUICK, steadyRows } from './lab.ts';

test('a reload finds the run with all that it learned from, and goes on exactly', async ({
  page,
  browser,
}) => {
  const lab = new LabPage(page);
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
  const whole = new LabPage(await fresh.newPage());
  await whole.open(QUICK);
  await whole.click('Play');
  await whole.reaches(found + 2, 120_000);
  await whole.pause();
  const uninterrupted = steadyRows(await whole.export());
  expect(resumed).toEqual(uninterrupted.slice(0, found + 2));
  await fresh.close();
});

test('an address with other parameters begins a run of its own', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open(QUICK);
  await lab.step();
  await page.reload();
  await lab.ready();
  await expect(lab.stepCounter()).toHaveText('1');
  await lab.open(`${QUICK}&seed=7`);
  await expect(lab.stepCounter()).toHaveText('0');
});
