/** What a domain's React view is given. */
import type { Attempt, Json } from './task.ts';

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
