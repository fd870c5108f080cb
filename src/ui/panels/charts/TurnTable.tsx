import type { Estimate, TurnEstimate } from '../../../schema/records.ts';
import { formatFixed } from '../../format.ts';

export interface TurnTableProps {
  readonly turns: readonly TurnEstimate[];
  /** Quality summed over the turns of a conversation; absent where every task has one turn. */
  readonly taskReturn: TurnEstimate | undefined;
  /** K: self-improvement steps in each turn. */
  readonly depth: number;
}

/** How many of the conversations have each turn right, and what all turns of one come to. */
export function TurnTable({ turns, taskReturn, depth }: TurnTableProps) {
  const isResampled = turns.some(({ resampled }) => resampled !== undefined);
  return (
    <table className="turns">
      <caption>
        Turns solved, in percent of the conversations that have them, with 95% intervals. A first
        attempt follows earlier turns as they were first answered, or as they were revised.
        {taskReturn && ' Total return: quality summed over the turns of a conversation.'}
      </caption>
      <thead>
        <tr>
          <th scope="col">turn</th>
          <th scope="col">first attempt</th>
          <th scope="col">first, after revised turns</th>
          <th scope="col">at k = {depth}</th>
          {isResampled && <th scope="col">best of {depth + 1} fresh</th>}
        </tr>
      </thead>
      <tbody>
        {turns.map((turn, i) => (
          <Row key={i} name={`${i + 1}`} {...{ ...turn, isResampled }} Cell={Percent} />
        ))}
      </tbody>
      {taskReturn && (
        <tfoot>
          <Row name="total return" {...{ ...taskReturn, isResampled }} Cell={Total} />
        </tfoot>
      )}
    </table>
  );
}

interface RowProps extends TurnEstimate {
  readonly name: string;
  /** Whether there is a column for it. */
  readonly isResampled: boolean;
  readonly Cell: typeof Percent;
}

function Row({ name, first, afterRevised, last, resampled, isResampled, Cell }: RowProps) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        <Cell of={first} />
      </td>
      <td>{afterRevised ? <Cell of={afterRevised} /> : '—'}</td>
      <td>
        <Cell of={last} />
      </td>
      {isResampled && <td>{resampled ? <Cell of={resampled} /> : '—'}</td>}
    </tr>
  );
}

function Percent({ of: { mean, ci95 } }: { readonly of: Estimate }) {
  const percent = (share: number): string => (100 * Math.min(1, Math.max(0, share))).toFixed(0);
  return (
    <>
      {percent(mean)}{' '}
      <span className="unit">
        ({percent(mean - ci95)} to {percent(mean + ci95)})
      </span>
    </>
  );
}

function Total({ of: { mean, ci95 } }: { readonly of: Estimate }) {
  return (
    <>
      {formatFixed(mean)} <span className="unit">± {formatFixed(ci95)}</span>
    </>
  );
}
