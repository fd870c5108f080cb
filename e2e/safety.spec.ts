import { readdirSync, readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { LabPage, QUICK } from './lab.ts';

/** Every test runs under the policy; this one shows that it is there and holds. */
test('the built page runs no text as code and loads nothing from elsewhere', async ({
  page,
  watch,
}) => {
  watch.tolerated.push(/Content Security Policy/, /request: https:\/\/elsewhere\.invalid/);
  const lab = new LabPage(page);
  await lab.open(QUICK);
  await lab.step();
  const refused = await page.evaluate(async () => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      violations.push(event.effectiveDirective);
    });
    const script = document.createElement('script');
    script.textContent = 'window.ranAsCode = true';
    document.body.append(script);
    const image = document.createElement('img');
    image.src = 'https://elsewhere.invalid/a.png';
    document.body.append(image);
    await fetch('https://elsewhere.invalid/').catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 0));
    return { violations, ran: 'ranAsCode' in window };
  });
  expect(refused.ran).toBe(false);
  // Twice each: the page carries the policy, and so does its file.
  const directives = [...new Set(refused.violations)].sort();
  expect(directives).toEqual(['connect-src', 'img-src', 'script-src-elem']);
});

test('a worker obeys the same policy', async ({ page, watch }) => {
  watch.tolerated.push(/Content Security Policy/, /request: https:\/\/elsewhere\.invalid/);
  const lab = new LabPage(page);
  await lab.open(QUICK);
  const [worker] = page.workers();
  const directive = await worker!.evaluate(async () => {
    const violation = new Promise<string>((resolve) => {
      addEventListener('securitypolicyviolation', (event) => {
        resolve((event as SecurityPolicyViolationEvent).effectiveDirective);
      });
    });
    await fetch('https://elsewhere.invalid/').catch(() => undefined);
    return violation;
  });
  expect(directive).toBe('connect-src');
});

test('no part of a worker imports the file that the worker was started with', () => {
  const folder = join(import.meta.dirname, '..', 'dist', 'assets');
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const workers = scripts.filter((name) => /\.worker-/.test(name));
  expect(workers.length).toBeGreaterThanOrEqual(5);
  const importsOne = (name: string): boolean =>
    /from ?["'`]\.\/\w+\.worker-/.test(readFileSync(join(folder, name), 'utf8'));
  expect(scripts.filter(importsOne)).toEqual([]);
});

test('the server listens on this machine alone', async ({ baseURL }) => {
  const { port } = new URL(baseURL!);
  const outward = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4');
  test.skip(outward.length === 0, 'this machine has no address but its own');
  for (const { address } of outward) {
    const answer = await new Promise<string>((resolve) => {
      const socket = createConnection({ host: address, port: Number(port), timeout: 2_000 });
      const end = (what: string): void => {
        socket.destroy();
        resolve(what);
      };
      socket.on('connect', () => end('connected'));
      socket.on('error', () => end('refused'));
      socket.on('timeout', () => end('refused'));
    });
    expect(answer).toBe('refused');
  }
});
