import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { LabPage, textOf } from './lab.ts';

/** Collects what blocked the main thread for over 50 ms. */
async function watchLongTasks(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const durations: number[] = [];
    new PerformanceObserver((list) => {
      durations.push(...list.getEntries().map(({ duration }) => Math.round(duration)));
    }).observe({ type: 'longtask' });
    Object.assign(window, { longTasks: durations });
  });
  return () => page.evaluate(() => Reflect.get(window, 'longTasks') as number[]);
}

/** Times are reported, never asserted: they are the machine's as much as ours. */
test('reports how soon the first step is done and how smooth the page stays', async ({
  page,
}, testInfo) => {
  const report = (description: string): void => {
    testInfo.annotations.push({ type: 'measured', description });
    process.stdout.write(`  measured: ${description}\n`);
  };
  const lab = new LabPage(page);
  const began = performance.now();
  await lab.open('');
  const ready = performance.now();
  await lab.click('Play');
  await lab.reaches(1);
  const first = performance.now();
  report(`ready after ${Math.round(ready - began)} ms, first step ${Math.round(first - began)} ms`);

  const longTasks = await watchLongTasks(page);
  await lab.reaches(6);
  const perStep = Math.round((performance.now() - first) / ((await lab.stepCount()) - 1));
  const blocked = await longTasks();
  report(
    `${perStep} ms a step; tasks over 50 ms on the main thread: ${blocked.join(', ') || 'none'}`,
  );
  await lab.pause();
  expect(blocked.every(Number.isFinite)).toBe(true);
});

/** The stretch of a person's patience: reported, and asserted only to be a number. */
test('reports how soon held-out quality has visibly risen', async ({ page }, testInfo) => {
  const lab = new LabPage(page);
  const began = performance.now();
  await lab.open('');
  await lab.click('Play');
  await lab.reaches(41);
  const seconds = (performance.now() - began) / 1000;
  await lab.pause();
  const qualities = heldOut(textOf(await lab.export(), 'metrics.jsonl'));
  const course = qualities.map((quality) => quality.toFixed(2)).join(' → ');
  const description = `${seconds.toFixed(1)} s from opening the page to step 41: held-out quality after 16 steps ${course}`;
  testInfo.annotations.push({ type: 'measured', description });
  process.stdout.write(`  measured: ${description}\n`);
  expect(qualities.length).toBeGreaterThanOrEqual(4);
});

function heldOut(jsonl: string): number[] {
  const rows = jsonl
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, number | undefined>);
  return rows.flatMap((row) => row['eval/quality_16'] ?? []);
}
