import { useState } from 'react';
import { useFocusActions } from '../../../app/hooks.ts';
import type { Icicle } from '../../../runs/index/queries.ts';
import { formatNumber } from '../../format.ts';
import { nameOf } from './renderIcicle.ts';

const MOST = 20;

/** The largest branches as a list, each to be chosen by keyboard; made only while it is open. */
export function IcicleList({ icicle }: { readonly icicle: Icicle }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="data-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        List<span className="visually-hidden"> of the largest tasks and histories</span>
      </summary>
      {open && <List icicle={icicle} />}
    </details>
  );
}

function List({ icicle }: { readonly icicle: Icicle }) {
  const { chooseTask } = useFocusActions();
  return (
    <div
      className="data-table-scroll"
      role="region"
      aria-label="List of the largest tasks and histories"
      // A scrolling region must be reachable by keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      <table>
        <thead>
          <tr>
            <th scope="col">where</th>
            <th scope="col">groups</th>
            <th scope="col">share</th>
            <th scope="col">right here</th>
            <th scope="col">learnability</th>
          </tr>
        </thead>
        <tbody>
          {largest(icicle).map((i) => (
            <tr key={`${icicle.task[i]} ${icicle.id[i]}`}>
              <th scope="row">
                <button
                  type="button"
                  className="quiet"
                  onClick={() =>
                    chooseTask(icicle.tasks[icicle.task[i]!]!.taskId, icicle.id[i]! || null)
                  }
                >
                  {nameOf(icicle, i)}
                </button>
              </th>
              <td>{icicle.count[i]}</td>
              <td>{formatNumber((100 * icicle.count[i]!) / icicle.total)}%</td>
              <td>{icicle.own[i]}</td>
              <td>{formatNumber(icicle.learnability[i]!)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What is one task or one history, the widest first. */
export function largest({ id, depth, task, members, count }: Icicle): number[] {
  return Array.from(count, (_, i) => i)
    .filter((i) => members[i] === 1 && task[i]! >= 0 && (id[i]! > 0 || depth[i] === 0))
    .sort((a, b) => count[b]! - count[a]! || a - b)
    .slice(0, MOST);
}
