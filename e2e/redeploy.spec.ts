/** A page that was open while its server got another version: files that it asks for are no more. */
import { expect, test } from './fixtures.ts';

/** What the browser itself says of it. */
const MISSING = /404|Failed to fetch dynamically imported module/;
const SENTENCE = 'A part of the page is no longer on the server';

test('a panel that is missing is told of, with a way to reload', async ({ page, watch }) => {
  watch.tolerated.push(MISSING);
  await page.route(/RunsSheet-.*\.js/, (route) => route.fulfill({ status: 404 }));
  await page.goto('./');
  await page.getByRole('button', { name: 'Runs', exact: true }).click();
  const notice = page.getByRole('region', { name: 'Not all of the page is here.' });
  await expect(notice).toContainText(SENTENCE);
  await expect(notice.getByRole('button', { name: 'Reload the page' })).toBeEnabled();
});

test('a training worker that is missing is told of, and is there after a reload', async ({
  page,
}) => {
  let loads = 0;
  page.on('request', (request) => {
    if (request.isNavigationRequest()) loads++;
  });
  await page.route(/train\.worker-.*\.js/, (route) =>
    loads > 1 ? route.continue() : route.fulfill({ status: 404 }),
  );
  await page.goto('./');
  const alert = page.getByRole('alert').filter({ hasText: 'Training cannot start here' });
  await expect(alert).toContainText(SENTENCE);
  await alert.getByRole('button', { name: 'Reload the page' }).click();
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeEnabled();
});

test('an engine that is missing is told of', async ({ page, watch }) => {
  watch.tolerated.push(MISSING);
  await page.route(/wasm-kernels-.*\.js/, (route) => route.fulfill({ status: 404 }));
  await page.goto('./?backend=wasm');
  const alert = page.getByRole('alert').filter({ hasText: 'Training cannot start here' });
  await expect(alert).toContainText(SENTENCE);
});
