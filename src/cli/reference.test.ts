import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { METRIC_IDS } from '../schema/metrics.ts';
import { PARAM_IDS } from '../schema/params.ts';
import { referencePages } from './reference.ts';

const pages = await referencePages();

describe('the generated reference', () => {
  it.each(Object.keys(pages))('is up to date: docs/%s (else: npm run docs)', async (name) => {
    const stored = await readFile(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
    expect(stored).toBe(pages[name]);
  });

  it('names every parameter and every metric', () => {
    for (const id of PARAM_IDS) expect(pages['parameters.md']).toContain(`| \`${id}\`<br>`);
    for (const id of METRIC_IDS) expect(pages['metrics.md']).toContain(`| \`${id}\`<br>`);
  });
});
