/** SHA-256 of bytes that come in pieces (FIPS 180-4): what browsers offer takes all of them at once. */

export interface Hash {
  update(bytes: Uint8Array): void;
  /** Hexadecimal; to be asked once, at the end. */
  digest(): string;
}

const BLOCK = 64;
/** The end of the last block holds the length in bits. */
const LENGTH_AT = BLOCK - 8;

/** The first 32 bits of the fractional parts of the roots of the first primes. */
function fractions(count: number, power: number): Int32Array {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) {
    const isPrime = Array.from({ length: n - 2 }, (_, i) => i + 2).every((d) => n % d !== 0);
    if (isPrime) found.push((n ** power % 1) * 2 ** 32);
  }
  // Of 32 bits with a sign, as the operators have them.
  return Int32Array.from(found);
}

const INITIAL = fractions(8, 1 / 2);
const ROUND = fractions(64, 1 / 3);

export function createSha256(): Hash {
  const state = INITIAL.slice();
  const words = new Int32Array(64);
  const block = new Uint8Array(BLOCK);
  let [filled, length] = [0, 0];
  const update = (bytes: Uint8Array): void => {
    length += bytes.length;
    let at = 0;
    if (filled > 0) {
      at = Math.min(BLOCK - filled, bytes.length);
      block.set(bytes.subarray(0, at), filled);
      filled += at;
      if (filled < BLOCK) return;
      compress(state, words, block, 0);
    }
    for (; at + BLOCK <= bytes.length; at += BLOCK) compress(state, words, bytes, at);
    block.set(bytes.subarray(at));
    filled = bytes.length - at;
  };
  const digest = (): string => {
    const bits = length * 8;
    const padding = new Uint8Array(filled < LENGTH_AT ? BLOCK : 2 * BLOCK).subarray(filled);
    padding[0] = 0x80;
    const end = new DataView(padding.buffer, padding.byteOffset + padding.length - 8);
    end.setUint32(0, Math.floor(bits / 2 ** 32));
    end.setUint32(4, bits >>> 0);
    update(padding);
    return [...state].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  };
  return { update, digest };
}

function compress(state: Int32Array, w: Int32Array, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 16; i++, at += 4) {
    w[i] = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  }
  for (let i = 16; i < 64; i++) {
    const [x, y] = [w[i - 15]!, w[i - 2]!];
    const small = turned(x, 7) ^ turned(x, 18) ^ (x >>> 3);
    const large = turned(y, 17) ^ turned(y, 19) ^ (y >>> 10);
    w[i] = w[i - 16]! + small + w[i - 7]! + large;
  }
  let [a, b, c, d] = [state[0]!, state[1]!, state[2]!, state[3]!];
  let [e, f, g, h] = [state[4]!, state[5]!, state[6]!, state[7]!];
  for (let i = 0; i < 64; i++) {
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const first =
      (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + choice + ROUND[i]! + w[i]!) | 0;
    const second = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}

function turned(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}
