/** How a person writes that an instance is unsolvable or trivial: its name in brackets after the instance. */
import type { UnevenKind } from './task.ts';

/** What a domain calls its unsolvable and its trivial instances. */
export type KindNames = Readonly<Record<UnevenKind, string>>;

const UNEVEN = ['unsolvable', 'trivial'] as const satisfies readonly UnevenKind[];

/** `A3 B11 C0 = v1 v0 v2 v2 (jammed lock)`; on a line of its own where the instance has several. */
export function writeKind(text: string, kind: UnevenKind | undefined, names: KindNames): string {
  if (kind === undefined) return text;
  return `${text}${text.includes('\n') ? '\n' : ' '}(${names[kind]})`;
}

/** The inverse of `writeKind`: an instance's own text, and its kind if one is written after it. */
export function readKind(
  text: string,
  names: KindNames,
): { readonly text: string; readonly kind?: UnevenKind } {
  const whole = text.trimEnd();
  const kind = UNEVEN.find((known) => whole.toLowerCase().endsWith(`(${names[known]})`));
  if (kind === undefined) return { text };
  return { text: whole.slice(0, -(names[kind].length + 2)).trimEnd(), kind };
}
