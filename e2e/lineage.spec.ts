import type { Locator, Page } from '@playwright/test';
import { seriousViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { LabPage, QUICK, sidewaysScroll, textOf } from './lab.ts';

/** What an export holds of a history in the buffer. */
interface Entry {
  readonly id: number;
  readonly parentId: number | null;
  readonly depth: number;
  readonly mode: string;
  readonly createdStep: number;
  readonly uses: number;
  readonly score: number;
  readonly history: { readonly latest: { readonly quality: number } };
}

/** One base task, so that every history of the run stands in one tree. */
const ONE_TASK = `${QUICK}&trainTasks=1`;

async function trainSome(page: Page): Promise<{ lab: LabPage; panel: Locator; tree: Locator }> {
  const lab = new LabPage(page, 'inside');
  await lab.open(ONE_TASK);
  await lab.click('Play');
  await lab.reaches(4);
  await lab.pause();
  const panel = page.getByRole('region', { name: 'Lineage' });
  await panel.scrollIntoViewIfNeeded();
  return { lab, panel, tree: panel.getByRole('application') };
}

async function bufferOf(lab: LabPage): Promise<{ entries: Entry[]; nextId: number }> {
  const run = JSON.parse(textOf(await lab.export(), 'run.json')) as {
    exitState: { buffer: { blocks: Entry[][]; nextId: number } };
  };
  const { blocks, nextId } = run.exitState.buffer;
  return { entries: blocks.flat(), nextId };
}

test('the lineage of a live run holds every history under its parent, as the export has them', async ({
  page,
}) => {
  const { lab, panel, tree } = await trainSome(page);
  const { entries, nextId } = await bufferOf(lab);
  await expect(tree).toHaveAccessibleName(new RegExp(`^Tree of ${nextId - 1} histories`));

  await panel.getByText('List of histories').click();
  const grid = panel.getByRole('treegrid');
  // A row holds the focus of the list; arrows go down and unfold.
  const rows = grid.locator('tbody tr');
  await rows.first().focus();
  for (let at = 0; at < nextId - 1; at++) {
    await page.keyboard.press('ArrowRight');
    if ((await rows.count()) > at + 1) await rows.nth(at + 1).focus();
  }
  const read = await rows.evaluateAll((list) =>
    list.map((row) => ({
      level: Number(row.getAttribute('aria-level')),
      cells: [...row.querySelectorAll('th, td')].map(({ textContent }) => textContent),
    })),
  );
  expect(read.length).toBe(nextId - 1);

  const byId = new Map(entries.map((entry) => [String(entry.id), entry]));
  const path: string[] = [];
  for (const { level, cells: texts } of read) {
    const [title, ...cells] = texts;
    const id = title!.replace(/\D/g, '');
    path.splice(level - 1, Infinity, id);
    const entry = byId.get(id);
    if (!entry) {
      expect(cells.at(-1)).toBe('left');
      continue;
    }
    expect(level).toBe(entry.depth);
    expect(path.at(-2) ?? null).toBe(entry.parentId === null ? null : String(entry.parentId));
    const { mode, createdStep, history, score, uses } = entry;
    const quality = history.latest.quality.toFixed(2);
    expect([cells[0], cells[1], cells[2]!.slice(0, 4), cells[3], cells[4], cells[5]]).toEqual([
      ...[mode, String(createdStep), quality, score.toFixed(3), String(uses), 'in it'],
    ]);
  }
});

test('the tree is walked by keys, shows a history against its parent, and opens its group', async ({
  page,
}) => {
  const { panel, tree } = await trainSome(page);
  await tree.focus();
  await page.keyboard.press('Home');
  const caption = panel.locator('.lineage-caption');
  await expect(caption).toHaveText(/^History \d+, depth \d+, /);
  for (let i = 0; i < 20 && !(await caption.innerText()).includes('depth 1,'); i++) {
    await page.keyboard.press('ArrowLeft');
  }
  await expect(caption).toHaveText(/depth 1, solve, .* child/);
  const card = panel.getByRole('region', { name: /^History \d+$/ });
  await expect(card).toContainText('The first attempt, from nothing');
  const root = await caption.innerText();
  for (let i = 0; i < 20 && (await caption.innerText()).includes('0 children'); i++) {
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('ArrowRight');
  await expect(caption).toHaveText(/depth 2, (improve|diverge)/);
  expect(await caption.innerText()).not.toBe(root);
  await expect(card.getByRole('heading', { name: /^Parent/ })).toBeVisible();
  await expect(card.locator('.lock')).toHaveCount(2);
  await page.keyboard.press('+');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('0');
  expect(await seriousViolations(page)).toEqual([]);

  await card.getByRole('button', { name: /^Open its group/ }).click();
  await expect(caption).toHaveText(/depth 2/);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
});

test('a task is found by its own words', async ({ page }) => {
  const { panel } = await trainSome(page);
  const picker = panel.getByRole('combobox', { name: 'Base task' });
  await expect(picker).toHaveValue(/^A\d+ B\d+ C\d+ = v\d v\d v\d v\d$/);
  const name = await picker.inputValue();
  await picker.click();
  await picker.fill('nowhere');
  await expect(panel.getByRole('option')).toHaveText('No task with these words');
  await picker.fill(name.slice(0, 5));
  await expect(panel.getByRole('option')).toContainText(name);
  await page.keyboard.press('Enter');
  await expect(picker).toHaveValue(name);
  await expect(panel.getByRole('button', { name: 'Follow the largest' })).toBeVisible();
});
