import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** What axe calls serious or critical, in a part of the page or all of it: the rule and where it is broken. */
export async function seriousViolations(page: Page, within = 'html'): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include(within).analyze();
  return described(
    violations.filter(({ impact }) => impact === 'serious' || impact === 'critical'),
  );
}

type Violations = Awaited<ReturnType<AxeBuilder['analyze']>>['violations'];

function described(violations: Violations): string[] {
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Whatever WCAG 2.2 AA asks for and the page lacks, targets of less than 24 pixels included. */
export async function wcagViolations(page: Page): Promise<string[]> {
  // What is out of sight is judged too. Not by a style tag: the page allows none.
  const sheet = await page.evaluateHandle(() => {
    const made = new CSSStyleSheet();
    made.replaceSync('* { content-visibility: visible !important; }');
    document.adoptedStyleSheets.push(made);
    return made;
  });
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  await sheet.evaluate((made) => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== made);
  });
  return described(violations);
}
