import type { Page } from '@playwright/test';
import { STRATEGIES } from '../src/schema/presets.ts';
import { seriousViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { LabPage, sidewaysScroll, steadyRows, textOf, TINY } from './lab.ts';

const EVALUATED = `${TINY}&evalEvery=2&evalTasks=8&evalDepth=3`;

interface Example {
  readonly instance: unknown;
  readonly attempts: readonly { readonly tokens: readonly string[]; readonly solved: boolean }[];
}

interface Evaluated {
  readonly step: number;
  readonly solved: readonly { readonly mean: number; readonly ci95: number }[];
  readonly resampleSolved: readonly { readonly mean: number }[];
  readonly examples: readonly Example[];
}

test('filmstrip, figures and curve show what the run has recorded, also when scrubbed back', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open(EVALUATED);
  await page.getByRole('radio', { name: 'Quality' }).check();
  await page.getByRole('radio', { name: 'Solved' }).check();
  for (let i = 0; i < 4; i++) await lab.step();
  const run = JSON.parse(textOf(await lab.export(), 'run.json')) as {
    evaluations: readonly Evaluated[];
  };
  const made = run.evaluations;
  expect(made.map(({ step }) => step)).toEqual([0, 2, 4]);
  const percent = (share: number): string => `${Math.round(100 * share)}%`;
  const figures = page.getByTestId('learning-figures').getByTestId('now');
  const films = page.getByTestId('film');
  const shows = async ({ step, solved, resampleSolved, examples }: Evaluated): Promise<void> => {
    await expect(films.last()).toHaveAttribute('data-step', String(step));
    await expect(figures.first()).toHaveText(percent(solved.at(-1)!.mean));
    await expect(figures.nth(1)).toHaveText(percent(resampleSolved.at(-1)!.mean));
    const { attempts } = examples[0]!;
    const first = films.last().getByRole('listitem').first();
    for (const token of attempts[0]!.tokens.slice(0, 4)) await expect(first).toContainText(token);
  };
  await shows(made[2]!);
  await expect(films.first()).toHaveAttribute('data-step', '0');
  const rows = page.locator('.learning-plot table tbody tr');
  await expect(rows).toHaveCount(3);
  for (const { step, solved } of made) {
    const row = page.locator(`.learning-plot table tr[data-step="${step}"]`);
    const { mean, ci95 } = solved.at(-1)!;
    await expect(row.locator('td').first()).toHaveText(`${percent(mean)} ± ${percent(ci95)}`);
  }
  const slider = page.getByRole('slider', { name: 'Step in view' });
  // Drawn at a pace of its own, which a key must not overtake.
  await expect(slider).toHaveAttribute('aria-valuetext', 'step 4, live');
  await slider.focus();
  await page.keyboard.press('ArrowLeft');
  await shows(made[1]!);
  await page.keyboard.press('Escape');
  await shows(made[2]!);
  expect(await seriousViolations(page)).toEqual([]);
});

test('a rung of the ladder starts from the base policy: GRPO after ExIt is GRPO alone, row for row', async ({
  page,
}) => {
  const lab = new LabPage(page);
  const method = page.getByRole('region', { name: 'Method' });
  await lab.open(TINY);
  for (let i = 0; i < 3; i++) await lab.step();
  await method.getByRole('button', { name: 'GRPO', exact: true }).click();
  await expect(page.locator('.learning-plot table thead')).toContainText('ExIt');
  await expect(lab.status()).toHaveText('Training', { timeout: 60_000 });
  await lab.reaches(3);
  await lab.pause();
  const after = steadyRows(await lab.export()).slice(0, 3);
  // The run before stays as a line of the curve's table.
  await expect(page.locator('.learning-plot table thead')).toContainText('ExIt');
  const { bufferContent, selectProbability, divergeProbability, diversityStrength } =
    STRATEGIES.grpo.values;
  const values = { bufferContent, selectProbability, divergeProbability, diversityStrength };
  const query = new URLSearchParams(Object.entries(values).map(([k, v]) => [k, String(v)]));
  await page.evaluate(() => sessionStorage.clear());
  await lab.open(`${TINY}&${query.toString()}`);
  await expect(lab.stepCounter()).toHaveText('0');
  for (let i = 0; i < 3; i++) await lab.step();
  expect(steadyRows(await lab.export())).toEqual(after);
});

