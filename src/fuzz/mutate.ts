/** Small damage to bytes, texts and JSON, drawn from a stream so that each can be made again. */
import type { Rng } from '../base/rng.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

/** Values at which programs trip. */
const ODD_VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1, 2, 0.5, -0.5, 1e9, 1e13, -1e9, 1e308, 2 ** 31, 2 ** 53],
  ...['', ' ', '0', 'a b', '__proto__', '\u0000', 'é', 'x'.repeat(300)],
  ...[[], {}, [[]], [null], { a: 1 }, [0, 0, 0, 0]],
];

const ODD_WORDS = [0, 1, 2, 8, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff] as const;

/** One of several kinds of damage. */
export function mutateBytes(bytes: Bytes, rng: Rng): Bytes {
  if (bytes.length === 0) return Uint8Array.of(rng.int(256));
  return rng.pick([flipBits, setBytes, cut, remove, repeat, insertNoise, setWord])(bytes, rng);
}

function flipBits(bytes: Bytes, rng: Rng): Bytes {
  const changed = bytes.slice();
  for (let n = 1 + rng.int(8); n > 0; n--) changed[rng.int(bytes.length)]! ^= 1 << rng.int(8);
  return changed;
}

function setBytes(bytes: Bytes, rng: Rng): Bytes {
  const { from, to } = span(bytes.length, rng);
  return bytes.slice().fill(rng.pick([0, 0xff, 0x0a, 0x22, 0x20]), from, to);
}

function cut(bytes: Bytes, rng: Rng): Bytes {
  return bytes.slice(0, rng.int(bytes.length));
}

function remove(bytes: Bytes, rng: Rng): Bytes {
  const { from, to } = span(bytes.length, rng);
  return joined(bytes.subarray(0, from), bytes.subarray(to));
}

function repeat(bytes: Bytes, rng: Rng): Bytes {
  const { from, to } = span(bytes.length, rng);
  return joined(bytes.subarray(0, to), bytes.subarray(from));
}

function insertNoise(bytes: Bytes, rng: Rng): Bytes {
  const at = rng.int(bytes.length + 1);
  const noise = Uint8Array.from({ length: 1 + rng.int(16) }, () => rng.int(256));
  return joined(bytes.subarray(0, at), noise, bytes.subarray(at));
}

/** A number of two, four or eight bytes, as headers and floats have it. */
function setWord(bytes: Bytes, rng: Rng): Bytes {
  const changed = bytes.slice();
  const at = rng.int(bytes.length);
  const word = rng.pick(ODD_WORDS);
  const size = rng.pick([2, 4, 8]);
  for (let i = 0; i < size && at + i < bytes.length; i++) {
    changed[at + i] = i < 4 ? (word >>> (8 * i)) & 0xff : 0;
  }
  return changed;
}

function span(length: number, rng: Rng): { from: number; to: number } {
  const from = rng.int(length);
  return { from, to: Math.min(length, from + 1 + rng.int(rng.chance(0.2) ? length : 16)) };
}

export function joined(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** JSON with one value, somewhere, that is another, more, less or nowhere. */
export function mutateJson(value: unknown, rng: Rng): unknown {
  if (typeof value !== 'object' || value === null) return oddOne(value, rng);
  const keys = Object.keys(value);
  // The way down is taken mostly: what is at the top is checked first.
  if (keys.length === 0 || rng.chance(0.12))
    return rng.chance(0.5) ? oddOne(value, rng) : reshaped(value, rng);
  const key = rng.pick(keys);
  if (Array.isArray(value)) {
    return value.map((own: unknown, i) => (String(i) === key ? mutateJson(own, rng) : own));
  }
  const fields = Object.entries(value) as [string, unknown][];
  return Object.fromEntries(
    fields.map(([name, own]) => [name, name === key ? mutateJson(own, rng) : own]),
  );
}

/** Another value, or the same a little off. */
function oddOne(value: unknown, rng: Rng): unknown {
  if (typeof value === 'number' && rng.chance(0.7)) {
    return rng.pick([value + 1, value - 1, -value, value * 2, value / 3, value * 1e6, value + 0.5]);
  }
  if (typeof value === 'string' && rng.chance(0.4)) {
    return rng.pick([`${value}x`, value.slice(1), value.toUpperCase(), value + value]);
  }
  if (rng.chance(0.03)) return nested(200);
  return rng.pick(ODD_VALUES);
}

function nested(depth: number): unknown {
  return Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 0);
}

/** A list or an object with an entry more or less, or in another order. */
function reshaped(value: object, rng: Rng): unknown {
  if (Array.isArray(value)) {
    const list = value as readonly unknown[];
    const at = rng.int(list.length + 1);
    return rng.pick([
      list.filter((_, i) => i !== at),
      [...list, list[at] ?? rng.pick(ODD_VALUES)],
      [...list].reverse(),
      list.slice(0, at),
      [...list.slice(0, at), rng.pick(ODD_VALUES), ...list.slice(at)],
    ]);
  }
  const fields = Object.entries(value) as [string, unknown][];
  const [name, own] = fields[rng.int(fields.length || 1)] ?? ['', null];
  const others = fields.filter(([other]) => other !== name);
  return Object.fromEntries(
    rng.pick<[string, unknown][]>([
      others,
      [...others, [`${name}x`, own]],
      [...fields, [rng.pick(['rope_scaling', 'constructor', 'extra', '0']), rng.pick(ODD_VALUES)]],
      fields.map(([other], i) => [other, fields[(i + 1) % fields.length]![1]]),
    ]),
  );
}
