import { expect, test } from './fixtures.ts';
import { LabPage, TINY } from './lab.ts';

test('trains on WebGPU, on the software adapter where there is no other', async ({ page }) => {
  // The first step compiles every shader on the CPU.
  test.setTimeout(180_000);
  const lab = new LabPage(page);
  await lab.open(`backend=webgpu&${TINY}`);
  await expect(page.getByText('Backend: WebGPU')).toBeVisible();
  await lab.click('Step');
  await expect(lab.stepCounter()).toHaveText('1', { timeout: 150_000 });
  await expect(lab.status()).toHaveText('Paused');
});
