import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { seriousViolations } from './axe.ts';
import { LabPage, QUICK, sidewaysScroll } from './lab.ts';

const LOCK = 'A3 B11 C0 = v1 v0 v2 v2';
/** The first attempt and eight improvements. */
const ATTEMPTS = 9;

class Playground {
  readonly panel: Locator;

  constructor(private readonly page: Page) {
    this.panel = page.getByRole('region', { name: 'Playground' });
  }

  field(): Locator {
    return this.panel.getByRole('textbox', { name: 'Your task' });
  }

  button(name: string): Locator {
    return this.panel.getByRole('button', { name });
  }

  attempts(): Locator {
    return this.panel.getByRole('listitem').filter({ has: this.page.getByRole('heading') });
  }

  status(): Locator {
    return this.panel.getByRole('status');
  }
}

async function open(page: Page, search = ''): Promise<{ lab: LabPage; playground: Playground }> {
  const lab = new LabPage(page, 'inside');
  await lab.open(`${QUICK}${search}`);
  return { lab, playground: new Playground(page) };
}

test('a typed lock is attempted and improved before any training, and graded by its own code', async ({
  page,
}) => {
  const { lab, playground } = await open(page);
  await expect(playground.field()).toHaveValue(/^A\d+ B\d+ C\d+ = v\d v\d v\d v\d$/);
  await playground.field().fill(LOCK);
  await playground.button('Improve').click();
  await expect(playground.attempts()).toHaveCount(ATTEMPTS);
  await expect(playground.status()).toHaveText(/^Step 8: quality \d\.\d\d.* Done\.$/);
  const attempts = await playground.attempts().all();
  for (const attempt of attempts) {
    const dials = await attempt.locator('.lock-value').allInnerTexts();
    const marks = await attempt.locator('.lock-mark').allInnerTexts();
    const right = ['v1', 'v0', 'v2', 'v2'].map((value, i) => (dials[i] === value ? '✓' : '✗'));
    expect(marks.slice(0, 4)).toEqual(right);
  }
  await expect(lab.stepCounter()).toHaveText('0');
});

test('a text that is no task is refused beside the field and stays there', async ({ page }) => {
  const { playground } = await open(page);
  await playground.field().fill('A3 B99 C0 = v1');
  await playground.button('Improve').click();
  const alert = playground.panel.getByRole('alert');
  await expect(alert).toHaveText('descriptor 2: got "B99", expected B0 to B15');
  await expect(playground.field()).toHaveValue('A3 B99 C0 = v1');
  await expect(playground.field()).toHaveAttribute('aria-invalid', 'true');
  await expect(playground.field()).toHaveAccessibleDescription(/got "B99", expected B0 to B15/);
  expect(await seriousViolations(page)).toEqual([]);
  await playground.button('Another example').click();
  await expect(playground.field()).toHaveValue(/ = v/);
  await expect(alert).toHaveCount(0);
  await playground.button('Back to mine').click();
  await expect(playground.field()).toHaveValue('A3 B99 C0 = v1');
});

test('a greedy policy attempts the same thing twice in the same way', async ({ page }) => {
  const { playground } = await open(page);
  await playground.field().fill(LOCK);
  await playground.panel.getByRole('radio', { name: 'greedy' }).check();
  const written = async (): Promise<string[]> => {
    await playground.button('Improve').click();
    await expect(playground.status()).toHaveText(/Step 8.*Done/);
    return playground.panel.locator('.playground-attempt .lock-value').allInnerTexts();
  };
  const first = await written();
  expect(first.length).toBeGreaterThan(ATTEMPTS);
  expect(await written()).toEqual(first);
});

test('attempts come between training steps, and training goes on', async ({ page }) => {
  const { lab, playground } = await open(page);
  await lab.click('Play');
  await lab.reaches(1);
  await playground.field().fill(LOCK);
  await playground.button('Improve').click();
  await expect(playground.attempts()).toHaveCount(ATTEMPTS);
  await expect(playground.panel).toContainText(/policy (as training went on|after training step)/);
  await lab.reaches((await lab.stepCount()) + 2);
  await lab.pause();
});

test('a conversation is played turn by turn', async ({ page }) => {
  const { playground } = await open(page, '&task=workspace');
  await playground.field().fill('at docs\nroot: todo\ndocs: notes=apple\n\ncd root\nwrong wrong');
  await playground.button('Improve').click();
  await expect(playground.panel.getByRole('alert')).toContainText('expected');
  const [, ...lines] = (await typedExample(playground)).split('\n\n');
  const turns = lines.join('\n').split('\n').length;
  await playground.button('Improve').click();
  await expect(playground.panel.getByRole('heading', { name: /^Turn \d of/ })).toHaveCount(turns, {
    timeout: 60_000,
  });
  await expect(playground.attempts()).toHaveCount(turns * ATTEMPTS, { timeout: 60_000 });
});

async function typedExample(playground: Playground): Promise<string> {
  const before = await playground.field().inputValue();
  await playground.button('Another example').click();
  await expect(playground.field()).not.toHaveValue(before);
  return playground.field().inputValue();
}

test('Countdown shows the steps of each attempt, and says what cannot be reached', async ({
  page,
}) => {
  const { playground } = await open(page, '&task=countdown');
  await playground.field().fill('1 1 1 = 50');
  await playground.button('Improve').click();
  await expect(playground.panel.getByRole('alert')).toContainText(
    'target: got 50, expected one that',
  );
  await playground.field().fill('3 5 8 = 16');
  await playground.button('Improve').click();
  await expect(playground.panel).toContainText('target 16');
  await expect(playground.attempts()).toHaveCount(ATTEMPTS);
});

