/** Typed arrays that grow as they are written to. What was never written is 0. */
type Typed = Int32Array | Uint16Array | Float32Array | Float64Array;

export class Growing<T extends Typed> {
  /** Longer than what was written. */
  values: T;

  constructor(private readonly create: (length: number) => T) {
    this.values = create(256);
  }

  set(index: number, value: number): void {
    if (index >= this.values.length) this.grow(index);
    this.values[index] = value;
  }

  private grow(index: number): void {
    let length = this.values.length;
    while (length <= index) length *= 2;
    const next = this.create(length);
    next.set(this.values);
    this.values = next;
  }
}
