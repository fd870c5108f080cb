/** After an update on the server, a page that was open asks for files that are no more. */

/** As browsers and Vite say it of a module, and we of a worker whose script was not there. */
const MISSING =
  /dynamically imported module|Importing a module script failed|Unable to preload|could not be started/i;

export const MISSING_PART =
  'A part of the page is no longer on the server, most likely because it was updated. Reload to get all of it.';

/** A message as a person should read it: one about a part that is missing says what to do. */
export function plainMessage(message: string): string {
  return MISSING.test(message) ? MISSING_PART : message;
}
