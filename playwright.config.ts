import { defineConfig } from '@playwright/test';
import { chromiumLaunchOptions } from './scripts/chromium.mjs';

const PORT = Number(process.env['E2E_PORT'] ?? 4317);
const VITE = 'node node_modules/vite/bin/vite.js';

export default defineConfig({
  testDir: 'e2e',
  // One training page at a time is all that two cores bear.
  workers: 1,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: 'list',
  use: {
    baseURL: `http://localhost:${PORT}/`,
    launchOptions: chromiumLaunchOptions(),
    actionTimeout: 20_000,
    viewport: { width: 1360, height: 900 },
    screenshot: 'only-on-failure',
  },
  webServer: {
    command: `${VITE} build --logLevel warn && ${VITE} preview --port ${PORT} --strictPort`,
    url: `http://localhost:${PORT}/`,
    timeout: 120_000,
  },
});
