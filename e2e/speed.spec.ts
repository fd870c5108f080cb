import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { LabPage } from './lab.ts';

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
