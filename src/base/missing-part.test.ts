import { expect, it } from 'vitest';
import { MISSING_PART, plainMessage } from './missing-part.ts';

it.each([
  'Failed to fetch dynamically imported module: https://x/assets/a.js',
  'error loading dynamically imported module: https://x/assets/a.js',
  'Importing a module script failed.',
  'Unable to preload CSS for /assets/a.css',
  'The training worker failed: it could not be started.',
  'a worker stopped: it could not be started',
])('tells of a part that is missing: %s', (message) => {
  expect(plainMessage(message)).toBe(MISSING_PART);
});

it('leaves every other message as it is', () => {
  expect(plainMessage('tree is undefined')).toBe('tree is undefined');
});
