/** A lock as a person writes it: its descriptors, and what the dials have to be set to. */
import { readKind, writeKind } from '../kind-text.ts';
import { LOCK_NOTES, solution, unshifted, type LockInstance, type LockTables } from './instance.ts';
import { descriptorToken, DESCRIPTORS, DESCRIPTOR_VALUES, dialToken } from './vocabulary.ts';

/** What a lock is solved by. */
export interface LockRules {
  /** One per dial. */
  readonly tables: LockTables;
  /** Values per dial. */
  readonly values: number;
}

/**
 * `A3 B11 C0 = v1 v0 v2 v2`: the code stands for the hidden shifts, which a person cannot think in. What
 * is no normal lock says so after its code: `(jammed lock)`, `(open lock)`, `(hard lock)`.
 */
export function formatLock({ tables, values }: LockRules, lock: LockInstance): string {
  const code = solution(tables, values, lock).map(dialToken);
  const descriptors = lock.descriptors.map((value, slot) => descriptorToken(slot, value));
  const kind = lock.hard ? 'hard' : lock.kind;
  return writeKind([...descriptors, '=', ...code].join(' '), kind, LOCK_NOTES);
}

/**
 * Three descriptors, `=`, and the right value of each dial, with or without its `v`; then what kind of
 * lock it is, unless it is a normal one.
 * @throws RangeError that names the field, the value and what was expected.
 */
export function parseLock(rules: LockRules, whole: string): LockInstance {
  const { tables, values } = rules;
  const { text, kind } = readKind(whole, LOCK_NOTES);
  const sides = text.split('=');
  if (sides.length !== 2) refuse('lock', text, `descriptors = dials, like ${example(rules)}`);
  const [left = [], right = []] = sides.map(wordsOf);
  const descriptors = left.map(parseDescriptor);
  if (descriptors.length !== DESCRIPTORS) {
    refuse('descriptors', left.join(' '), `${DESCRIPTORS} of them, like A3 B11 C0`);
  }
  const code = right.map((word, dial) => parseDial(word, dial, values));
  if (code.length !== tables.length) {
    refuse('dials', right.join(' '), `${tables.length} values, one for each dial`);
  }
  const suggested = unshifted(tables, { descriptors, shifts: [] });
  const shifts = code.map((value, dial) => (value - suggested[dial]! + values) % values);
  if (kind === 'hard') return { descriptors, shifts, hard: true };
  return { descriptors, shifts, ...(kind && { kind }) };
}

function example(rules: LockRules): string {
  return formatLock(rules, { descriptors: [3, 11, 0], shifts: rules.tables.map(() => 0) });
}

function wordsOf(side: string): string[] {
  return side.split(/[\s,]+/).filter((word) => word !== '');
}

function parseDescriptor(word: string, slot: number): number {
  const values = Array.from({ length: DESCRIPTOR_VALUES }, (_, value) => value);
  const value = values.find((known) => descriptorToken(slot, known) === word.toUpperCase());
  if (value !== undefined) return value;
  if (slot >= DESCRIPTORS) return refuse('descriptors', word, `${DESCRIPTORS} of them before "="`);
  const [first, last] = [descriptorToken(slot, 0), descriptorToken(slot, DESCRIPTOR_VALUES - 1)];
  return refuse(`descriptor ${slot + 1}`, word, `${first} to ${last}`);
}

function parseDial(word: string, dial: number, values: number): number {
  const digits = /^v?(\d+)$/i.exec(word)?.[1];
  const value = Number(digits);
  if (digits !== undefined && value < values) return value;
  return refuse(`dial ${dial + 1}`, word, `${dialToken(0)} to ${dialToken(values - 1)}`);
}

function refuse(field: string, value: string, expected: string): never {
  throw new RangeError(`${field}: got "${value}", expected ${expected}`);
}