test('the keyboard alone types and improves', async ({ page }) => {
  const { playground } = await open(page);
  await playground.field().focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(LOCK);
  await page.keyboard.press('Tab');
  await expect(playground.button('Improve')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(playground.attempts()).toHaveCount(ATTEMPTS);
  await expect(playground.button('Improve')).toBeFocused();
});

test('stops after the attempts that were made', async ({ page }) => {
  const { playground } = await open(page, '&task=workspace');
  await playground.button('Improve').click();
  await expect(playground.attempts()).not.toHaveCount(0);
  await playground.button('Stop').click();
  await expect(playground.button('Stop')).toBeDisabled();
  const made = await playground.attempts().count();
  await page.waitForTimeout(1000);
  expect(await playground.attempts().count()).toBe(made);
  expect(made).toBeLessThan(2 * ATTEMPTS);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`nothing is serious to axe or scrolls sideways on a phone (${colorScheme})`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 390, height: 844 });
    const { playground } = await open(page, '&task=workspace');
    await playground.button('Improve').click();
    await expect(playground.status()).toHaveText(/Turn \d, Step 8.*Done/, { timeout: 60_000 });
    expect(await seriousViolations(page)).toEqual([]);
    expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
  });
}

test('a CSV file becomes a competition of its own', async ({ page }) => {
  const { playground } = await open(page, '&task=pipelines');
  const file = (rows: readonly string[]) => ({
    name: 'mine.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(['height,weight,kind', ...rows].join('\n')),
  });
  const picker = playground.panel.getByLabel('CSV file of your task');
  await picker.setInputFiles(file(['1,2,cat']));
  await playground.button('Improve').click();
  await expect(playground.panel.getByRole('alert')).toContainText(
    'rows: got "1 rows", expected 12 to',
  );
  const rows = Array.from({ length: 24 }, (_, i) => `${i % 7},${i},${i < 12 ? 'cat' : 'dog'}`);
  await picker.setInputFiles(file(rows));
  await expect(playground.field()).toHaveValue(/^height,weight,kind\n0,0,cat\n/);
  await playground.button('Improve').click();
  await expect(playground.panel.getByRole('alert')).toHaveCount(0);
  await expect(playground.panel.getByText('height, weight').first()).toBeVisible();
  await expect(playground.status()).toHaveText(/Step 8.*Done/, { timeout: 60_000 });
});

test('a table is shown as it was understood, and can be put right', async ({ page }) => {
  const { playground } = await open(page, '&task=pipelines');
  const rows = Array.from({ length: 24 }, (_, i) => `${i},5;${i < 12 ? 'B\xe4rau' : 'B\xf6rau'}`);
  await playground.panel.getByLabel('CSV file of your task').setInputFiles({
    name: 'towns.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(['length, cm;town', ...rows].join('\n'), 'latin1'),
  });
  const reading = playground.panel.getByRole('region', { name: 'What was understood' });
  await expect(reading).toContainText(
    '24 rows; town is predicted from 1 column; 0 values missing.',
  );
  await expect(reading).toContainText('Encoding windows-1252');
  await expect(reading).toContainText('2 values: Bärau, Börau');
  await expect(reading.getByLabel('Decimal mark')).toHaveValue('comma');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await seriousViolations(page)).toEqual([]);
  }
  await reading.getByLabel('length, cm').selectOption('left out');
  await expect(playground.field()).toHaveValue(/^# left out: "length, cm"\nlength, cm;town\n/);
  await expect(reading).toContainText('columns: got "none", expected at least one');
  await reading.getByLabel('length, cm').selectOption('a number');
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
  await playground.button('Improve').click();
  await expect(playground.status()).toHaveText(/Step 8.*Done/, { timeout: 60_000 });
});

test('a table with one column does not end the session', async ({ page }) => {
  const { lab, playground } = await open(page, '&task=pipelines');
  const rows = Array.from({ length: 12 }, (_, i) => `${150 + i},${i < 6 ? 'cat' : 'dog'}`);
  await playground.field().fill(['height,kind', ...rows].join('\n'));
  await playground.button('Improve').click();
  await expect(playground.status()).toHaveText(/Step 8.*Done/, { timeout: 60_000 });
  await lab.click('Play');
  await lab.reaches(1);
  await expect(playground.panel.getByRole('alert')).toHaveCount(0);
});

test('in a mixture one chooses the domain, and each keeps its text', async ({ page }) => {
  const { playground } = await open(page, '&task=mixture');
  await playground.panel.getByRole('radio', { name: /^Countdown/ }).check();
  await expect(playground.field()).toHaveValue(/^[\d ]+ = \d+$/);
  await playground.field().fill('3 5 8 = 16');
  await playground.panel.getByRole('radio', { name: /^Locks/ }).check();
  await expect(playground.field()).toHaveValue(/^A\d+ B\d+/);
  await playground.panel.getByRole('radio', { name: /^Countdown/ }).check();
  await expect(playground.field()).toHaveValue('3 5 8 = 16');
  await playground.button('Improve').click();
  await expect(playground.panel).toContainText('target 16');
  await expect(playground.attempts()).toHaveCount(ATTEMPTS);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
  expect(await seriousViolations(page)).toEqual([]);
});
