/** A graphics device that goes away while it trains. */
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { LabPage, TINY } from './lab.ts';

test('goes on from the last checkpoint where the graphics device is lost', async ({
  page,
  watch,
}) => {
  // The first step compiles every shader on the CPU, and so does the first one after the loss.
  test.setTimeout(400_000);
  watch.tolerated.push(/GPU|device/i);
  // Devices are the worker's own: it is made to remember them.
  await page.route('**/train.worker*.js', async (route) => {
    const response = await route.fetch();
    const body = `${REMEMBER}\n${await response.text()}`;
    await route.fulfill({ response, body });
  });
  const lab = new LabPage(page);
  await lab.open(`backend=webgpu&${TINY}`);
  await lab.click('Step');
  await expect(lab.stepCounter()).toHaveText('1', { timeout: 150_000 });
  await expect(lab.status()).toHaveText('Paused');
  await lab.click('Play');
  await destroyDevices(page);
  const notice = page.getByRole('region', { name: /Training was started again from step \d+\./ });
  await expect(notice).toContainText('graphics', { timeout: 150_000 });
  await expect(async () => {
    expect(Number(await lab.stepCounter().textContent())).toBeGreaterThan(3);
  }).toPass({ timeout: 150_000 });
  await lab.click('Pause');
});

const REMEMBER = `
self.devices = [];
const request = GPUAdapter.prototype.requestDevice;
GPUAdapter.prototype.requestDevice = async function (...args) {
  const device = await request.apply(this, args);
  self.devices.push(device);
  return device;
};`;

async function destroyDevices(page: Page): Promise<void> {
  for (const worker of page.workers()) {
    await worker.evaluate(() => {
      const { devices = [] } = globalThis as { devices?: { destroy(): void }[] };
      for (const device of devices) device.destroy();
    });
  }
}
