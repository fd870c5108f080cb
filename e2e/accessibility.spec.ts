import type { Page } from '@playwright/test';
import { seriousViolations, wcagViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { LabPage, QUICK } from './lab.ts';

test('nothing of WCAG 2.2 AA is lacking, idle and while training', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open(QUICK);
  await inLightAndDark(page);
  await lab.click('Play');
  await lab.reaches(3);
  await inLightAndDark(page);
  await lab.pause();
  await lab.visit('Compare');
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled();
  await inLightAndDark(page);
});

test('axe finds no serious violation in the dark, with every group unfolded', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  const lab = new LabPage(page);
  await lab.open(`${QUICK}&temperature=9`);
  await lab.openParameters();
  const folded = page.locator('dialog[open] details:not([open]) > summary');
  while ((await folded.count()) > 0) await folded.first().click();
  await lab.step();
  expect(await seriousViolations(page)).toEqual([]);
});

test('the keyboard alone plays, pauses and steps', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open(QUICK);
  await lab.button('Play').focus();
  await page.keyboard.press('Enter');
  await lab.reaches(1);
  await page.keyboard.press('Enter');
  await expect(lab.status()).toHaveText('Paused');
});

test('nothing of WCAG 2.2 AA is lacking with something pinned everywhere', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open(QUICK);
  await lab.click('Play');
  await lab.reaches(6);
  await lab.pause();
  await pinEverywhere(lab);
  await inLightAndDark(page);
});

async function inLightAndDark(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await wcagViolations(page)).toEqual([]);
  }
}

/** A step, a completion of it, a history, a row of the buffer and a filter: each panel in its fullest state. */
async function pinEverywhere(lab: LabPage): Promise<void> {
  const { page } = lab;
  await lab.visit('Data');
  const completions = page.getByRole('region', { name: 'Completions', exact: true });
  await completions.scrollIntoViewIfNeeded();
  await completions.getByRole('grid').locator('tbody tr[aria-rowindex]').first().click();
  const inspector = page.getByRole('region', { name: 'Groups of step' });
  await expect(
    inspector.getByRole('button', { name: 'Pinned; follow the run again' }),
  ).toBeVisible();
  const buffer = page.getByRole('region', { name: 'Replay buffer' });
  await buffer.scrollIntoViewIfNeeded();
  await buffer.getByRole('button', { name: 'Hold' }).click();
  await buffer.getByRole('grid').locator('tbody tr[aria-rowindex]').first().click();
  await expect(buffer.getByRole('region', { name: /^History \d+/ })).toBeVisible();
  const lineage = page.getByRole('region', { name: 'Lineage' });
  await lineage.scrollIntoViewIfNeeded();
  await expect(lineage.getByRole('button', { name: /^Open its group/ })).toBeVisible();
}
