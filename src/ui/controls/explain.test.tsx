import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { explainParam, TERMS } from '../../schema/glossary.ts';
import { PARAMS } from '../../schema/params.ts';
import { Explain } from './Explain.tsx';

describe('Explain', () => {
  it('is a named button that opens, and is described by, what it explains', () => {
    const markup = renderToStaticMarkup(<Explain what={TERMS.S} />);
    expect(markup).toContain('aria-label="About Learnability"');
    const [, target] = /popoverTarget="([^"]+)"/i.exec(markup) ?? [];
    expect(target).toBeTruthy();
    expect(markup).toContain(`aria-describedby="${target}"`);
    expect(markup).toContain(`id="${target}" popover="auto"`);
    expect(markup).toContain(TERMS.S.text);
  });

  it('takes its words from the tables', () => {
    const { symbol, label, help } = PARAMS.divergeProbability;
    expect(explainParam('divergeProbability')).toMatchObject({ symbol, title: label, text: help });
  });
});
