import type { Icicle } from '../../../runs/index/queries.ts';
import { TaskAttempt } from '../../attempts/TaskAttempt.tsx';
import { formatNumber } from '../../format.ts';
import type { Size } from './lines.ts';
import { nameOf } from './renderIcicle.ts';
import { Tip } from './Tip.tsx';

export interface IcicleTipProps {
  readonly icicle: Icicle;
  readonly index: number;
  readonly size: Size;
  /** Where the pointer is, in pixels. */
  readonly x: number;
  readonly y: number;
}

/** The block under the pointer: what it is, and what was spent and seen there. */
export function IcicleTip({ icicle, index, size, x, y }: IcicleTipProps) {
  const count = icicle.count[index]!;
  const own = icicle.own[index]!;
  const instance = icicle.tasks[icicle.task[index]!]?.instance ?? null;
  return (
    <Tip x={x / size.width} y={y / size.height}>
      <strong>{nameOf(icicle, index)}</strong>
      <span>
        {count} {count === 1 ? 'group' : 'groups'} ({formatNumber((100 * count) / icicle.total)}%)
        here and below
      </span>
      <span>
        {own} right here
        {own > 0 && `, learnability ${formatNumber(icicle.learnability[index]!)}`}
      </span>
      {instance !== null && <TaskAttempt instance={instance} attempt={null} />}
    </Tip>
  );
}
