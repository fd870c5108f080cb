/**
 * What the page and its workers take as a run grows, measured of the renderer's process in a real Chromium:
 *
 *     npx tsx scripts/page-memory.ts [minutes, 25] [query, as in the address]
 *
 * Every half minute, after garbage was collected: the step, and the memory that is the renderer's own. At the
 * end the slope after the first ten minutes, or after the first third where it is shorter.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { build, preview } from 'vite';
import { LabPage } from '../e2e/lab.ts';
import { chromiumLaunchOptions } from './chromium.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const EVERY_MS = 30_000;
const SETTLED_MINUTES = 10;

interface Sample {
  readonly minutes: number;
  readonly step: number;
  readonly megabytes: number;
}

const [minutesText = '25', query = ''] = process.argv.slice(2);
const minutes = Number(minutesText);
if (!(minutes >= 1 && minutes <= 600)) {
  process.stderr.write(`minutes: got "${minutesText}", expected a number from 1 to 600\n`);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'exit-lab-page-memory-'));
const shared = {
  root: ROOT,
  logLevel: 'warn',
  build: { outDir: join(folder, 'app'), emptyOutDir: true },
} as const;
await build(shared);
const server = await preview({ ...shared, preview: { port: 0 } });
const { args, ...launch } = chromiumLaunchOptions();
const browser = await chromium.launchPersistentContext(join(folder, 'profile'), {
  ...launch,
  args: [...args, '--js-flags=--expose-gc'],
});
try {
  report(await samples());
} finally {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}

async function samples(): Promise<Sample[]> {
  const page = await browser.newPage();
  const lab = new LabPage(page);
  await lab.open(query, server.resolvedUrls!.local[0]);
  await lab.click('Play');
  await lab.reaches(2, 600_000);
  const began = performance.now();
  const taken: Sample[] = [];
  const collect = (): void => (globalThis as { gc?: () => void }).gc?.();
  for (;;) {
    await page.evaluate(collect);
    for (const worker of page.workers()) await worker.evaluate(collect);
    const sample = {
      minutes: (performance.now() - began) / 60_000,
      step: await lab.stepCount(),
      megabytes: rendererMegabytes(),
    };
    taken.push(sample);
    const { minutes: at, step, megabytes } = sample;
    process.stdout.write(`${at.toFixed(1)} min, step ${step}: ${megabytes.toFixed(1)} MB\n`);
    if (at >= minutes) return taken;
    await page.waitForTimeout(EVERY_MS);
  }
}

/** Of the renderer that takes most: that of the page. */
function rendererMegabytes(): number {
  const own = join(folder, 'profile');
  const sizes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        if (!line.includes('--type=renderer') || !line.includes(own)) return 0;
        const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
        const kilobytes = [...rollup.matchAll(/^Private_\w+: +(\d+) kB/gm)].map(([, n]) => +n!);
        return kilobytes.reduce((sum, n) => sum + n, 0) / 1000;
      } catch {
        return 0;
      }
    });
  return Math.max(0, ...sizes);
}

function report(all: readonly Sample[]): void {
  const settled = Math.min(SETTLED_MINUTES, all.at(-1)!.minutes / 3);
  const later = all.filter((one) => one.minutes >= settled);
  const [first, last] = [later[0]!, later.at(-1)!];
  const perHour = 60 * slope(later, ({ minutes: at }) => at);
  const perThousand = 1000 * slope(later, ({ step }) => step);
  const whole = last.megabytes - all[0]!.megabytes;
  process.stdout.write(
    `steps ${all[0]!.step} to ${last.step}: ${whole.toFixed(1)} MB more; from minute ` +
      `${first.minutes.toFixed(0)} on ${perHour.toFixed(1)} MB an hour, ` +
      `${perThousand.toFixed(2)} MB a thousand steps\n`,
  );
}

/** Least squares. */
function slope(all: readonly Sample[], of: (sample: Sample) => number): number {
  const mean = (value: (sample: Sample) => number): number =>
    all.reduce((sum, one) => sum + value(one), 0) / all.length;
  const [x, y] = [mean(of), mean(({ megabytes }) => megabytes)];
  const products = mean((one) => (of(one) - x) * (one.megabytes - y));
  return products / mean((one) => (of(one) - x) ** 2);
}