test('places have addresses: back leads to the one before, and only the open one is there', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open(TINY);
  const tabs = page.getByRole('navigation', { name: 'Places' });
  const current = tabs.locator('[aria-current]');
  await expect(current).toHaveText('Explain');
  await lab.visit('Look inside');
  await expect(page.getByRole('region', { name: 'Replay buffer' })).toBeVisible();
  await lab.visit('Data');
  await expect(page).toHaveURL(/#data$/);
  await expect(page.getByRole('region', { name: 'Completions', exact: true })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Replay buffer' })).toHaveCount(0);
  await page.goBack();
  await expect(current).toHaveText('Look inside');
  await expect(page.getByRole('region', { name: 'Replay buffer' })).toBeVisible();
  await page.goForward();
  await expect(current).toHaveText('Data');
});

test('the first screen is complete without scrolling, in few words', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const [width, height] of [
    [1360, 900],
    [1280, 720],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.goto('');
    await expect(page.getByTestId('recorded-step')).toHaveText('80');
    await expect(page.getByRole('img', { name: /steps 1 to 80: deepest/ })).toBeVisible();
    const tabs = await page.getByRole('navigation', { name: 'Places' }).boundingBox();
    const last = await page.getByRole('region', { name: 'Method' }).boundingBox();
    expect(last!.y + last!.height, `${width} × ${height}`).toBeLessThanOrEqual(tabs!.y);
    const { words, small } = await firstScreenText(page);
    expect(small, `${width} × ${height}`).toEqual([]);
    expect(words.length, words.join(' ')).toBeLessThanOrEqual(90);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByTestId('film').last()).toBeInViewport();
  await expect(page.locator('.learning-plot')).toBeInViewport({ ratio: 0.3 });
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
});

/** Domains whose attempts are drawn wider than those of Locks. */
const WIDE = ['countdown', 'workspace', 'pipelines', 'ensembles'];

test('the first screen is complete in every domain: its task, and attempts without scrolling', async ({
  page,
}) => {
  const lab = new LabPage(page);
  for (const domain of WIDE) {
    await page.setViewportSize({ width: 1360, height: 900 });
    await lab.open(`task=${domain}&batchGroups=2&groupSize=4&bufferMin=1&evalTasks=4&evalDepth=4`);
    await lab.click('Step');
    await expect(page.getByTestId('film')).toHaveCount(2, { timeout: 60_000 });
    await expect(page.locator('.task-summary > span')).toHaveText(/^\S+( \S+){6,}[.:]$/);
    for (const [width, height] of [
      [1360, 900],
      [1280, 720],
    ] as const) {
      await page.setViewportSize({ width, height });
      expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
      const tabs = await page.getByRole('navigation', { name: 'Places' }).boundingBox();
      const last = await page.getByRole('region', { name: 'Method' }).boundingBox();
      expect(last!.y + last!.height, `${domain} at ${width}`).toBeLessThanOrEqual(tabs!.y);
      expect((await firstScreenText(page)).small, `${domain} at ${width}`).toEqual([]);
      await expectStripsFit(page, `${domain} at ${width}`);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await expectStripsFit(page, `${domain} at 390`);
    await expect(page.getByTestId('film').last()).toBeInViewport();
    await expect(page.locator('.learning-plot')).toBeInViewport({ ratio: 0.3 });
    for (const width of [320, 390, 700, 900, 2560]) {
      await page.setViewportSize({ width, height: 844 });
      expect(await sidewaysScroll(page), `${domain} at ${width}`).toBeLessThanOrEqual(0);
    }
  }
});

test('a lesson shows the parts that its address names, large, at its step', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('?show=task,curve&size=large&step=40');
  await expect(page.getByTestId('recorded-step')).toHaveText('80');
  await expect(page.getByTestId('film').last()).toHaveAttribute('data-step', '40');
  await expect(page.getByRole('region', { name: 'Is it learning?' })).toBeVisible();
  for (const name of ['Method', /^Where it starts/]) {
    await expect(page.getByRole('region', { name })).toHaveCount(0);
  }
  await expect(page.getByRole('navigation', { name: 'Places' })).toHaveCount(0);
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
  expect(await seriousViolations(page)).toEqual([]);
});

/** Found at once after a change of width, or a moment later. */
async function expectStripsFit(page: Page, where: string): Promise<void> {
  const strips = page.locator('.film-strip');
  const excess = (): Promise<number> =>
    strips.evaluateAll((all) => Math.max(...all.map((one) => one.scrollWidth - one.clientWidth)));
  await expect.poll(excess, where).toBeLessThanOrEqual(0);
}

/** What can be read of the first screen, and what of it is set too small: below 16 pixels, marks of attempts below 14. */
function firstScreenText(page: Page) {
  return page.evaluate(() => {
    const words: string[] = [];
    const small: string[] = [];
    for (const part of document.querySelectorAll('.topbar, .overview, .place-tabs')) {
      const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const { parentElement: parent, textContent } = walker.currentNode;
        const text = textContent?.trim() ?? '';
        if (!parent || text === '' || parent.closest('.visually-hidden, option')) continue;
        if (!parent.checkVisibility() || parent.getBoundingClientRect().width <= 1) continue;
        words.push(...text.split(/\s+/).filter((word) => /\p{L}{2}/u.test(word)));
        const least = parent.closest('.film-strip, .task-summary li') ? 14 : 16;
        if (parseFloat(getComputedStyle(parent).fontSize) < least) small.push(text);
      }
    }
    return { words, small };
  });
}
