import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, expect, it, vi } from 'vitest';
import { ErrorBoundary } from './ErrorBoundary.tsx';

const container = document.createElement('div');
const root = createRoot(container);
document.body.append(container);
(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

afterEach(() => act(() => root.render(null)));

function Fragile({ fault }: { readonly fault: { error: unknown } | null }) {
  if (fault) throw fault.error;
  return <p>drawn</p>;
}

function show(fault: { error: unknown } | null): void {
  const quiet = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  act(() =>
    root.render(
      <>
        <ErrorBoundary name="Lineage">
          <Fragile fault={fault} />
        </ErrorBoundary>
        <p>the rest</p>
      </>,
    ),
  );
  quiet.mockRestore();
}

it.each([
  [{ error: new TypeError('tree is undefined') }, 'tree is undefined'],
  [{ error: null }, 'null'],
  [
    { error: new TypeError('Failed to fetch dynamically imported module: http://x/assets/a.js') },
    'no longer on the server',
  ],
])('says what failed and leaves the rest of the page: %o', (fault, expected) => {
  show(null);
  expect(container.textContent).toBe('drawnthe rest');
  show(fault);
  const region = container.querySelector('section')!;
  expect(region.getAttribute('aria-label')).toBe('Lineage could not be drawn');
  expect(region.textContent).toContain(expected);
  expect(container.textContent).toContain('the rest');
});

it('draws again when asked', () => {
  const fault = { error: new Error('once') as unknown };
  show(fault);
  show(null);
  expect(container.textContent).toContain('once');
  const again = [...container.querySelectorAll('button')].find(
    (button) => button.textContent === 'Draw it again',
  )!;
  act(() => again.click());
  expect(container.textContent).toBe('drawnthe rest');
});
