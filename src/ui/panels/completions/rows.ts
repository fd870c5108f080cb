/**
 * Which rows of a long list can be seen: rows have one height, the list may have a million of them, and
 * browsers bear elements of some ten million pixels only. Beyond that a pixel of scrolling is more than a
 * pixel of rows.
 */
export const ROW_HEIGHT = 30;
export const VISIBLE_ROWS = 14;
const MOST_PIXELS = 8e6;

/** Rows are asked for in blocks, so that a little scrolling asks for nothing. */
const BLOCK = 50;

export function scrollHeight(total: number): number {
  return Math.min(MOST_PIXELS, Math.max(total, VISIBLE_ROWS) * ROW_HEIGHT);
}

export function rowAtScroll(scrollTop: number, total: number): number {
  return Math.min(lastFirstRow(total), Math.round(scrollTop / pixelsPerRow(total)));
}

export function scrollOfRow(row: number, total: number): number {
  return row * pixelsPerRow(total);
}

/** The first visible row when the list is scrolled to its end. */
export function lastFirstRow(total: number): number {
  return Math.max(0, total - VISIBLE_ROWS);
}

function pixelsPerRow(total: number): number {
  const last = lastFirstRow(total);
  return last === 0 ? ROW_HEIGHT : (scrollHeight(total) - VISIBLE_ROWS * ROW_HEIGHT) / last;
}

/** What to ask for, so that rows around the visible ones are there too. */
export function blockAround(first: number): { readonly offset: number; readonly limit: number } {
  const offset = Math.max(0, (Math.floor(first / BLOCK) - 1) * BLOCK);
  return { offset, limit: 3 * BLOCK };
}

/** Where a key leads from a row; null for keys that lead nowhere. */
export function rowAfterKey(key: string, row: number, total: number): number | null {
  const within = (to: number): number => Math.max(0, Math.min(total - 1, to));
  switch (key) {
    case 'ArrowDown':
      return within(row + 1);
    case 'ArrowUp':
      return within(row - 1);
    case 'PageDown':
      return within(row + VISIBLE_ROWS);
    case 'PageUp':
      return within(row - VISIBLE_ROWS);
    case 'Home':
      return 0;
    case 'End':
      return within(total - 1);
    default:
      return null;
  }
}

/** The first visible row that shows `row`, moving as little as possible. */
export function firstToShow(row: number, first: number): number {
  if (row < first) return row;
  return row >= first + VISIBLE_ROWS ? row - VISIBLE_ROWS + 1 : first;
}
