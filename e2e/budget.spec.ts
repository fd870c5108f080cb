import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';

/** Everything that the page must load before it can paint; neither the worker nor the charts. */
function initialScripts(): string[] {
  const html = readFileSync('dist/index.html', 'utf8');
  const found = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(
    ([, path]) => path!,
  );
  for (const path of found) {
    const code = readFileSync(join('dist', path), 'utf8');
    for (const [, name] of code.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) {
      if (!found.includes(`assets/${name}`)) found.push(`assets/${name}`);
    }
  }
  return found;
}

test('the page starts with at most 200 KB of compressed JavaScript', () => {
  const scripts = initialScripts();
  const sizes = scripts.map((path) => gzipSync(readFileSync(join('dist', path))).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  process.stdout.write(`  measured: ${Math.round(total / 1000)} KB in ${scripts.join(', ')}\n`);
  expect(scripts.length).toBeGreaterThan(0);
  expect(total).toBeGreaterThan(20_000);
  expect(total).toBeLessThanOrEqual(200_000);
});
