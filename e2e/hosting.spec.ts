import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { LabPage, QUICK } from './lab.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/** As plain a host as there is: files of dist/ below a path, and nothing else. */
function serveBelow(path: string): Server {
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    const file = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
    if (!file.startsWith(path)) {
      response.writeHead(404).end();
      return;
    }
    readFile(join('dist', file.slice(path.length))).then(
      (bytes) => {
        const type = TYPES[extname(file)] ?? 'application/octet-stream';
        response.writeHead(200, { 'content-type': type }).end(bytes);
      },
      () => response.writeHead(404).end(),
    );
  });
}

test('runs from any host and sub-path, the base policy included', async ({ page }) => {
  const server = serveBelow('/some/sub/path/');
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const lab = new LabPage(page);
  await lab.open(
    QUICK.replace('init=scratch', 'init=base'),
    `http://127.0.0.1:${port}/some/sub/path/`,
  );
  await page.locator('summary', { hasText: 'Backend' }).click();
  await expect(page.getByText(/from base policy/)).toBeVisible();
  await lab.step();
  server.close();
});
