import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { MANIFESTS } from './manifests.ts';

const SRC = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(`${SRC}/${path}`, 'utf8');

/** Domain → what its classes begin with: `locks` → `lock`. */
const PREFIXES = Object.keys(MANIFESTS).map((domain): [string, string] => {
  return [domain, /^\.([a-z]+)/.exec(read(`tasks/${domain}/view.css`))![1]!];
});

describe('stylesheets', () => {
  test.each(PREFIXES)(
    'the view of %s brings its own, and every rule is of %s',
    (domain, prefix) => {
      expect(read(`tasks/${domain}/view.tsx`)).toContain(`import './view.css';`);
      const selectors = read(`tasks/${domain}/view.css`)
        .replace(/\/\*.*?\*\//gs, '')
        .replace(/\{.*?\}/gs, ',')
        .split(',')
        .map((selector) => selector.trim())
        .filter(Boolean);
      expect(selectors.length).toBeGreaterThan(5);
      expect(selectors.filter((selector) => !selector.startsWith(`.${prefix}`))).toEqual([]);
    },
  );

  test('those of the page say nothing of any domain', () => {
    const page = readdirSync(`${SRC}/ui`, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.css'))
      .map((path) => `ui/${path}`);
    expect(page.length).toBeGreaterThan(5);
    const ofDomain = new RegExp(`\\.(${PREFIXES.map(([, prefix]) => prefix).join('|')})(?![a-z])`);
    expect(page.filter((path) => ofDomain.test(read(path)))).toEqual([]);
  });
});
