/**
 * What a domain's React view is given, and what all of them say alike. Panels hide what stands beside an
 * attempt already, by the class of the part: `attempt-task` states the task, `attempt-quality` the quality,
 * `attempt-state` what the attempt leaves behind. All other classes are the domain's own, begin with its
 * name, and have their rules in its `view.css`. In a filmstrip `attempt-frame` is the frame, and one with
 * `attempt-rows` puts what is in it into two rows.
 */
import { createElement, type ReactNode } from 'react';
import * as v from 'valibot';
import type { KindNames } from './kind-text.ts';
import type { Attempt, Json, UnevenKind } from './task.ts';

export interface AttemptViewProps {
  /** An instance of the view's own domain, as it lives in records and checkpoints. */
  readonly instance: Json;
  /** Null shows the instance alone. */
  readonly attempt: Attempt | null;
  /** An earlier attempt; what differs from it is pointed out. */
  readonly compareTo?: Attempt | null;
  /** The final attempts of the turns before, in a conversation; none is the first turn. */
  readonly earlier?: readonly Attempt[];
}

/** Of the field that says so; absent where the instance is normal. */
export const KindSchema = v.exactOptional(v.picklist(['unsolvable', 'trivial']));

const MEANINGS: Readonly<Record<UnevenKind, string>> = {
  unsolvable: 'nothing solves it, so it teaches nothing',
  trivial: 'any well-formed attempt solves it, so it teaches nothing',
};

export interface KindNoteProps {
  readonly kind: UnevenKind | undefined;
  readonly names: KindNames;
  /** Before the first attempt nothing tells such an instance apart, and nothing is said. */
  readonly tried: boolean;
}

export function KindNote({ kind, names, tried }: KindNoteProps): ReactNode {
  if (kind === undefined || !tried) return null;
  const name = createElement('strong', null, names[kind]);
  return createElement('p', { className: 'attempt-kind' }, name, `: ${MEANINGS[kind]}`);
}
