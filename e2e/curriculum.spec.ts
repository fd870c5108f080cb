import type { Page } from '@playwright/test';
import { seriousViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { LabPage, steadyRows, TINY } from './lab.ts';

/** A figure of the readout by its name. */
async function figure(page: Page, name: string): Promise<string> {
  const region = page.getByRole('region', { name: 'What the numbers say' });
  const readout = page.getByTestId('curriculum-readout');
  const value = readout
    .locator('div', { has: page.getByText(name, { exact: true }) })
    .locator('dd');
  // It is drawn only where it can be seen, and what is built above it moves it away.
  let text = '';
  await expect(async () => {
    await region.scrollIntoViewIfNeeded();
    text = await value.innerText({ timeout: 1000 });
    expect(text).not.toBe('');
  }).toPass();
  return text;
}

test('walks the steps of a run, and shows each as its record has it', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open(`${TINY}&selectProbability=0.8`);
  for (let i = 0; i < 6; i++) await lab.step();
  const rows = steadyRows(await lab.export());
  const scrubber = page.getByRole('slider', { name: 'Step in view' });
  await expect(scrubber).toHaveAttribute('aria-valuetext', 'step 6, live');
  await scrubber.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(scrubber).toHaveAttribute('aria-valuetext', 'step 4 of 6');
  expect(await figure(page, 'Step')).toBe('4');
  expect(Number(await figure(page, 'Mean depth'))).toBeCloseTo(rows[3]!['start_depth/mean']!, 2);
  expect(Number(await figure(page, 'Deepest'))).toBe(rows[3]!['start_depth/max']);
  await page.keyboard.press('Home');
  await expect(scrubber).toHaveAttribute('aria-valuetext', 'step 1 of 6');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(scrubber).toHaveAttribute('aria-valuetext', 'step 6, live');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Escape');
  await expect(scrubber).toHaveAttribute('aria-valuetext', 'step 6, live');
});

test('its tables hold what the run has spent, and choose a task', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open(`${TINY}&selectProbability=0.8`);
  for (let i = 0; i < 5; i++) await lab.step();
  await lab.visit('Look inside');
  const tasks = page.getByRole('region', { name: 'Where the attempts went' });
  // It asks only while it can be seen.
  await tasks.locator('.icicle').scrollIntoViewIfNeeded();
  await expect(tasks.getByRole('img', { name: /10 in steps 1 to 5/ })).toBeVisible();
  await tasks.getByText('List', { exact: false }).click();
  const first = tasks.getByRole('button', { name: /^Task \d+/ }).first();
  await first.click();
  await expect(tasks.locator('.icicle-outline.chosen')).toBeVisible();
  await lab.visit('Explain');
  await page.getByLabel('Colour', { exact: true }).selectOption('Selection share');
  const curriculum = page.getByRole('region', { name: 'What the numbers say' });
  await curriculum.getByText('Table', { exact: false }).first().click();
  const table = curriculum.getByRole('region', { name: 'Table of depth by training step' });
  await expect(table.getByRole('row', { name: /^0 / })).toContainText('100%');
  // The pointer keeps the step that it clicks.
  await page.locator('.heat').click({ position: { x: 30, y: 100 } });
  await expect(curriculum.getByRole('button', { name: 'Follow' })).toHaveAttribute(
    'aria-pressed',
    'false',
  );
  expect(await seriousViolations(page)).toEqual([]);
});
