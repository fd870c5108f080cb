import type { ChangeEvent, CSSProperties, KeyboardEvent, Ref } from 'react';
import { useFocus, useFocusActions } from '../../../app/hooks.ts';
import type { Span } from './geometry.ts';

export interface ScrubberProps {
  readonly span: Span;
  readonly ref: Ref<HTMLInputElement>;
}

const FAR = 10;

/** Walks the steps of the run: under the map, its thumb where the step stands. At its end it is live. */
export function Scrubber({ span, ref }: ScrubberProps) {
  const pinned = useFocus((focus) => focus.pinned);
  const { pin, follow } = useFocusActions();
  const last = span.first + span.count - 1;
  const value = pinned ?? last;
  const go = (step: number): void => {
    if (step >= last) follow();
    else pin(Math.max(span.first, step));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = targetOf(event, value, span.first, last);
    if (target === null) return;
    event.preventDefault();
    go(target);
  };
  return (
    <input
      ref={ref}
      className="scrubber"
      type="range"
      style={{ '--step': `${100 / span.capacity}%` } as CSSProperties}
      aria-label="Step in view"
      aria-valuetext={wordsOf(pinned, span)}
      min={span.first}
      max={span.first + span.capacity - 1}
      step={1}
      value={Math.max(span.first, value)}
      disabled={span.count === 0}
      onChange={(event: ChangeEvent<HTMLInputElement>) => go(Number(event.currentTarget.value))}
      onKeyDown={onKeyDown}
    />
  );
}

/** Beyond what a range input does by itself: it ends at the newest step, and Shift goes further. */
function targetOf(
  { key, shiftKey, altKey, ctrlKey, metaKey }: KeyboardEvent,
  value: number,
  first: number,
  last: number,
): number | null {
  if (altKey || ctrlKey || metaKey) return null;
  const far = shiftKey ? FAR : 1;
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return value - far;
    case 'ArrowRight':
    case 'ArrowUp':
      return value + far;
    case 'Home':
      return first;
    case 'End':
      return last;
    default:
      return null;
  }
}

function wordsOf(pinned: number | null, { first, count }: Span): string {
  if (count === 0) return 'no step yet';
  const last = first + count - 1;
  return pinned === null ? `step ${last}, live` : `step ${pinned} of ${last}`;
}
