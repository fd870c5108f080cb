/**
 * Typed arrays that grow in place: nothing is copied, and views from before keep no second copy alive.
 */
export type NumericArray =
  | Float64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>;

export interface NumericArrayConstructor<T> {
  new (buffer: ArrayBuffer): T;
  readonly BYTES_PER_ELEMENT: number;
}

/** Arrays grow by so many rows at a time: a page of memory for a column. */
const PADDING_ROWS = 512;

/** `rows` rounded up to what an array grows by. */
export function paddedRows(rows: number): number {
  return PADDING_ROWS * Math.ceil(rows / PADDING_ROWS);
}

/** Elements that every array can grow to before it has to be copied: address space, not memory. */
const LEAST_MAX_LENGTH = 2 ** 17;

/** Zeros in a buffer that can grow to at least four times the length. */
export function growableArray<T extends NumericArray>(
  kind: NumericArrayConstructor<T>,
  length: number,
): T {
  const { BYTES_PER_ELEMENT: width } = kind;
  const maxByteLength = width * Math.max(LEAST_MAX_LENGTH, 4 * length);
  return new kind(new ArrayBuffer(width * length, { maxByteLength }));
}

/**
 * The array with at least `length` elements, those beyond its old end 0: itself, and so each view of it,
 * where it can grow; where it cannot (older browsers, too far), a longer copy.
 */
export function growArray<T extends NumericArray>(
  kind: NumericArrayConstructor<T>,
  array: T,
  length: number,
): T {
  if (array.length >= length) return array;
  const { buffer } = array;
  const bytes = length * kind.BYTES_PER_ELEMENT;
  if (buffer.resizable && bytes <= buffer.maxByteLength) {
    buffer.resize(bytes);
    return array;
  }
  const next = growableArray(kind, length);
  next.set(array);
  return next;
}
