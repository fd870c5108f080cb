import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { wcagViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { LabPage, sidewaysScroll, TINY } from './lab.ts';

class ComparePage {
  readonly region: Locator;

  constructor(readonly page: Page) {
    this.region = page.getByRole('region', { name: 'Compare', exact: true });
  }

  async open(): Promise<void> {
    await expect(this.button('Run')).toBeEnabled();
  }

  button(name: string): Locator {
    return this.region.getByRole('button', { name, exact: true });
  }

  field(name: string | RegExp): Locator {
    return this.region.getByLabel(name, { exact: true });
  }

  /** ExIt and its control alone, with as little training and judging as there can be. */
  async fill(seeds: number): Promise<void> {
    await this.field('GRPO').uncheck();
    await this.field('Seeds').fill(String(seeds));
    await this.field('Sampled tokens of each run').fill('1000');
    await this.field('Held-out tasks').fill('4');
    await this.field(/^Judge before training/).uncheck();
  }

  async finishes(count: string): Promise<void> {
    await expect(this.region.getByText(`${count} runs finished`)).toBeVisible({ timeout: 60_000 });
    await expect(this.button('Run')).toBeEnabled();
  }
}

test('two runs are compared in the page, and outlast it', async ({ page }) => {
  // Two visits, four runs and two looks at the whole page.
  test.slow();
  const lab = new LabPage(page, 'compare');
  await lab.open(TINY);
  const compare = new ComparePage(page);
  await lab.click('Play');
  await compare.open();
  await compare.fill(1);
  await compare.button('Run').click();
  await compare.finishes('2 of 2');
  await expect(lab.status()).toHaveText('Paused');
  await expect(compare.region.getByText('one seed tells nothing of others for ExIt')).toBeVisible();
  const results = compare.region.getByRole('region', { name: 'Results' });
  await expect(results.getByRole('row', { name: /^ExIt 1 / })).toBeVisible();

  const download = page.waitForEvent('download');
  await compare.button('Download results as JSON').click();
  const file = JSON.parse(await readFile(await (await download).path(), 'utf8')) as {
    readonly results: readonly {
      readonly budgets: readonly { readonly tokensSampled: number }[];
    }[];
  };
  expect(file.results).toHaveLength(2);
  expect(file.results[0]!.budgets[0]!.tokensSampled).toBeGreaterThanOrEqual(1000);

  await page.reload();
  await lab.ready();
  await compare.open();
  await expect(compare.field('Held-out tasks')).toHaveValue('4');
  await compare.finishes('2 of 2');
  // One seed more: what is finished is not run again, and the machine is asked for two runs.
  await compare.field('Seeds').fill('2');
  await compare.button('Run').click();
  await compare.finishes('4 of 4');
  await expect(compare.region.getByText(/By held-out quality .* on 2 seeds/)).toBeVisible();

  // The run above is kept as well, and drawn by its box.
  const kept = compare.region.getByRole('grid', { name: 'Runs kept in this browser' });
  await kept.getByRole('checkbox', { name: /^Draw ExIt, locks, seed/ }).check();
  await expect(compare.region.getByRole('article', { name: 'Runs side by side' })).toBeVisible();

  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await wcagViolations(page)).toEqual([]);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
});

test('values of a parameter are repeated over seeds, by one window at a time', async ({
  page,
  context,
}) => {
  const lab = new LabPage(page, 'compare');
  await lab.open(TINY);
  const compare = new ComparePage(page);
  await compare.open();
  await compare.field('Compare').selectOption('Temperature');
  await compare.field('Values, parted by commas').fill('0.5, 1');
  await compare.field('Seeds').fill('1');
  await compare.field('Sampled tokens of each run').fill('1000000');
  await compare.field('Held-out tasks').fill('4');
  await compare.button('Run').click();
  await expect(compare.region.getByRole('cell', { name: /^\d+%$/ }).first()).toBeVisible({
    timeout: 60_000,
  });
  const other = new ComparePage(await context.newPage());
  await new LabPage(other.page, 'compare').open(TINY);
  await other.open();
  await expect(other.field('Values, parted by commas')).toHaveValue('0.5, 1');
  await other.button('Run').click();
  await expect(other.region.getByRole('alert')).toContainText('Another window runs jobs');
  await other.page.close();
  await compare.button('Stop').click();
  await expect(compare.button('Run')).toBeEnabled();
  await compare.field('Sampled tokens of each run').fill('1000');
  await compare.button('Run').click();
  await compare.finishes('2 of 2');
  const results = compare.region.getByRole('region', { name: 'Results' });
  await expect(results.getByRole('row', { name: /^Temperature 1 control/ })).toBeVisible();
  await expect(compare.region.getByRole('article', { name: 'Temperature on Locks' })).toBeVisible();
});

test('a comparison stops when told, by keyboard too, and refuses what it cannot run', async ({
  page,
}) => {
  const lab = new LabPage(page, 'compare');
  await lab.open(TINY);
  const compare = new ComparePage(page);
  await compare.open();
  await compare.fill(2);
  await compare.field('Sampled tokens of each run').fill('10');
  await compare.button('Run').click();
  await expect(compare.field('Sampled tokens of each run')).toBeFocused();
  await expect(compare.region.getByText('runs finished')).toHaveCount(0);
  await compare.field('Sampled tokens of each run').fill('1000000');
  await compare.button('Run').focus();
  await page.keyboard.press('Enter');
  await expect(compare.region.getByRole('cell', { name: /^[1-9]\d*%$/ }).first()).toBeVisible({
    timeout: 60_000,
  });
  await expect(compare.button('Run')).toBeFocused();
  await expect(compare.button('Run')).toBeDisabled();
  await compare.button('Stop').focus();
  await page.keyboard.press('Enter');
  await expect(compare.button('Run')).toBeEnabled();
  await expect(compare.region.getByRole('cell', { name: 'waits' })).toHaveCount(4);
});
