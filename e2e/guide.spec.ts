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

const tour = (page: Page): Locator => page.getByRole('region', { name: 'Tour' });
const narration = (page: Page): Locator => page.getByTestId('narration');

test('a rung sets its parameters and plays, and is undone and redone by key', async ({ page }) => {
  const lab = await open(page);
  const scenarios = page.getByRole('region', { name: 'Method' });
  await scenarios.getByRole('button', { name: 'uniform priority' }).click();
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
  await expect(page.getByRole('region', { name: 'Scenarios' }).getByRole('status')).toContainText(
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

test('the tour ticks off what is done, keeps it, and covers nothing', async ({ page }) => {
  const lab = await open(page);
  await lab.click('Tour');
  const card = tour(page);
  const did = card.getByRole('status');
  await expect(card.getByRole('heading', { name: '1 of 6 Task' })).toBeFocused();
  await lab.step();
  await lab.click('Play');
  await expect(did).toHaveText('You started the training.');
  await lab.reaches(4);
  await lab.pause();
  expect(await seriousViolations(page)).toEqual([]);
  await page.reload();
  await lab.ready();
  await expect(card.getByRole('button', { name: '1, Task, done' })).toBeVisible();
  await lab.step();
  await lab.step();
  const keys = [',', ']', ']'];
  for (const [i, text] of ['pinned a step', 'opened a group', 'compared two groups'].entries()) {
    await card.getByRole('button', { name: 'Next' }).click();
    await page.keyboard.press(keys[i]!);
    await expect(did).toContainText(text);
  }
  for (const [slider, text] of [
    ['Selection probability, slider', 'what is selected'],
    ['Diverge probability, slider', 'how attempts diverge'],
  ] as const) {
    await card.getByRole('button', { name: 'Next' }).click();
    await card.getByRole('button', { name: 'Show me where' }).click();
    const control = page.getByRole('slider', { name: slider });
    const [there, dock] = [await control.boundingBox(), await card.boundingBox()];
    expect(there!.y + there!.height).toBeLessThan(dock!.y);
    await control.press('ArrowRight');
    await expect(did).toContainText(text);
  }
  await card.getByRole('button', { name: 'Finish' }).click();
  await expect(card).toHaveCount(0);
  await expect(lab.button('Tour')).toBeFocused();
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
  await lab.click('Tour');
  const symbol = tour(page).getByRole('button', { name: 'About Base task' });
  await symbol.focus();
  await page.keyboard.press('Enter');
  const text = page.getByText('from which every history begins');
  await expect(text).toBeVisible();
  await expect(symbol).toHaveAccessibleDescription(/from which every history begins/);
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
