/** Panels that other panels lead to, without knowing each other. */
import type { PlaceId, Places } from '../app/places.ts';

export const INSPECTOR = 'inspector';
export const PLAYGROUND = 'playground';

const TRIES = 40;

/** Opens the place that a panel is in, and brings the panel into view, with the focus on it. */
export function scrollToPanel(places: Places, place: PlaceId, id: string): void {
  if (places.store.getState().place !== place) places.open(place);
  whenThere(id, TRIES, (panel) => {
    panel.scrollIntoView({ block: 'start' });
    panel.focus({ preventScroll: true });
  });
}

/** A place that was not open yet may have to be fetched. */
function whenThere(id: string, tries: number, act: (panel: HTMLElement) => void): void {
  const panel = document.getElementById(id);
  if (panel) act(panel);
  else if (tries > 0) setTimeout(() => whenThere(id, tries - 1, act), 50);
}
