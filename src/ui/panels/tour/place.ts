/** Where on the page something is to be done. */
const FOCUSABLE = 'button, input, select, a[href], summary, [tabindex="0"]';
const MARKED = 'tour-place';
const MARKED_FOR = 2500;

/** Brings the first place that is there into view, unfolded and marked, with the focus in it. */
export function showPlace(selectors: readonly string[]): void {
  const place = selectors
    .map((selector) => document.querySelector<HTMLElement>(selector))
    .find((found) => found !== null);
  if (!place) return;
  for (let at: Element | null = place; at; at = at.parentElement) {
    if (at instanceof HTMLDetailsElement) at.open = true;
  }
  const first = place.matches(FOCUSABLE) ? place : place.querySelector<HTMLElement>(FOCUSABLE);
  place.scrollIntoView({ block: 'center', inline: 'nearest' });
  first?.focus({ preventScroll: true });
  place.classList.add(MARKED);
  setTimeout(() => place.classList.remove(MARKED), MARKED_FOR);
}
