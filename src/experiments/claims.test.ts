import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { claimsOf } from './claims.ts';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): Promise<string> => readFile(new URL(path, ROOT), 'utf8');

describe('claims', () => {
  it('are what docs/results.md says, word for word (else: npm run results)', async () => {
    const stored: unknown = JSON.parse(await read('src/ui/panels/claims/claims.json'));
    const claims = claimsOf(await read('docs/results.md'));
    expect(stored).toEqual(claims);
    expect(claims.length).toBeGreaterThanOrEqual(4);
    for (const { here } of claims) expect(here).toMatch(/-?\d\.\d+ \[[+-]?\d\.\d+, [+-]?\d\.\d+\]/);
  });

  it('are refused where there are none, or in another shape', () => {
    const heading = '## What the paper says, and what we measured\n\n';
    expect(() => claimsOf('# Results\n')).toThrow('got no table');
    expect(() => claimsOf(`${heading}| a | b |\n| - | - |\n| 1 | 2 |\n`)).toThrow('three columns');
  });
});
