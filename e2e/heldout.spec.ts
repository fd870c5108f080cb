import type { Locator, Page } from '@playwright/test';
import { seriousViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { LabPage, QUICK, sidewaysScroll } from './lab.ts';

const SMALL = `${QUICK}&evalTasks=4&evalDepth=2`;

function heldOut(page: Page): Locator {
  return page.getByRole('article', { name: /Held-out quality by self-improvement/ });
}

async function evaluate(lab: LabPage): Promise<void> {
  await lab.click('Evaluate now');
  await expect(lab.button('Evaluate now')).toBeEnabled({ timeout: 60_000 });
}

test('each held-out split has its own curve, and none is shown for another', async ({ page }) => {
  const lab = new LabPage(page, 'data');
  await lab.open(`${SMALL}&task=countdown`);
  await lab.closeRecording();
  const chart = heldOut(page);
  const split = chart.getByLabel('Held-out split');
  await expect(split.getByRole('option')).toHaveCount(5);
  await expect(split).toHaveValue('test');
  await evaluate(lab);
  const measured = chart.getByRole('img', { name: /Self-improvement, step 0 .* at k = 2/ });
  await expect(measured).toBeVisible();
  await split.selectOption({ label: 'More numbers' });
  await expect(measured).toHaveCount(0);
  await expect(chart).toContainText('Training evaluates the test split only');
  await expect(chart).toContainText('4 numbers instead of 3');
  await evaluate(lab);
  await expect(measured).toBeVisible();
  expect(await seriousViolations(page)).toEqual([]);
});

test('a conversation has its accuracy turn by turn', async ({ page }) => {
  const lab = new LabPage(page, 'data');
  await lab.open(`${SMALL}&task=workspace`);
  await lab.closeRecording();
  const chart = heldOut(page);
  await chart.getByLabel('Held-out split').selectOption({ label: 'four turns' });
  await evaluate(lab);
  const table = chart.getByRole('table', { name: /Turns solved/ });
  await expect(table.getByRole('row')).toHaveCount(6);
  await expect(table.getByRole('columnheader')).toHaveText([
    'turn',
    'first attempt',
    'first, after revised turns',
    'at k = 2',
    'best of 3 fresh',
  ]);
  await expect(table.getByRole('row').last()).toHaveText(/^total return\d\.\d\d ± \d\.\d\d/);
  await expect(table.getByRole('cell').first()).toHaveText(/^\d+ \(\d+ to \d+\)$/);
});

test('a task with one split and one domain has nothing to choose', async ({ page }) => {
  const lab = new LabPage(page, 'data');
  await lab.open(SMALL);
  await evaluate(lab);
  await expect(heldOut(page).getByRole('combobox')).toHaveCount(0);
  await expect(heldOut(page).getByRole('table')).toHaveCount(0);
});

test('on a phone the choice of a split does not scroll the page sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const lab = new LabPage(page, 'data');
  await lab.open(`${SMALL}&task=workspace`);
  await lab.closeRecording();
  await heldOut(page).getByLabel('Held-out split').selectOption({ label: 'four turns' });
  await evaluate(lab);
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
});

test('a mixture shows each domain beside the mean, and one alone when asked', async ({ page }) => {
  const lab = new LabPage(page, 'data');
  await lab.open(`${SMALL}&task=mixture`);
  const chart = heldOut(page);
  await evaluate(lab);
  const mean = chart.getByRole('img', { name: /Mean of \d domains, step 0 .*Locks.*Countdown/ });
  await expect(mean).toBeVisible();
  await chart
    .getByRole('combobox', { name: 'Domain' })
    .selectOption({ label: 'Workspace (files over several turns)' });
  await expect(mean).toHaveCount(0);
  await expect(chart.getByRole('img', { name: /Self-improvement, step 0/ })).toBeVisible();
  await expect(chart.getByRole('table', { name: /Turns solved/ })).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1360, height: 900 });
  await lab.unfold('Task and run');
  await expect(page.getByRole('slider', { name: /Weight of Countdown/ })).toBeVisible();
  expect(await seriousViolations(page)).toEqual([]);
});

test('weights of a mixture are absent where there is none', async ({ page }) => {
  const lab = new LabPage(page, 'data');
  await lab.open(SMALL);
  await lab.unfold('Task and run');
  await expect(page.getByRole('textbox', { name: 'Seed' })).toBeVisible();
  await expect(page.getByRole('slider', { name: /Weight of/ })).toHaveCount(0);
});
