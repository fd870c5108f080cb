/** Typed arrays that grow as they are written to. What was never written is 0. */
import {
  growArray,
  growableArray,
  type NumericArrayConstructor,
  type NumericArray,
} from '../../base/growableArray.ts';

export class Growing<T extends NumericArray> {
  /** Longer than what was written. */
  values: T;

  constructor(private readonly kind: NumericArrayConstructor<T>) {
    this.values = growableArray(kind, 256);
  }

  set(index: number, value: number): void {
    const { length } = this.values;
    if (index >= length) {
      this.values = growArray(this.kind, this.values, Math.max(2 * length, index + 1));
    }
    this.values[index] = value;
  }
}
