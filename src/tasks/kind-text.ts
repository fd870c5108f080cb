/** How a person writes of what kind an instance is, such as unsolvable: its name in brackets after the instance. */
import type { UnevenKind } from './task.ts';

/** What a domain calls its unsolvable and its trivial instances. */
export type KindNames = Readonly<Record<UnevenKind, string>>;

/** `A3 B11 C0 = v1 v0 v2 v2 (jammed lock)`; on a line of its own where the instance has several. */
export function writeKind<K extends string>(
  text: string,
  kind: K | undefined,
  names: Readonly<Record<K, string>>,
): string {
  if (kind === undefined) return text;
  return `${text}${text.includes('\n') ? '\n' : ' '}(${names[kind]})`;
}

/** The inverse of `writeKind`: an instance's own text, and its kind if one is written after it. */
export function readKind<K extends string>(
  text: string,
  names: Readonly<Record<K, string>>,
): { readonly text: string; readonly kind?: K } {
  const whole = text.trimEnd();
  for (const kind in names) {
    if (!whole.toLowerCase().endsWith(`(${names[kind]})`)) continue;
    return { text: whole.slice(0, -(names[kind].length + 2)).trimEnd(), kind };
  }
  return { text };
}
