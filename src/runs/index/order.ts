/** Orders many numbers at once: by their bits, in two passes, whatever their distribution. */

const DIGIT_BITS = 16;
const DIGITS = 1 << DIGIT_BITS;

/**
 * Sorts `members`, which are indices into `keys`, by key; equal keys stay in their order.
 * @param keys overwritten; NaN is not allowed.
 */
export function sortByKey(keys: Float32Array, members: Uint32Array, descending: boolean): void {
  const bits = sortableBits(keys, descending);
  const spare = new Uint32Array(members.length);
  pass(members, spare, bits, 0);
  pass(spare, members, bits, DIGIT_BITS);
}

/** Unsigned integers in the order of the floats, in their place. */
function sortableBits(keys: Float32Array, descending: boolean): Uint32Array {
  const bits = new Uint32Array(keys.buffer, keys.byteOffset, keys.length);
  const flip = descending ? -1 : 0;
  for (let i = 0; i < bits.length; i++) {
    const raw = bits[i]! | 0;
    bits[i] = raw ^ ((raw >> 31) | 0x80000000) ^ flip;
  }
  return bits;
}

/** One stable pass of a counting sort, by 16 of the bits. */
function pass(from: Uint32Array, to: Uint32Array, bits: Uint32Array, shift: number): void {
  const places = new Uint32Array(DIGITS + 1);
  for (let i = 0; i < from.length; i++) {
    places[((bits[from[i]!]! >>> shift) & (DIGITS - 1)) + 1]!++;
  }
  for (let digit = 0; digit < DIGITS; digit++) places[digit + 1]! += places[digit]!;
  for (let i = 0; i < from.length; i++) {
    const member = from[i]!;
    to[places[(bits[member]! >>> shift) & (DIGITS - 1)]!++] = member;
  }
}
