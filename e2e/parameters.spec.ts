import { STRATEGIES } from '../src/schema/presets.ts';
import { expect, test } from './fixtures.ts';
import { LabPage, QUICK, textOf } from './lab.ts';

/** The configuration that the worker trains with, as it leaves in an export. */
async function workerConfig(lab: LabPage): Promise<Record<string, unknown>> {
  const run = JSON.parse(textOf(await lab.export(), 'run.json')) as Record<string, unknown>;
  return run['config'] as Record<string, unknown>;
}

test('a slider moved while training reaches the worker and leaves its mark', async ({ page }) => {
  const lab = new LabPage(page, 'data');
  await lab.open(QUICK);
  await lab.openParameters();
  await lab.click('Play');
  await lab.reaches(2);
  await page.getByRole('slider', { name: 'Temperature, slider' }).press('ArrowRight');
  // Charts are drawn while they can be seen.
  await page.getByRole('region', { name: 'Charts', exact: true }).scrollIntoViewIfNeeded();
  await expect(page.locator('.mark-label').first()).toHaveText(/τ → 1\.05/);
  const stopped = await lab.stepCount();
  await lab.reaches(stopped + 2);
  await lab.pause();
  const chart = page.getByRole('article', { name: /^Start depth/ }).first();
  await chart.locator('summary').click();
  await expect(chart.getByRole('listitem').filter({ hasText: 'Temperature' })).toHaveText(
    /step \d+: Temperature τ: 1 → 1\.05/,
  );
  expect((await workerConfig(lab))['temperature']).toBe(1.05);
  await expect(page).toHaveURL(/temperature=1\.05/);
});

test('a strategy switched while training sets all of its parameters', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open(QUICK);
  const strategy = (await lab.openParameters()).getByRole('radiogroup', { name: 'Strategy' });
  await expect(strategy.getByRole('radio', { name: 'ExIt', exact: true })).toBeChecked();
  await lab.click('Play');
  await lab.reaches(1);
  await strategy.getByRole('radio', { name: 'GRPO' }).check();
  const stopped = await lab.stepCount();
  await lab.reaches(stopped + 2);
  await lab.pause();
  await expect(strategy.getByRole('radio', { name: 'GRPO' })).toBeChecked();
  expect(await workerConfig(lab)).toMatchObject(STRATEGIES.grpo.values);
});

test('a reload restores the parameters from the address', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open(`strategy=grpo&${QUICK}`);
  await lab.openParameters();
  const rate = page.getByRole('textbox', { name: 'Learning rate' });
  await rate.fill('0.002');
  await rate.press('Enter');
  await expect(page).toHaveURL(/v=\d+.*learningRate=0\.002/);
  const address = page.url();
  await page.reload();
  await lab.ready();
  await lab.openParameters();
  await expect(rate).toHaveValue('0.002');
  const strategy = page.getByRole('radiogroup', { name: 'Strategy' });
  await expect(strategy.getByRole('radio', { name: 'GRPO' })).toBeChecked();
  expect(page.url()).toBe(address);
  expect(await workerConfig(lab)).toMatchObject({ learningRate: 0.002, batchGroups: 4 });
});

test('refused values in the address are named, and the page opens with the defaults', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open(`${QUICK}&temperature=9&bogus=1&strategy=best`);
  const notice = page.getByRole('region', { name: /address/ });
  await expect(notice).toContainText('temperature: got "9", expected a number from 0.1 to 2');
  await expect(notice).toContainText('bogus: got "1", expected the name of a parameter');
  await expect(notice).toContainText('strategy: got "best", expected one of grpo');
  await lab.step();
  expect(await workerConfig(lab)).toMatchObject({ temperature: 1, batchGroups: 4 });
  await notice.getByRole('button', { name: /Dismiss/ }).click();
  await expect(notice).toHaveCount(0);
});

test('a refused entry is named beside its control and never reaches the worker', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open(QUICK);
  await lab.openParameters();
  const size = page.getByRole('textbox', { name: /Group size/ });
  await size.fill('1000');
  await size.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: '1000' })).toContainText(
    'a whole number from 2 to 64',
  );
  await lab.step();
  expect((await workerConfig(lab))['groupSize']).toBe(4);
});

test('the drawer is found, searched, narrowed and closed by keyboard, and keeps favourites', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open(QUICK);
  const opener = lab.button('Parameters');
  await opener.focus();
  await page.keyboard.press('p');
  const drawer = page.getByRole('dialog', { name: 'Parameters' });
  await expect(drawer.getByRole('heading', { name: 'Parameters' })).toBeFocused();
  const search = drawer.getByRole('searchbox', { name: 'Find a parameter' });
  await search.fill('kl reference');
  await expect(drawer.getByRole('status')).toHaveText(/^[1-4] parameters?$/);
  await drawer.getByRole('button', { name: 'KL weight among the favourites' }).click();
  await search.fill('');
  await drawer.getByRole('switch', { name: /Changed only/ }).check();
  await expect(drawer.getByRole('textbox', { name: 'Groups per step' })).toHaveValue('4');
  await expect(drawer.getByRole('textbox', { name: 'Temperature' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(drawer).toHaveCount(0);
  await expect(opener).toBeFocused();
  await page.reload();
  await lab.ready();
  await lab.openParameters();
  const favourites = drawer.getByRole('region', { name: 'Favourites' });
  await expect(favourites.getByRole('textbox', { name: 'KL weight' })).toBeVisible();
});

test('what waits for a fresh run stays in sight until it is applied', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open(QUICK);
  await lab.unfold('Model');
  const layers = page.getByRole('textbox', { name: 'Layers' });
  await layers.fill('1');
  await layers.press('Enter');
  await lab.click('Close the parameters');
  const waits = page.getByText('1 change waits');
  await page.getByRole('contentinfo').scrollIntoViewIfNeeded();
  await expect(waits).toBeInViewport();
  await lab.click('Take back');
  await expect(waits).toHaveCount(0);
  await lab.unfold('Model');
  await layers.fill('1');
  await layers.press('Enter');
  await lab.click('Apply and start anew');
  await expect(waits).toHaveCount(0);
  await lab.step();
  expect((await workerConfig(lab))['numLayers']).toBe(1);
});
