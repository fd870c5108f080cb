/** Panels that other panels lead to, without knowing each other. */
export const INSPECTOR = 'inspector';

/** Brings a panel into view, with the focus on it. */
export function scrollToPanel(id: string): void {
  const panel = document.getElementById(id);
  panel?.scrollIntoView({ block: 'start' });
  panel?.focus({ preventScroll: true });
}
