/**
 * Typed arrays that grow where they are. What would be copied to a larger place is then neither held
 * twice by views of before, nor copied.
 */
export type Numbers =
  | Float64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>;

export interface Kind<T> {
  new (buffer: ArrayBuffer): T;
  readonly BYTES_PER_ELEMENT: number;
}

/** Rows are made room for so many at a time: a page of memory for a column. */
const ROWS = 512;

export function roomFor(rows: number): number {
  return ROWS * Math.ceil(rows / ROWS);
}

/** Elements that an array can grow to before it has to move: address space, not memory. */
const LEAST_REACH = 2 ** 17;

/** Zeros, with room to grow. */
export function room<T extends Numbers>(kind: Kind<T>, length: number): T {
  const { BYTES_PER_ELEMENT: width } = kind;
  const maxByteLength = width * Math.max(LEAST_REACH, 4 * length);
  return new kind(new ArrayBuffer(width * length, { maxByteLength }));
}

/**
 * The array with at least `length` elements, those beyond its old end 0: itself, and so each view of it,
 * where it can grow; where it cannot (older browsers, too far), a longer copy.
 */
export function growArray<T extends Numbers>(kind: Kind<T>, array: T, length: number): T {
  if (array.length >= length) return array;
  const { buffer } = array;
  const bytes = length * kind.BYTES_PER_ELEMENT;
  if (buffer.resizable && bytes <= buffer.maxByteLength) {
    buffer.resize(bytes);
    return array;
  }
  const next = room(kind, length);
  next.set(array);
  return next;
}
