import { expect, test } from 'vitest';
import { panelState } from './panel-state.ts';

test('what was chosen in a panel is that of its page, and is still there when it is asked for again', () => {
  const words = panelState('');
  const [page, other] = [{}, {}];
  words(page).setState('v1', true);
  expect(words(page).getState()).toBe('v1');
  expect(words(other).getState()).toBe('');
  expect(panelState('')(page).getState()).toBe('');
});
