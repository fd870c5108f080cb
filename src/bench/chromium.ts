/** Engines in Chromium: each in a worker of its own page, served by the project's dev server. */
import { chromium, type Browser, type Page, type Worker as PageWorker } from 'playwright';
import { createServer, type ViteDevServer } from 'vite';
import { chromiumLaunchOptions } from '../../scripts/chromium.mjs';
import { readAnswer, type EngineClient } from './protocol.ts';
import type { Size } from './workload.ts';

const WORKER = '/src/bench/chromium.worker.ts';

export interface Chromium {
  readonly version: string;
  readonly open: (engine: string, size: Size) => Promise<EngineClient>;
  close(): Promise<void>;
}

export async function startChromium(): Promise<Chromium> {
  const server = await createServer({
    logLevel: 'error',
    // Apart from `npm run dev`, which may be running.
    cacheDir: 'node_modules/.vite-bench',
    // Found in the worker only; found late, it would be bundled anew in mid-run.
    optimizeDeps: { include: ['@jax-js/jax', 'onnxruntime-web/wasm'] },
    server: { host: '127.0.0.1', port: 0, watch: null, hmr: false },
  });
  await server.listen();
  const browser = await chromium.launch(chromiumLaunchOptions());
  const origin = originOf(server);
  return {
    version: browser.version(),
    open: (engine, size) => openChromiumEngine(browser, origin, { engine, size }),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

function originOf({ httpServer }: ViteDevServer): string {
  const address = httpServer?.address();
  if (!address || typeof address === 'string') throw new Error('the dev server has no port');
  return `http://127.0.0.1:${address.port}`;
}

async function openChromiumEngine(
  browser: Browser,
  origin: string,
  named: object,
): Promise<EngineClient> {
  const page = await browser.newPage();
  // The worker needs an origin, not the app.
  await page.route(`${origin}/blank`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>bench</title>' }),
  );
  await page.goto(`${origin}/blank`);
  const worker = await startWorker(page);
  return {
    ask: async (question, detail) => {
      const request = { question, ...named, ...detail };
      return readAnswer(question, await worker.evaluate(`answer(${JSON.stringify(request)})`));
    },
    close: () => page.close(),
  };
}

async function startWorker(page: Page): Promise<PageWorker> {
  const [worker] = await Promise.all([
    page.waitForEvent('worker'),
    page.evaluate(`void new Worker('${WORKER}', { type: 'module' })`),
  ]);
  // Playwright reports a worker's errors as its page's.
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  // Modules load after the worker has begun.
  for (let tries = 0; tries < 600; tries++) {
    if ((await worker.evaluate('typeof answer')) === 'function') return worker;
    if (errors[0]) throw errors[0];
    await page.waitForTimeout(100);
  }
  throw new Error('the worker did not load within a minute');
}
