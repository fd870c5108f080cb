/** The test function of all end-to-end tests: a page on which nothing may go wrong unnoticed. */
import { test as base, expect, type ConsoleMessage, type Page } from '@playwright/test';

interface Watch {
  /** What may be said on the console in this test, because the test provokes it. */
  readonly tolerated: RegExp[];
}

export const test = base.extend<{ watch: Watch }>({
  watch: [
    async ({ page }, use) => {
      const tolerated: RegExp[] = [];
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
      page.on('request', (request) => {
        if (!staysHere(request.url())) problems.push(`request: ${request.url()}`);
      });
      page.on('console', (message) => {
        if (isProblem(message)) problems.push(`console: ${message.text()}`);
      });
      await use({ tolerated });
      const unexpected = problems.filter((text) => !tolerated.some((known) => known.test(text)));
      expect(unexpected).toEqual([]);
      await expectNoFailure(page);
    },
    { auto: true },
  ],
});

export { expect };

/** Nothing is sent to, or fetched from, anywhere but the host that serves the page. */
function staysHere(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return ['data:', 'blob:'].includes(protocol) || ['localhost', '127.0.0.1'].includes(hostname);
}

/** Errors of page and worker, and warnings about graphics. */
function isProblem(message: ConsoleMessage): boolean {
  if (message.type() === 'error') return true;
  return message.type() === 'warning' && /GPU|WGSL|shader|pipeline/i.test(message.text());
}

/**
 * Training that stops by itself says so on the page. So do uncaptured GPU errors, for which the app
 * listens: the browser itself is silent about them in a worker.
 */
async function expectNoFailure(page: Page): Promise<void> {
  await expect(page.getByRole('region', { name: 'Training stopped' })).toHaveCount(0);
}
