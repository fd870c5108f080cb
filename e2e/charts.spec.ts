import type { Locator, Page } from '@playwright/test';
import { seriousViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { LabPage, readDownload, sidewaysScroll, steadyRows, TINY } from './lab.ts';

function cursor(page: Page, chart: string): Locator {
  return page.getByRole('slider', { name: `Cursor of ${chart}`, exact: true });
}

async function save(page: Page, chart: string, kind: 'CSV' | 'PNG') {
  await page.getByRole('button', { name: `Save ${chart}`, exact: true }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: new RegExp(`^${kind}`) }).click();
  return download;
}

async function csvOf(page: Page, chart: string): Promise<string[][]> {
  const text = new TextDecoder().decode(await readDownload(await save(page, chart, 'CSV')));
  return text
    .trim()
    .split('\r\n')
    .map((line) => line.split(/,(?! )/));
}

test('one cursor walks through all charts, and a pinned step stays', async ({ page }) => {
  const lab = new LabPage(page, 'data');
  await lab.open(TINY);
  for (let i = 0; i < 3; i++) await lab.step();
  const rows = steadyRows(await lab.export());
  await page.getByRole('slider', { name: 'Smoothing' }).fill('0');
  const [entropy, reward] = [cursor(page, 'Entropy'), cursor(page, 'Reward per mode')];
  await expect(entropy).toHaveAttribute('aria-valuenow', '3');
  await entropy.press('ArrowLeft');
  await expect(reward).toHaveAttribute('aria-valuenow', '2');
  const measured = rows[1]!['entropy']!;
  await expect
    .poll(async () => {
      const text = await entropy.getAttribute('aria-valuetext');
      return Math.abs(Number(/^step 2: Entropy ([\d.]+)$/.exec(text ?? '')?.[1]) - measured);
    })
    .toBeLessThan(0.006);
  await entropy.press('Home');
  await entropy.press('Enter');
  await expect(reward).toHaveAttribute('aria-valuetext', /^step 1, pinned/);
  await expect(page.locator('.plot .pin')).toHaveCount(3);
  expect(await seriousViolations(page)).toEqual([]);
  await lab.step();
  await expect(reward).toHaveAttribute('aria-valuenow', '1');
  await entropy.press('Escape');
  await expect(page.locator('.plot .pin')).toHaveCount(0);
  await expect(reward).toHaveAttribute('aria-valuenow', '4');
  await reward.click({ position: { x: 42, y: 60 } });
  await page.getByRole('button', { name: 'Step 1 pinned' }).click();
  await expect(page.locator('.plot .pin')).toHaveCount(0);
});

test('a pinned run stays behind the next one, and both leave as files', async ({ page }) => {
  const lab = new LabPage(page, 'data');
  await lab.open(TINY);
  await lab.step();
  await lab.click('Pin as baseline');
  await expect(lab.button('Pin as baseline')).toBeDisabled();
  await lab.step();
  const first = steadyRows(await lab.export());
  await lab.click('New seed');
  await expect(lab.stepCounter()).toHaveText('0');
  await lab.ready();
  const baselines = page.getByRole('list', { name: 'Baselines' });
  const entry = baselines.getByRole('checkbox', { name: /ExIt · Locks, small · seed 1 2 steps/ });
  await expect(entry).toBeChecked();
  const dashed = page.locator('.plot-curves path:not(.raw)');
  // Only what is in view is drawn anew.
  const chart = page.getByRole('article', { name: 'Entropy' });
  await chart.scrollIntoViewIfNeeded();
  await expect(dashed.first()).toBeVisible();
  await lab.step();
  const second = steadyRows(await lab.export());
  const [head, ...lines] = await csvOf(page, 'Entropy');
  expect(head).toEqual(['run', 'step', 'num_tokens', 'training_seconds', 'entropy']);
  expect(lines.map(([, step, tokens, , entropy]) => [step, tokens, entropy].map(Number))).toEqual(
    [...second, ...first].map((row) => [row['step'], row['num_tokens'], row['entropy']]),
  );
  const png = await save(page, 'Entropy', 'PNG');
  expect(png.suggestedFilename()).toMatch(/^entropy_exit-locks-small-seed-\d+_step-1\.png$/);
  const bytes = await readDownload(png);
  expect([...bytes.subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
  expect(bytes.length).toBeGreaterThan(5000);
  await entry.uncheck();
  await chart.scrollIntoViewIfNeeded();
  await expect(dashed).toHaveCount(0);
  await baselines.getByRole('button', { name: /Remove baseline/ }).click();
  await expect(baselines).toHaveCount(0);
});

test('every metric is one search away, explained, and drawn when it is seen', async ({ page }) => {
  const lab = new LabPage(page, 'data');
  await lab.open(TINY);
  await lab.step();
  const charts = page.getByRole('region', { name: 'Charts', exact: true });
  await expect(charts.getByRole('article')).toHaveCount(4);
  await page.getByRole('radiogroup', { name: 'Vertical axis' }).getByLabel('Log').check();
  await page.getByRole('radiogroup', { name: 'Horizontal axis' }).getByLabel('Tokens').check();
  await lab.click('All metrics');
  const gallery = page.getByRole('region', { name: 'All metrics' });
  await expect(gallery.getByRole('status')).toHaveText(/^\d\d charts$/);
  // Not all at once: what is out of sight is not built.
  expect(await gallery.getByRole('article').count()).toBeLessThan(20);
  await gallery.getByRole('searchbox', { name: 'Search metrics' }).fill('stopped exploring');
  await expect(gallery.getByRole('article')).toHaveCount(1);
  const entropy = gallery.getByRole('article', { name: 'Entropy' });
  await expect(entropy.getByRole('img', { name: /at step 1\.$/ })).toBeVisible();
  await expect(entropy).toContainText('Near 0 the policy has stopped exploring.');
  await expect(entropy.locator('.caption')).toHaveText('tokens');
  expect(await seriousViolations(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
});
