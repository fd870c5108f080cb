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

export function scrollHeight(total: number, visible = VISIBLE_ROWS): number {
  return Math.min(MOST_PIXELS, Math.max(total, visible) * ROW_HEIGHT);
}

export function rowAtScroll(scrollTop: number, total: number, visible = VISIBLE_ROWS): number {
  const row = Math.round(scrollTop / pixelsPerRow(total, visible));
  return Math.min(lastFirstRow(total, visible), row);
}

export function scrollOfRow(row: number, total: number, visible = VISIBLE_ROWS): number {
  return row * pixelsPerRow(total, visible);
}

/** The first visible row when the list is scrolled to its end. */
export function lastFirstRow(total: number, visible = VISIBLE_ROWS): number {
  return Math.max(0, total - visible);
}

function pixelsPerRow(total: number, visible: number): number {
  const last = lastFirstRow(total, visible);
  return last === 0 ? ROW_HEIGHT : (scrollHeight(total, visible) - visible * ROW_HEIGHT) / last;
}

/** What to ask for, so that rows around the visible ones are there too. */
export function blockAround(first: number): { readonly offset: number; readonly limit: number } {
  const offset = Math.max(0, (Math.floor(first / BLOCK) - 1) * BLOCK);
  return { offset, limit: 3 * BLOCK };
}

/** Where a key leads from a row; null for keys that lead nowhere. */
export function rowAfterKey(
  key: string,
  row: number,
  total: number,
  visible = VISIBLE_ROWS,
): number | null {
  const within = (to: number): number => Math.max(0, Math.min(total - 1, to));
  switch (key) {
    case 'ArrowDown':
      return within(row + 1);
    case 'ArrowUp':
      return within(row - 1);
    case 'PageDown':
      return within(row + visible);
    case 'PageUp':
      return within(row - visible);
    case 'Home':
      return 0;
    case 'End':
      return within(total - 1);
    default:
      return null;
  }
}

/** The first visible row that shows `row`, moving as little as possible. */
export function firstToShow(row: number, first: number, visible = VISIBLE_ROWS): number {
  if (row < first) return row;
  return row >= first + visible ? row - visible + 1 : first;
}
