import type { Locator, Page } from '@playwright/test';
import { SCENARIOS } from '../src/schema/scenarios.ts';
import { seriousViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { LabPage, sidewaysScroll, steadyRows, textOf, TINY } from './lab.ts';

async function open(page: Page, search = TINY): Promise<LabPage> {
  const lab = new LabPage(page);
  await lab.open(search);
  return lab;
}

async function workerConfig(lab: LabPage): Promise<unknown> {
  const run = JSON.parse(textOf(await lab.export(), 'run.json')) as Record<string, unknown>;
  return run['config'];
}

const narration = (page: Page): Locator => page.getByTestId('narration');

test('a rung sets its parameters and plays, and is undone and redone by key', async ({ page }) => {
  const lab = await open(page);
  const scenarios = page.getByRole('region', { name: 'Method' });
  await scenarios.getByRole('button', { name: 'random starts' }).click();
  await expect(lab.status()).toHaveText('Training', { timeout: 60_000 });
  await expect(page).toHaveURL(/priority=uniform/);
  await lab.reaches(2);
  await lab.pause();
  expect(await workerConfig(lab)).toMatchObject(SCENARIOS['exit-uniform'].values);
  await page.keyboard.press('Control+z');
  await expect(page).not.toHaveURL(/priority=uniform/);
  await expect(scenarios.getByRole('button', { name: 'ExIt', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  expect(await workerConfig(lab)).toMatchObject(SCENARIOS.exit.values);
  await page.keyboard.press('Control+Shift+z');
  await expect(page).toHaveURL(/priority=uniform/);
});

test('a scenario that takes a reset begins a new run and plays it', async ({ page }) => {
  const lab = await open(page);
  await lab.step();
  await lab.click('One task only');
  await expect(page.getByRole('region', { name: 'Scenarios' })).toContainText(
    SCENARIOS.collapse.watch,
  );
  await expect(lab.status()).toHaveText('Training', { timeout: 60_000 });
  await lab.reaches(2);
  await lab.pause();
  const files = await lab.export();
  expect(JSON.parse(textOf(files, 'run.json'))).toMatchObject({ config: { trainTasks: 1 } });
  expect(steadyRows(files)[0]).toMatchObject({ step: 1 });
  expect(page.url()).toContain('trainTasks=1');
});

test('the narration says what the record of the step says, and leads to it', async ({ page }) => {
  const lab = await open(page, 'batchGroups=1&bufferMin=1&evalEvery=0');
  await lab.step();
  const [row] = steadyRows(await lab.export());
  const variance = row?.['learnability/mean'] ?? NaN;
  expect(variance).toBeGreaterThan(0);
  await expect(narration(page)).toContainText('Picked a fresh task: ');
  await expect(narration(page)).toContainText(`variance ${Number(variance.toPrecision(3))}.`);
  await narration(page).getByRole('button', { name: 'step 1' }).click();
  const events = page.getByRole('region', { name: 'Events' });
  await events.getByRole('button', { name: 'Narration' }).click();
  await expect(narration(page)).toHaveCount(0);
  await page.reload();
  await lab.ready();
  await expect(narration(page)).toHaveCount(0);
});

test('the scenes tell what the record of the step says, drive the picture above, and put it back', async ({
  page,
}) => {
  const lab = await open(page, 'batchGroups=1&bufferMin=1&evalEvery=0');
  await lab.step();
  const [row] = steadyRows(await lab.export());
  const scenes = page.getByRole('region', { name: /^How it learns/ });
  const colour = page.getByLabel('Colour', { exact: true });
  const scrubber = page.getByRole('slider', { name: 'Step in view' });
  // Pictures are drawn only while they are in sight: this one has drawn the step before it is scrolled away.
  await expect(scrubber).toHaveAttribute('aria-valuetext', 'step 1, live');
  await scenes.scrollIntoViewIfNeeded();
  await scenes.getByRole('button', { name: '4, What is worth practising' }).press('Enter');
  await expect(colour).toHaveValue('learnability');
  await expect(scrubber).toHaveAttribute('aria-valuetext', 'step 1 of 1');
  const variance = Number(row!['learnability/mean']!.toPrecision(3));
  await expect(scenes).toContainText(`S of this group is ${variance}.`);
  const rows = scenes.locator('tr[data-attempt]');
  const returns = (await rows.locator('td:nth-child(2)').allInnerTexts()).map(Number);
  const mean = returns.reduce((sum, one) => sum + one, 0) / returns.length;
  expect(mean).toBeCloseTo(row!['reward/solve']!, 1);
  await expect(scenes).toContainText(`here the mean is ${row!['reward/solve']!.toFixed(2)}`);
  await scenes.getByRole('button', { name: '5, Where starts come from' }).press('Enter');
  await expect(colour).toHaveValue('share');
  await page.evaluate(() => window.scrollTo(0, 0));
  await expect(colour).toHaveValue('quality');
  await expect(scrubber).toHaveAttribute('aria-valuetext', 'step 1, live');
});

test('slow motion tells the next step, state by state by key or by itself', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const lab = await open(page);
  await lab.step();
  await lab.click('Slow motion');
  const slow = page.getByRole('dialog', { name: 'Step 2 in slow motion' });
  const picture = slow.locator('.group-figure');
  await expect(slow.getByRole('heading')).toBeFocused();
  await expect(picture).toHaveAttribute('data-stage', 'start');
  for (const stage of ['written', 'marked', 'paid', 'moved', 'stored']) {
    await page.keyboard.press('ArrowRight');
    await expect(picture).toHaveAttribute('data-stage', stage);
  }
  await expect(picture.getByRole('columnheader', { name: 'log-probability' })).toBeVisible();
  await expect(picture.locator('tr[data-attempt]')).toHaveCount(4);
  expect(await seriousViolations(page, '.slow')).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(slow).toHaveCount(0);
  await expect(lab.button('Slow motion')).toBeFocused();
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await page.keyboard.press('Enter');
  const next = page.getByRole('dialog', { name: 'Step 3 in slow motion' });
  await expect(next.locator('.group-figure')).toHaveAttribute('data-stage', 'stored');
  await page.keyboard.press('Escape');
  expect(await lab.stepCount()).toBe(3);
});

test('slow motion tells the next step of a recording, and holds it there', async ({ page }) => {
  await page.goto('');
  const recorded = page.getByTestId('recorded-step');
  await expect.poll(async () => Number(await recorded.innerText())).toBeGreaterThan(3);
  await page.getByRole('button', { name: 'Slow motion' }).click();
  const slow = page.getByRole('dialog', { name: /^Step \d+ in slow motion/ });
  const told = await slow.getByRole('heading').innerText();
  expect(told).toBe(`Step ${await recorded.innerText()} in slow motion`);
  await page.keyboard.press('Space');
  await expect(slow.getByRole('button', { name: 'Go on' })).toBeVisible();
  await slow.getByRole('button', { name: '6 Some return' }).click();
  await expect(slow.locator('tr[data-attempt]')).toHaveCount(8);
  await slow.getByRole('button', { name: 'Next step' }).click();
  const next = Number(/\d+/.exec(told)![0]) + 1;
  await expect(slow.getByRole('heading')).toHaveText(`Step ${next} in slow motion`);
  await expect(recorded).toHaveText(String(next));
});

test('the keys are listed, act, and can be switched off', async ({ page }) => {
  const lab = await open(page);
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard' });
  await expect(sheet.getByText('One training step')).toBeVisible();
  expect(await seriousViolations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await page.keyboard.press('s');
  await expect(lab.stepCounter()).toHaveText('1');
  await lab.ready();
  await page.keyboard.press('?');
  await sheet.getByRole('switch', { name: 'Single keys act' }).uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('s');
  await page.keyboard.press('?');
  await expect(sheet).toBeHidden();
  await lab.step();
  await expect(lab.stepCounter()).toHaveText('2');
});

test('a symbol explains itself to the keyboard, and the share panel holds the address', async ({
  page,
}) => {
  const lab = await open(page);
  await lab.step();
  const numbers = page.getByRole('region', { name: 'What the numbers say' });
  // It is drawn only where it can be seen.
  await numbers.scrollIntoViewIfNeeded();
  const symbol = numbers.getByRole('button', { name: 'About Learnability' });
  await symbol.focus();
  await page.keyboard.press('Enter');
  const text = page.getByText('The variance of the returns inside a group');
  await expect(text).toBeVisible();
  await expect(symbol).toHaveAccessibleDescription(/^Learnability .*The variance of the returns/);
  await page.keyboard.press('Escape');
  await expect(text).toBeHidden();
  await lab.click('Share');
  await expect(page.getByLabel('Link', { exact: true })).toHaveValue(/batchGroups=2/);
  await expect(page.getByLabel('Embed code', { exact: true })).toHaveValue(
    /^<iframe src="[^"]*\?embed=1&amp;v=\d+&amp;[^"]*batchGroups=2/,
  );
  expect(await seriousViolations(page)).toEqual([]);
});

test('embedded, the page is charts and transport only', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 760 });
  const lab = await open(page, `embed=1&${TINY}`);
  await lab.step();
  await lab.click('Play');
  await lab.reaches(2);
  await lab.pause();
  await expect(page.getByRole('article').first()).toBeVisible();
  for (const name of ['Parameters', 'Right now']) {
    await expect(page.getByRole('heading', { name })).toHaveCount(0);
  }
  await expect(page.getByRole('region', { name: 'Scenarios' })).toHaveCount(0);
  await expect(lab.button('Export')).toHaveCount(0);
  await expect(lab.button('Evaluate now')).toHaveCount(0);
  await expect(lab.button('Pin as baseline')).toHaveCount(0);
  expect(page.url()).toContain('embed=1');
  const whole = page.getByRole('link', { name: /Open the whole page/ });
  expect(await whole.getAttribute('href')).toMatch(/^\?v=\d+&.*batchGroups=2/);
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
  expect(await seriousViolations(page)).toEqual([]);
});
