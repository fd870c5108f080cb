/** WebKitGTK's small browser in a window that nobody sees, over WebDriver (https://www.w3.org/TR/webdriver/). */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, start, until } from './driven.mjs';

export const PROGRAMS = ['WebKitWebDriver', 'Xvfb', 'xvfb-run'];
export const PACKAGES = ['webkit2gtk-driver', 'xvfb', 'xauth'];

/** The key of an element's reference, as the standard has it. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** @returns {Promise<import('./driven.mjs').Driven>} */
export async function launch({ home, downloads, width, height }) {
  const config = join(home, '.config');
  mkdirSync(config, { recursive: true });
  writeFileSync(join(config, 'user-dirs.dirs'), `XDG_DOWNLOAD_DIR="${downloads}"\n`);
  const port = await freePort();
  const screen = `-screen 0 ${width}x${height}x24`;
  const args = ['-a', '-s', screen, 'WebKitWebDriver', `--port=${port}`];
  const end = start('xvfb-run', args, home);
  const root = `http://127.0.0.1:${port}`;
  try {
    await until('WebKitWebDriver answers', () => send(`${root}/status`, 'GET'));
    return await drive(root, end, { width, height });
  } catch (error) {
    await end();
    throw error;
  }
}

async function send(url, method, body) {
  const answer = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${url}: ${value.error}: ${value.message}`);
  return value;
}

async function drive(root, end, { width, height }) {
  const { sessionId, capabilities } = await send(`${root}/session`, 'POST', { capabilities: {} });
  const session = `${root}/session/${sessionId}`;
  const post = (command, body = {}) => send(`${session}/${command}`, 'POST', body);
  const run = (expression) => post('execute/sync', { script: `return (${expression})`, args: [] });
  await post('window/rect', { x: 0, y: 0, width, height });
  return {
    version: `WebKitGTK ${capabilities.browserVersion} (${capabilities.browserName})`,
    open: (url) => post('url', { url }),
    reload: () => post('refresh'),
    evaluate: async (expression) =>
      JSON.parse(await run(`JSON.stringify(${expression}) ?? 'null'`)),
    click: async (expression) => {
      const element = await run(expression);
      await post(`element/${element[ELEMENT]}/click`);
    },
    screenshot: async () => Buffer.from(await send(`${session}/screenshot`, 'GET'), 'base64'),
    // This driver tells nothing of the console.
    problems: () => [],
    close: async () => {
      await send(session, 'DELETE').catch(() => undefined);
      await end();
    },
  };
}
