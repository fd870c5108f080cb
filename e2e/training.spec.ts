import { expect, test } from './fixtures.ts';
import { LabPage, QUICK, steadyRows } from './lab.ts';

test('plays until it is paused', async ({ page }) => {
  const lab = new LabPage(page, 'inside');
  await lab.open(QUICK);
  await expect(lab.status()).toHaveText('Ready');
  await lab.click('Play');
  await expect(lab.status()).toHaveText('Training');
  await expect(lab.button('Step')).toBeDisabled();
  await lab.reaches(3);
  const stopped = await lab.pause();
  await page.waitForTimeout(1500);
  expect(await lab.stepCount()).toBe(stopped);
  await lab.click('Play');
  await lab.reaches(stopped + 1);
  await lab.pause();
});

test('steps one step at a time and shows what happened in it', async ({ page }) => {
  const lab = new LabPage(page, 'inside');
  await lab.open(QUICK);
  await lab.step();
  await lab.step();
  await expect(page.getByRole('region', { name: 'Completions of the group' })).toBeVisible();
  expect(steadyRows(await lab.export()).map(({ step }) => step)).toEqual([1, 2]);
});

test('repeats the run after a reset, and not after a new seed', async ({ page }) => {
  const lab = new LabPage(page, 'inside');
  await lab.open(QUICK);
  const rows = async (): Promise<unknown> => {
    await expect(lab.stepCounter()).toHaveText('0');
    await lab.ready();
    await lab.step();
    await lab.step();
    return steadyRows(await lab.export());
  };
  const first = await rows();
  await lab.click('Reset');
  expect(await rows()).toEqual(first);
  await lab.click('New seed');
  expect(await rows()).not.toEqual(first);
  await expect(page).toHaveURL(/seed=\d+/);
});

test('evaluates on held-out tasks while it trains', async ({ page }) => {
  const lab = new LabPage(page, 'data');
  await lab.open(`${QUICK}&evalEvery=2&evalTasks=4&evalDepth=2`);
  await lab.step();
  await lab.step();
  const rows = steadyRows(await lab.export());
  expect(rows[0]).not.toHaveProperty('eval/quality_2');
  expect(rows[1]).toHaveProperty('eval/quality_2');
  const chart = page.getByRole('article', { name: /Held-out quality by self-improvement/ });
  await chart.scrollIntoViewIfNeeded();
  await expect(
    chart.getByRole('img', { name: /Self-improvement, step 2 .* at k = 2/ }),
  ).toBeVisible();
});
