import { seriousViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { LabPage, QUICK } from './lab.ts';

test('axe finds no serious violation, idle and while training', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open(QUICK);
  expect(await seriousViolations(page)).toEqual([]);
  await lab.click('Play');
  await lab.reaches(3);
  expect(await seriousViolations(page)).toEqual([]);
  await lab.pause();
});

test('axe finds no serious violation in the dark, with every group unfolded', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  const lab = new LabPage(page);
  await lab.open(`${QUICK}&temperature=9`);
  const folded = page.locator('aside details:not([open]) > summary');
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
