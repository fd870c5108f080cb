/**
 * What the page and its workers take as a run grows, measured of the renderer's process in a real Chromium:
 *
 *     npx tsx scripts/page-memory.ts [minutes, 25] [query, as in the address]
 *
 * Every half minute, after garbage was collected: the step, what objects and arrays of the page and its
 * workers take, and the memory that is the renderer's own, with all that it has not given back. At the end the
 * slopes after the first ten minutes, or after the first third where it is shorter.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type CDPSession } from 'playwright';
import { LabPage } from '../e2e/lab.ts';
import { serveBuilt } from './built-page.ts';
import { chromiumLaunchOptions } from './chromium.mjs';

const EVERY_MS = 30_000;
const SETTLED_MINUTES = 10;

interface Sample {
  readonly minutes: number;
  readonly step: number;
  /** Of JavaScript, typed arrays counted. */
  readonly heap: number;
  /** Of the process. */
  readonly own: number;
}

const [minutesText = '25', query = ''] = process.argv.slice(2);
const minutes = Number(minutesText);
if (!(minutes >= 1 && minutes <= 600)) {
  process.stderr.write(`minutes: got "${minutesText}", expected a number from 1 to 600\n`);
  process.exit(2);
}
const served = await serveBuilt('page-memory');
const profile = join(served.folder, 'profile');
const { args, ...launch } = chromiumLaunchOptions();
const browser = await chromium.launchPersistentContext(profile, {
  ...launch,
  args: [...args, '--js-flags=--expose-gc'],
});
try {
  report(await samples());
} finally {
  await browser.close();
  await served.close();
}

async function samples(): Promise<Sample[]> {
  const page = await browser.newPage();
  const lab = new LabPage(page);
  await lab.open(query, served.address);
  await lab.click('Play');
  await lab.reaches(2, 600_000);
  const heapOf = await watchHeaps(await browser.newCDPSession(page));
  const began = performance.now();
  const taken: Sample[] = [];
  const collect = (): void => (globalThis as { gc?: () => void }).gc?.();
  for (;;) {
    await page.evaluate(collect);
    for (const worker of page.workers()) await worker.evaluate(collect);
    const sample = {
      minutes: (performance.now() - began) / 60_000,
      step: await lab.stepCount(),
      heap: await heapOf(),
      own: rendererMegabytes(),
    };
    taken.push(sample);
    const { minutes: at, step, heap, own } = sample;
    const sizes = `${heap.toFixed(1)} MB of JavaScript, ${own.toFixed(1)} MB of the process`;
    process.stdout.write(`${at.toFixed(1)} min, step ${step}: ${sizes}\n`);
    if (at >= minutes) return taken;
    await page.waitForTimeout(EVERY_MS);
  }
}

/** Workers answer through the page's own connection. */
async function watchHeaps(session: CDPSession): Promise<() => Promise<number>> {
  const workers = new Set<string>();
  const waiting = new Map<number, (bytes: number) => void>();
  session.on('Target.attachedToTarget', ({ sessionId }) => workers.add(sessionId));
  session.on('Target.detachedFromTarget', ({ sessionId }) => workers.delete(sessionId));
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message) as { id: number; result?: Usage };
    waiting.get(id)?.(result ? bytesOf(result) : 0);
  });
  await session.send('Target.setAutoAttach', {
    ...{ autoAttach: true, waitForDebuggerOnStart: false, flatten: false },
  });
  let last = 0;
  const ofWorker = (sessionId: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const id = ++last;
      waiting.set(id, resolve);
      const message = JSON.stringify({ id, method: 'Runtime.getHeapUsage' });
      session.send('Target.sendMessageToTarget', { sessionId, message }).catch(reject);
    });
  return async () => {
    const own = bytesOf(await session.send('Runtime.getHeapUsage'));
    const others = await Promise.all([...workers].map(ofWorker));
    return others.reduce((sum, bytes) => sum + bytes, own) / 1e6;
  };
}

interface Usage {
  readonly usedSize: number;
  readonly backingStorageSize?: number;
}

function bytesOf({ usedSize, backingStorageSize = 0 }: Usage): number {
  return usedSize + backingStorageSize;
}

/** Of the renderer that takes most: that of the page. */
function rendererMegabytes(): number {
  const sizes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        if (!line.includes('--type=renderer') || !line.includes(profile)) return 0;
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
  const [first, last] = [all[0]!, all.at(-1)!];
  for (const [name, of] of [
    ['JavaScript', ({ heap }: Sample) => heap],
    ['the process', ({ own }: Sample) => own],
  ] as const) {
    const perHour = 60 * slope(later, ({ minutes: at }) => at, of);
    const perThousand = 1000 * slope(later, ({ step }) => step, of);
    process.stdout.write(
      `${name}, steps ${first.step} to ${last.step}: ${(of(last) - of(first)).toFixed(1)} MB more; from ` +
        `minute ${settled.toFixed(0)} on ${perHour.toFixed(1)} MB an hour, ` +
        `${perThousand.toFixed(2)} MB a thousand steps\n`,
    );
  }
}

/** Least squares. */
function slope(
  all: readonly Sample[],
  xOf: (sample: Sample) => number,
  yOf: (sample: Sample) => number,
): number {
  const mean = (value: (sample: Sample) => number): number =>
    all.reduce((sum, one) => sum + value(one), 0) / all.length;
  const [x, y] = [mean(xOf), mean(yOf)];
  const products = mean((one) => (xOf(one) - x) * (yOf(one) - y));
  return products / mean((one) => (xOf(one) - x) ** 2);
}
