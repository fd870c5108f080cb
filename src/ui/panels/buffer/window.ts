/** Which rows of a long table are drawn and asked for, by where it is scrolled to. */

/** Pixels; rows are all alike, so that a place in the scroll is a place in the order. */
export const ROW_HEIGHT = 32;
/** Rows are asked for by the page, so that scrolling by a few asks for nothing. */
const PAGE = 50;
/** Rows drawn beyond what can be seen, on each side. */
const BEYOND = 8;

export interface Span {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** Rows to draw. */
export function drawnSpan(scrollTop: number, height: number, total: number): Span {
  const first = Math.floor(scrollTop / ROW_HEIGHT) - BEYOND;
  const last = Math.ceil((scrollTop + height) / ROW_HEIGHT) + BEYOND;
  const from = Math.max(0, Math.min(first, total));
  return { from, to: Math.max(from, Math.min(last, total)) };
}

/** Whole pages around what can be seen: the request that has them. */
export function askedSpan(
  scrollTop: number,
  height: number,
): { readonly offset: number; readonly limit: number } {
  const first = Math.max(0, Math.floor(scrollTop / ROW_HEIGHT) - BEYOND);
  const last = Math.ceil((scrollTop + height) / ROW_HEIGHT) + BEYOND;
  const offset = Math.floor(first / PAGE) * PAGE;
  return { offset, limit: Math.ceil((last - offset) / PAGE) * PAGE };
}

/** Where to scroll so that a row stands between the header and the lower rim. */
export function scrolledTo(row: number, scrollTop: number, height: number): number {
  const [top, bottom] = [row * ROW_HEIGHT, (row + 1) * ROW_HEIGHT];
  if (top < scrollTop) return top;
  return bottom > scrollTop + height ? bottom - height : scrollTop;
}

const PAGE_KEYS = { PageUp: -1, PageDown: 1 } as const;

/** The row that a key leads to; null for other keys. */
export function rowByKey(key: string, row: number, total: number, visible: number): number | null {
  const inside = (to: number): number => Math.max(0, Math.min(total - 1, to));
  switch (key) {
    case 'ArrowUp':
      return inside(row - 1);
    case 'ArrowDown':
      return inside(row + 1);
    case 'PageUp':
    case 'PageDown':
      return inside(row + PAGE_KEYS[key] * Math.max(1, visible - 1));
    case 'Home':
      return 0;
    case 'End':
      return inside(total - 1);
    default:
      return null;
  }
}
