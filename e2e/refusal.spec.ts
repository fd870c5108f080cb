import { expect, test } from './fixtures.ts';
import { LabPage, TINY } from './lab.ts';

test('says plainly that no backend starts, and runs on what is left', async ({ page }) => {
  // The kernels come with the worker's script: there is no file of theirs to keep away.
  await page.route('**/train.worker*.js', async (route) => {
    const response = await route.fetch();
    const body = `self.WebAssembly = undefined;\n${await response.text()}`;
    await route.fulfill({ response, body });
  });
  await page.goto(`?backend=wasm&${TINY}`);
  const said = page.getByRole('alert').filter({ hasText: 'Training cannot start here' });
  await expect(said).toContainText(/wasm|WebAssembly/i, { timeout: 60_000 });
  await said.getByRole('button', { name: /plain JavaScript/ }).click();
  const lab = new LabPage(page);
  await lab.ready();
  await lab.step();
});

test('says what is missing where there are no workers', async ({ page, watch }) => {
  watch.tolerated.push(/no Web Worker/);
  await page.addInitScript(() => Reflect.deleteProperty(window, 'Worker'));
  await page.goto('');
  await expect(page.getByText(/trains in a Web Worker, which this browser does not/)).toBeVisible();
});
