import { quantity } from './quantities.ts';
import type { QuantityId } from './quantities.ts';
import type { HeatColumns } from './columns.ts';
import { stepAt } from './geometry.ts';
import type { Span } from './geometry.ts';
import { Tip } from './Tip.tsx';

export interface HeatTipProps {
  readonly place: { readonly x: number; readonly y: number; readonly depth: number };
  readonly columns: HeatColumns;
  readonly span: Span;
}

/** What the cell under the pointer says in numbers. */
export function HeatTip({ place, columns, span }: HeatTipProps) {
  const step = stepAt(place.x, span) ?? span.first;
  const at = Math.floor((step - span.first) / columns.width);
  const cell = at * columns.rows + place.depth;
  const count = columns.count[cell] ?? 0;
  const value = (id: QuantityId): string => quantity(id).format(quantity(id).value(columns, cell));
  return (
    <Tip x={place.x} y={place.y}>
      <strong>
        {stepsOf(at, columns, span)}, depth {place.depth}
      </strong>
      {count === 0 ? (
        <span>no group started here</span>
      ) : (
        <>
          <span>
            {value('share')} of starts ({count} {count === 1 ? 'group' : 'groups'})
          </span>
          <span>learnability {value('learnability')}</span>
          <span>{value('distinct')} distinct attempts</span>
        </>
      )}
    </Tip>
  );
}

function stepsOf(at: number, { width, steps }: HeatColumns, { first }: Span): string {
  const from = first + at * width;
  const to = first + Math.min((at + 1) * width, steps) - 1;
  return from === to ? `Step ${from}` : `Steps ${from}–${to}`;
}
