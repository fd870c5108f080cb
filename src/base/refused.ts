/** What was asked for cannot be done here, and whoever asked can ask for something else. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}
