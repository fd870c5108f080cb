import { useId } from 'react';
import type { GroupRecord } from '../../schema/records.ts';
import { Segmented } from '../controls/Segmented.tsx';
import { formatNumber } from '../format.ts';
import { isFlat, orderGroups, type GroupOrder } from './groups.ts';
import { ModeMark } from './ModeMark.tsx';

export interface GroupStripProps {
  readonly groups: readonly GroupRecord[];
  readonly chosen: number;
  readonly order: GroupOrder;
  /** Absent where the order is no matter of choice. */
  readonly setOrder?: (order: GroupOrder) => void;
  readonly choose: (group: number) => void;
}

const ORDERS = [
  { value: 'learnability', label: 'by learnability' },
  { value: 'step', label: 'as sampled' },
] as const;

/** All groups of a step as small marks: native radio buttons, so that arrow keys walk them. */
export function GroupStrip({ groups, chosen, order, setOrder, choose }: GroupStripProps) {
  const name = useId();
  return (
    <div className="group-strip">
      <div className="group-strip-head">
        <h3>{groups.length} groups</h3>
        {setOrder && (
          <Segmented label="Order of the groups" options={ORDERS} value={order} choose={setOrder} />
        )}
        <Key />
      </div>
      <div className="group-marks" role="radiogroup" aria-label="Groups of the step">
        {orderGroups(groups, order).map((index) => (
          <label key={index} className="group-mark">
            <input
              type="radio"
              name={name}
              aria-label={nameOf(groups[index]!, index)}
              checked={index === chosen}
              onChange={() => choose(index)}
            />
            <Face group={groups[index]!} />
          </label>
        ))}
      </div>
    </div>
  );
}

function nameOf(group: GroupRecord, index: number): string {
  const { start, learnability } = group;
  const flat = isFlat(group) ? ', flat' : '';
  return `Group ${index + 1}: ${start.mode} at depth ${start.depth}, learnability ${formatNumber(learnability)}${flat}`;
}

/** The highest variance that rewards in [0, 1] can have. */
const MOST = 0.25;

function Face({ group }: { readonly group: GroupRecord }) {
  const { start, learnability } = group;
  const height = `${Math.round(100 * Math.min(1, learnability / MOST))}%`;
  return (
    <span className={isFlat(group) ? 'group-face is-flat' : 'group-face'} aria-hidden="true">
      <span className="group-bar" style={{ height }} />
      <ModeMark mode={start.mode} />
      <span className="group-depth">{start.depth}</span>
    </span>
  );
}

function Key() {
  return (
    <p className="group-key">
      <span>
        <ModeMark mode="solve" /> solve
      </span>
      <span>
        <ModeMark mode="improve" /> improve
      </span>
      <span>
        <ModeMark mode="diverge" /> diverge
      </span>
      <span>number: depth</span>
      <span>bar: learnability, full at 0.25</span>
      <span>hatched: flat</span>
    </p>
  );
}
