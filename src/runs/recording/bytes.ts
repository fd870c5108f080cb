/** Numbers and words as bytes: small numbers take one byte, and a word is spelled out once only. */
import { Vocabulary } from '../index/vocabulary.ts';

export class ByteWriter {
  private bytes = new Uint8Array(1 << 12);
  private length = 0;
  private readonly encoder = new TextEncoder();

  constructor(private readonly words = new Vocabulary()) {}

  /** A whole number from 0, seven bits to a byte. */
  uint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(`uint: got ${value}, expected a whole number from 0`);
    }
    let rest = value;
    while (rest >= 128) {
      this.byte((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest);
  }

  /** A whole number of either sign. */
  int(value: number): void {
    this.uint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  float32(value: number): void {
    const at = this.claim(4);
    new DataView(this.bytes.buffer).setFloat32(at, value, true);
  }

  text(value: string): void {
    const bytes = this.encoder.encode(value);
    this.uint(bytes.length);
    // First: it may move the bytes to a larger array.
    const at = this.claim(bytes.length);
    this.bytes.set(bytes, at);
  }

  /** By its number; spelled out where it comes for the first time. */
  word(word: string): void {
    const isNew = this.words.known(word) === undefined;
    this.uint(this.words.id(word));
    if (isNew) this.text(word);
  }

  /** A copy of what was written since the last one. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.bytes.slice(0, this.length);
    this.length = 0;
    return taken;
  }

  private byte(value: number): void {
    const at = this.claim(1);
    this.bytes[at] = value;
  }

  private claim(count: number): number {
    const at = this.length;
    this.length += count;
    if (this.length > this.bytes.length) {
      const larger = new Uint8Array(2 * this.length);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    return at;
  }
}

export class ByteReader {
  private at = 0;
  private readonly view: DataView;
  private readonly decoder = new TextDecoder();

  constructor(
    private readonly bytes: Uint8Array,
    private readonly words = new Vocabulary(),
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  /**
   * A number of things that follow, of which each takes a byte at least.
   * @throws RangeError where there cannot be so many.
   */
  count(): number {
    const count = this.uint();
    const left = this.bytes.length - this.at;
    if (count <= left) return count;
    throw new RangeError(`count: got ${count}, expected at most ${left}, the bytes that are left`);
  }

  /** @throws RangeError at the end, or of a number that is too large to be exact. */
  uint(): number {
    for (let value = 0, factor = 1; ; factor *= 128) {
      const byte = this.view.getUint8(this.at++);
      value += (byte % 128) * factor;
      if (value > Number.MAX_SAFE_INTEGER) {
        throw new RangeError(`uint: got ${value}, expected at most ${Number.MAX_SAFE_INTEGER}`);
      }
      if (byte < 128) return value;
    }
  }

  int(): number {
    const value = this.uint();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  float32(): number {
    this.at += 4;
    return this.view.getFloat32(this.at - 4, true);
  }

  text(): string {
    const length = this.uint();
    this.at += length;
    return this.decoder.decode(this.bytes.subarray(this.at - length, this.at));
  }

  word(): string {
    const id = this.uint();
    return this.words.word(id < this.words.size ? id : this.words.id(this.text()));
  }
}
