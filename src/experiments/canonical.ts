/** Names that follow from content: the same content has the same name in every process and on every machine. */
import { hashString } from '../base/rng.ts';

/** JSON with sorted keys and no space: equal values give equal text. Fields that are undefined are absent. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, field: unknown) => (isRecord(field) ? sorted(field) : field));
}

function sorted(record: Record<string, unknown>): Record<string, unknown> {
  const keys = Object.keys(record).sort();
  return Object.fromEntries(keys.map((key) => [key, record[key]]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * 16 hexadecimal digits of two 32-bit hashes. Not one that withstands an attacker: whoever relies on it
 * compares the content too.
 */
export function contentId(value: unknown): string {
  const text = canonicalJson(value);
  return [0, 1].map((seed) => hex(hashString(text, seed))).join('');
}

function hex(hash: number): string {
  return (hash >>> 0).toString(16).padStart(8, '0');
}
