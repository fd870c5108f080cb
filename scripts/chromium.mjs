/** Which Chromium the tests drive, and how. Plain Node without dependencies: it runs before `npm ci`. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const FIXED_PLACES = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** `CHROMIUM_PATH` if set, else the system's; undefined where there is none. */
export function findChromium(env = process.env) {
  if (env.CHROMIUM_PATH) return env.CHROMIUM_PATH;
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const candidates = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...candidates, ...FIXED_PLACES].find((path) => existsSync(path));
}

/** Playwright's launch options: the system's Chromium, else the one that Playwright installed. */
export function chromiumLaunchOptions() {
  const executablePath = findChromium();
  return { ...(executablePath ? { executablePath } : { channel: 'chromium' }), args: ARGS };
}

const ARGS = [
  // Root and most containers have no user namespaces; the pages opened are our own.
  '--no-sandbox',
  // WebGPU on a software adapter, in workers too, where there is no graphics hardware.
  '--enable-unsafe-webgpu',
  // Silence: nothing but the page under test should reach for the network or the CPU.
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
];
