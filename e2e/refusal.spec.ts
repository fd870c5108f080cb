import { expect, test } from './fixtures.ts';
import { LabPage, TINY } from './lab.ts';

test('says plainly that no backend starts, and runs on what is left', async ({ page, watch }) => {
  watch.tolerated.push(/wasm|Failed to load resource/i);
  await page.route('**/*.wasm', (route) => route.abort());
  await page.goto(`?backend=wasm&${TINY}`);
  const said = page.getByRole('alert').filter({ hasText: 'Training cannot start here' });
  await expect(said).toContainText(/wasm|WebAssembly/i, { timeout: 60_000 });
  await said.getByRole('button', { name: /plain JavaScript/ }).click();
  const lab = new LabPage(page);
  await lab.ready();
  await lab.step();
});
