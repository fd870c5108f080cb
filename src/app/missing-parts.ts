/** Tells of every file of the page that could not be fetched, whoever asked for it. */
import { MISSING_PART } from '../base/missing-part.ts';
import { notify, type NoticesStore } from './notices.ts';

/** @param page the window: Vite tells it. */
export function noticeMissingParts(page: EventTarget, notices: NoticesStore): void {
  page.addEventListener('vite:preloadError', (event) => {
    const reason = 'payload' in event && event.payload instanceof Error && event.payload.message;
    notify(notices, 'Not all of the page is here.', [reason || MISSING_PART]);
  });
}
