/** What training can start from, as the page shows it, against the run's own state as it is exported. */
import type { Page } from '@playwright/test';
import type { BufferEntry } from '../src/exit/buffer.ts';
import { seriousViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { LabPage, QUICK, textOf } from './lab.ts';

async function storedEntries(lab: LabPage): Promise<readonly BufferEntry[]> {
  const run = JSON.parse(textOf(await lab.export(), 'run.json')) as {
    exitState: { buffer: { blocks: BufferEntry[][] } };
  };
  return run.exitState.buffer.blocks.flat();
}

async function train(page: Page, steps: number): Promise<LabPage> {
  const lab = new LabPage(page, 'inside');
  await lab.open(QUICK);
  await lab.click('Play');
  await lab.reaches(steps);
  await lab.pause();
  return lab;
}

test('the grid and the table hold what the run holds', async ({ page }) => {
  const lab = await train(page, 12);
  const entries = await storedEntries(lab);
  const panel = page.getByRole('region', { name: 'Replay buffer' });
  await panel.scrollIntoViewIfNeeded();
  const step = await lab.stepCount();
  await expect(panel.getByText(`histories after step ${step}`)).toBeVisible();

  const cells = panel.getByRole('table', { name: 'Depth by age' }).getByRole('button');
  const counts = (await cells.allInnerTexts()).map(Number);
  expect(counts.reduce((a, b) => a + b, 0)).toBe(entries.length);

  const table = panel.getByRole('grid', { name: 'Histories in the buffer' });
  await expect(table).toHaveAttribute('aria-rowcount', String(entries.length + 1));
  const byScore = [...entries].sort((a, b) => b.score - a.score || b.id - a.id);
  const ids = table.locator('tbody tr[aria-rowindex] .is-id');
  await expect(ids.first()).toHaveText(String(byScore[0]!.id));
  await table.getByRole('button', { name: 'id' }).click();
  await expect(ids.first()).toHaveText(String(entries.at(-1)!.id));

  await table.locator('tbody tr').first().focus();
  await page.keyboard.press('End');
  await expect(ids.last()).toHaveText(String(entries[0]!.id));
  await page.keyboard.press('Enter');
  await expect(panel.getByRole('region', { name: `History ${entries[0]!.id}` })).toBeVisible();

  await cells.last().click();
  await expect(table).toHaveAttribute('aria-rowcount', String(counts.at(-1)! + 1));
  expect(await seriousViolations(page)).toEqual([]);
});

test('the embedding map is walked and pinned by keys', async ({ page }) => {
  await train(page, 4);
  const panel = page.getByRole('region', { name: 'Replay buffer' });
  await panel.getByRole('tab', { name: 'The buffer' }).focus();
  await page.keyboard.press('ArrowRight');
  const map = panel.getByRole('application', { name: /Map of \d+ attempts/ });
  await map.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const said = await map.getByRole('status').innerText();
  const step = /step (\d+)/.exec(said)![1]!;
  await page.keyboard.press('Enter');
  await expect(panel.getByText(`step ${step}, pinned:`)).toBeVisible();

  await panel.getByText('List', { exact: false }).first().click();
  const list = panel.getByRole('region', { name: 'Attempts on the map' });
  const words = said.slice(0, said.indexOf(':'));
  await expect(list.getByRole('button', { name: words, exact: true }).first()).toBeVisible();
  expect(await seriousViolations(page)).toEqual([]);
});
