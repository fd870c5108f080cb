import { useFocus } from '../../../app/hooks.ts';
import { xOf } from './geometry.ts';
import type { Span } from './geometry.ts';

/** The step that is kept and the one under the pointer, wherever on the page it points at one. */
export function Cursors({ span }: { readonly span: Span }) {
  const pinned = useFocus((focus) => focus.pinned);
  const hovered = useFocus((focus) => focus.hovered);
  return (
    <>
      <Cursor step={pinned} kind="pinned" span={span} />
      <Cursor step={hovered} kind="hovered" span={span} />
    </>
  );
}

interface CursorProps {
  readonly step: number | null;
  readonly kind: 'pinned' | 'hovered';
  readonly span: Span;
}

function Cursor({ step, kind, span }: CursorProps) {
  if (step === null || step < span.first || step >= span.first + span.capacity) return null;
  return <span className={`heat-cursor ${kind}`} style={{ left: `${xOf(step, span) * 100}%` }} />;
}
