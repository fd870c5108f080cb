import type { Locator, Page } from '@playwright/test';
import { seriousViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { LabPage, sidewaysScroll, steadyRows } from './lab.ts';

/** The shipped base policy, so that attempts differ in quality; few and small groups. */
const SOME = 'evalEvery=0&batchGroups=4&groupSize=4&bufferMin=1';
const COMPLETIONS = 4 * 4;

function inspector(page: Page): Locator {
  return page.getByRole('region', { name: /^Groups of/ });
}

/** The numbers that stand under a name on each card. */
async function figures(page: Page, name: RegExp): Promise<number[]> {
  const values = inspector(page)
    .getByRole('article')
    .locator('dl > div')
    .filter({ has: page.locator('dt', { hasText: name }) })
    .locator('dd');
  return (await values.allInnerTexts()).map((text) => Number(text.replace('−', '-')));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

test('the inspector shows the numbers of a pinned step as the run recorded them', async ({
  page,
}) => {
  const lab = new LabPage(page, 'inside');
  await lab.open(SOME);
  for (let i = 0; i < 3; i++) await lab.step();
  // Only what is in view follows the run, and what stands above it has grown.
  await expect(async () => {
    await inspector(page).scrollIntoViewIfNeeded();
    await expect(inspector(page)).toContainText('Groups of step 3', { timeout: 1000 });
  }).toPass({ timeout: 20_000 });
  await lab.click('Step before');
  await expect(inspector(page)).toContainText('Groups of step 2');
  await lab.click('Play');
  await lab.reaches(5);
  await lab.pause();
  await expect(inspector(page)).toContainText('Groups of step 2');

  const row = steadyRows(await lab.export())[1]!;
  const groups = inspector(page).getByRole('radiogroup', { name: 'Groups of the step' });
  const marks = groups.getByRole('radio');
  const learnability: number[] = [];
  const quality: number[] = [];
  const rewards: number[] = [];
  for (let i = 0; i < (await marks.count()); i++) {
    const mark = marks.nth(i);
    const name = (await mark.getAttribute('aria-label'))!;
    learnability.push(Number(/learnability (\S+?)(,|$)/.exec(name)![1]));
    await mark.check();
    const group = /^Group \d+/.exec(name)![0];
    await expect(inspector(page).getByRole('heading', { name: group, exact: true })).toBeVisible();
    quality.push(...(await figures(page, /^quality/)));
    rewards.push(...(await figures(page, /^reward/)));
  }
  expect(quality.length).toBe(COMPLETIONS);
  expect(mean(learnability)).toBeCloseTo(row['learnability/mean']!, 3);
  expect(Math.abs(mean(quality) - row['quality/mean']!)).toBeLessThan(0.006);
  expect(Math.abs(mean(rewards) - row['reward']!)).toBeLessThan(0.006);
});

test('tokens, rewards and groups are reached by keyboard, and axe has nothing to say', async ({
  page,
}) => {
  const lab = new LabPage(page, 'inside');
  await lab.open(SOME);
  await lab.step();
  await lab.step();
  const panel = inspector(page);
  await panel.getByRole('radio', { name: 'ratio' }).check();
  const strip = panel.getByRole('list', { name: /^Tokens of completion/ }).first();
  await strip.getByRole('button').first().focus();
  await page.keyboard.press('ArrowRight');
  const second = strip.getByRole('button').nth(1);
  await expect(second).toBeFocused();
  await expect(second).toHaveAttribute('aria-label', /when sampled.*ratio \d.*entropy \d/);

  await panel
    .getByRole('radiogroup', { name: 'Groups of the step' })
    .getByRole('radio')
    .first()
    .focus();
  await page.keyboard.press('ArrowRight');
  await expect(lab.button('Pinned; follow the run again')).toBeVisible();

  const bar = panel
    .getByRole('group', { name: 'Completions by reward' })
    .getByRole('button')
    .and(page.locator(':enabled'));
  const count = Number(/^\d+/.exec((await bar.first().getAttribute('aria-label'))!)![0]);
  await bar.first().press('Enter');
  await expect(panel.getByRole('article')).toHaveCount(count);
  await lab.click('Show all');
  await expect(panel.getByRole('article')).toHaveCount(4);
  expect(await seriousViolations(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
});

test('completions are filtered, and a row opens its group', async ({ page }) => {
  const lab = new LabPage(page, 'data');
  await lab.open(SOME);
  for (let i = 0; i < 3; i++) await lab.step();
  const panel = page.getByRole('region', { name: 'Completions', exact: true });
  await panel.scrollIntoViewIfNeeded();
  await expect(panel).toContainText(`${3 * COMPLETIONS} completions in steps 1 to 3`);

  const rows = steadyRows(await lab.export());
  await panel.getByRole('textbox', { name: 'Steps from' }).fill('2');
  await panel.getByRole('textbox', { name: 'Steps to' }).fill('2');
  await expect(panel).toContainText(`${COMPLETIONS} completions found`);
  await panel.getByRole('textbox', { name: 'Quality from' }).fill('0.5');
  const table = panel.getByRole('grid');
  const qualities = table.locator('td.is-quality');
  await expect
    .poll(async () => (await qualities.allInnerTexts()).every((text) => Number(text) >= 0.5))
    .toBe(true);
  await panel.getByRole('textbox', { name: 'Quality from' }).fill('');
  await panel.getByLabel('Solved').selectOption('unsolved');
  const unsolved = Math.round(COMPLETIONS * (1 - rows[1]!['quality/solved']!));
  await expect(panel).toContainText(`${unsolved} completions found`);

  await table.getByRole('button', { name: 'Reward, sort' }).click();
  await expect(table.getByRole('columnheader', { name: 'Reward' })).toHaveAttribute(
    'aria-sort',
    'descending',
  );
  await expect(table).toHaveAttribute('aria-rowcount', String(unsolved + 1));
  const first = table.getByRole('row').nth(1);
  await first.focus();
  await page.keyboard.press('ArrowDown');
  const second = table.getByRole('row').nth(2);
  await expect(second).toBeFocused();
  const attempt = (await second.locator('td.is-attempt').innerText()).split('\n')[0]!.trim();
  const left = (await panel.boundingBox())!.y;
  await page.keyboard.press('Enter');
  await expect(inspector(page)).toContainText('Groups of step 2');
  const chosen = inspector(page).locator('article[aria-current="true"]');
  await expect(chosen).toBeVisible();
  const tokens = await chosen.getByRole('list', { name: /^Tokens of/ }).innerText();
  expect(
    tokens
      .split(/\s+/)
      .filter((word) => word !== '⏎')
      .join(' '),
  ).toBe(attempt);

  // Back: the list as it was left, where it was left.
  await page.goBack();
  await expect(panel).toContainText(`${unsolved} completions found`);
  await expect(panel.getByRole('textbox', { name: 'Steps from' })).toHaveValue('2');
  await expect(panel.getByLabel('Solved')).toHaveValue('unsolved');
  await expect(table.getByRole('columnheader', { name: 'Reward' })).toHaveAttribute(
    'aria-sort',
    'descending',
  );
  await expect(second.locator('td.is-attempt')).toContainText(attempt);
  await expect
    .poll(async () => Math.abs((await panel.boundingBox())!.y - left))
    .toBeLessThanOrEqual(2);
});
