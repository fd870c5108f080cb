import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { usePressed } from './usePressed.ts';

const PLACE = document.createElement('div');
let root: Root;

beforeEach(() => {
  document.body.append(PLACE);
  root = createRoot(PLACE);
});
afterEach(() => {
  root.unmount();
  PLACE.remove();
});

function Row({ newest }: { readonly newest: string }) {
  const { value, ...handlers } = usePressed(newest);
  return (
    <button type="button" {...handlers}>
      {value}
    </button>
  );
}

const show = (newest: string) => root.render(<Row newest={newest} />);
const text = () => PLACE.textContent;
const button = () => PLACE.querySelector('button')!;

it.each(['pointerup', 'pointercancel'])('holds what is pressed until %s', async (release) => {
  show('first');
  await expect.poll(text).toBe('first');
  show('second');
  await expect.poll(text).toBe('second');
  button().dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
  show('third');
  // Nothing says that it was not drawn yet: some frames must pass.
  for (let i = 0; i < 5; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
  expect(text()).toBe('second');
  button().dispatchEvent(new PointerEvent(release, { bubbles: true }));
  // The click that comes with the release still means what was pressed.
  expect(text()).toBe('second');
  await expect.poll(text).toBe('third');
});
