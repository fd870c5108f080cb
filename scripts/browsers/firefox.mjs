/** Firefox without a window, over WebDriver BiDi (https://w3c.github.io/webdriver-bidi/). */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { start, until } from './driven.mjs';

export const PROGRAMS = ['firefox-esr'];
export const PACKAGES = ['firefox-esr'];

/** @returns {Promise<import('./driven.mjs').Driven>} */
export async function launch({ home, downloads, width, height, isPrivate = false }) {
  const profile = join(home, 'profile');
  mkdirSync(profile, { recursive: true });
  const own = {
    'browser.download.dir': downloads,
    'browser.privatebrowsing.autostart': isPrivate,
  };
  writeFileSync(join(profile, 'user.js'), preferences(own));
  const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'];
  const end = start('firefox-esr', args, home);
  try {
    const file = join(profile, 'WebDriverBiDiServer.json');
    const address = await until('Firefox listens', () => existsSync(file) && addressIn(file));
    const driven = await drive(await connect(`${address}/session`), end, { width, height });
    return isPrivate ? { ...driven, version: `${driven.version}, a private window` } : driven;
  } catch (error) {
    await end();
    throw error;
  }
}

function addressIn(file) {
  const { ws_host: host, ws_port: port } = JSON.parse(readFileSync(file, 'utf8'));
  return `ws://${host}:${port}`;
}

function preferences(more) {
  const all = {
    ...more,
    'browser.download.folderList': 2,
    'browser.download.useDownloadDir': true,
    'browser.download.always_ask_before_handling_new_types': false,
    // Nothing but the page under test should reach for the network.
    'browser.safebrowsing.update.enabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
  };
  const lines = Object.entries(all).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  return `${lines.join('\n')}\n`;
}

/** Commands, answered by id, and what the browser says of itself in between. */
async function connect(address) {
  const socket = new WebSocket(address);
  const waiting = new Map();
  const listeners = [];
  const failAll = () => {
    for (const { reject } of waiting.values()) reject(new Error('Firefox has gone'));
    waiting.clear();
  };
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error(`${address}: no connection`));
  });
  socket.onclose = failAll;
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.type === 'event') return listeners.forEach((listen) => listen(message));
    const { resolve, reject, method } = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.type === 'success') resolve(message.result);
    else reject(new Error(`${method}: ${message.error}: ${message.message}`));
  };
  let id = 0;
  return {
    send: (method, params) =>
      new Promise((resolve, reject) => {
        waiting.set(++id, { resolve, reject, method });
        socket.send(JSON.stringify({ id, method, params }));
      }),
    listen: (listener) => listeners.push(listener),
    close: () => socket.close(),
  };
}

async function drive({ send, listen, close }, end, viewport) {
  const { capabilities } = await send('session.new', { capabilities: {} });
  const { contexts } = await send('browsingContext.getTree', {});
  const { context } = contexts[0];
  const problems = [];
  listen(({ method, params }) => {
    if (method === 'log.entryAdded' && params.level === 'error') problems.push(params.text);
  });
  await send('session.subscribe', { events: ['log.entryAdded'] });
  await send('browsingContext.setViewport', { context, viewport });
  const run = async (expression) => {
    const target = { context };
    const { result, exceptionDetails } = await send('script.evaluate', {
      expression,
      target,
      awaitPromise: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return result;
  };
  return {
    version: `Firefox ${capabilities.browserVersion}`,
    open: (url) => send('browsingContext.navigate', { context, url, wait: 'complete' }),
    reload: () => send('browsingContext.reload', { context, wait: 'complete' }),
    evaluate: async (expression) => {
      const { value } = await run(`JSON.stringify(${expression}) ?? 'null'`);
      return JSON.parse(value);
    },
    click: async (expression) => {
      const { sharedId } = await run(expression);
      await send('input.performActions', { context, actions: [pointerClick(sharedId)] });
    },
    screenshot: async () => {
      const { data } = await send('browsingContext.captureScreenshot', { context });
      return Buffer.from(data, 'base64');
    },
    problems: () => problems,
    close: async () => {
      close();
      await end();
    },
  };
}

function pointerClick(sharedId) {
  const origin = { type: 'element', element: { sharedId } };
  return {
    type: 'pointer',
    id: 'mouse',
    actions: [
      { type: 'pointerMove', x: 0, y: 0, origin },
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ],
  };
}
