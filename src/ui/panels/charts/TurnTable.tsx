import type { Estimate, TurnEstimate } from '../../../schema/records.ts';

export interface TurnTableProps {
  readonly turns: readonly TurnEstimate[];
  /** K: self-improvement steps in each turn. */
  readonly depth: number;
}

/** How many of the conversations have each turn right, at once and in the end. */
export function TurnTable({ turns, depth }: TurnTableProps) {
  return (
    <table className="turns">
      <caption>
        Turns solved, in percent of the conversations that have them, with 95% intervals. A first
        attempt follows earlier turns as they were first answered, or as they were revised.
      </caption>
      <thead>
        <tr>
          <th scope="col">turn</th>
          <th scope="col">first attempt</th>
          <th scope="col">first, after revised turns</th>
          <th scope="col">at k = {depth}</th>
        </tr>
      </thead>
      <tbody>
        {turns.map(({ first, afterRevised, last }, turn) => (
          <tr key={turn}>
            <th scope="row">{turn + 1}</th>
            <td>
              <Percent of={first} />
            </td>
            <td>{afterRevised ? <Percent of={afterRevised} /> : '—'}</td>
            <td>
              <Percent of={last} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
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
