import { describe, expect, it } from 'vitest';
import { embedCode } from './embedCode.ts';

describe('embedCode', () => {
  it('is a frame whose address survives being written as HTML', () => {
    const code = embedCode('https://example.test/?embed=1&seed=3&x="');
    expect(code).toContain('src="https://example.test/?embed=1&amp;seed=3&amp;x=&quot;"');
    expect(code).toMatch(/^<iframe .* title="ExIt Lab".*><\/iframe>$/);
  });
});
