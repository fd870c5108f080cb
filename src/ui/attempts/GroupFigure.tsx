import type { CSSProperties, ReactNode } from 'react';
import type { CompletionRecord, GroupRecord, StartRecord } from '../../schema/records.ts';
import type { TokenStats } from '../../runs/index/queries.ts';
import { mean } from '../../base/statistics.ts';
import { formatFixed } from '../format.ts';
import { signed } from './groups.ts';
import { groupTable, hasReached, type AttemptRow, type GroupStage } from './groupTable.ts';
import { ModeMark } from './ModeMark.tsx';
import { Words } from './TextAttempt.tsx';
import { TaskAttempt } from './TaskAttempt.tsx';
import './group-figure.css';

export interface GroupFigureProps {
  readonly group: GroupRecord;
  /** How far it is told. */
  readonly stage: GroupStage;
  /** One attempt alone; absent shows all. */
  readonly only?: number | undefined;
  /** Shows the task without the attempt that it is tried from. */
  readonly withoutStart?: boolean;
  /** The attempts under the policy as it stands after the step; null where nobody can say. */
  readonly after?: readonly TokenStats[] | null;
}

/** A group of attempts as it came about: the start, what was written, the marks, returns, advantages. */
export function GroupFigure(props: GroupFigureProps) {
  const { group, stage, only, withoutStart = false, after = null } = props;
  const { start } = group;
  const { rows } = groupTable(group);
  const shown = only === undefined ? rows : rows.filter(({ index }) => index === only);
  const has = (needed: GroupStage): boolean => hasReached(stage, needed);
  return (
    <div className="group-figure" data-stage={stage}>
      <Start start={start} withAttempt={has('start') && !withoutStart} />
      {has('written') && (
        <table>
          <caption className="visually-hidden">The attempts of the group</caption>
          <thead>
            <tr>
              <th scope="col">attempt</th>
              <th scope="col">{has('paid') && 'return'}</th>
              <th scope="col">{has('moved') && 'advantage'}</th>
              <th scope="col">{has('moved') && after && 'log-probability'}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Row key={row.index} {...{ row, start, has, after }} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

const ASKED = {
  solve: 'to be solved',
  improve: 'to be improved',
  diverge: 'to be answered differently',
} as const;

interface StartProps {
  readonly start: StartRecord;
  /** Else the task alone. */
  readonly withAttempt: boolean;
}

function Start({ start, withAttempt }: StartProps) {
  const { instance, latest, earlier, depth, mode } = start;
  const turns = earlier.length > 0 ? { earlier } : {};
  return (
    <div className="group-figure-start">
      <p className="group-figure-label">
        {withAttempt ? <ModeMark mode={mode} /> : null} The task
        {withAttempt && `, ${ASKED[mode]}`}
      </p>
      <TaskAttempt instance={instance} attempt={null} {...turns} />
      {withAttempt && latest && (
        <>
          <p className="group-figure-label">
            from {depth === 1 ? 'an attempt' : `an attempt ${depth - 1} times revised`}, quality{' '}
            {formatFixed(latest.quality)}
          </p>
          <div className="group-figure-attempt">
            <TaskAttempt instance={instance} attempt={latest} {...turns} />
          </div>
        </>
      )}
    </div>
  );
}

interface RowProps {
  readonly row: AttemptRow;
  readonly start: StartRecord;
  readonly has: (stage: GroupStage) => boolean;
  readonly after: readonly TokenStats[] | null;
}

function Row({ row: { index, completion, share }, start, has, after }: RowProps) {
  const { reward, advantage, insertedAs } = completion;
  const isStored = has('stored') && insertedAs !== null;
  return (
    <tr
      className={isStored ? 'is-stored' : undefined}
      style={{ '--row': index } as CSSProperties}
      data-attempt={index}
    >
      <td>
        <Written completion={completion} start={start} isMarked={has('marked')} />
        {isStored && <span className="group-figure-stored">→ into the buffer</span>}
      </td>
      <td>{has('paid') && formatFixed(reward)}</td>
      <td>{has('moved') && <Advantage advantage={advantage} share={share} />}</td>
      <td>{has('moved') && after && <Moved completion={completion} after={after[index]} />}</td>
    </tr>
  );
}

interface WrittenProps {
  readonly completion: CompletionRecord;
  readonly start: StartRecord;
  readonly isMarked: boolean;
}

/** Words, then the same as the domain draws it, in the same place. */
function Written({ completion, start, isMarked }: WrittenProps) {
  const { instance, latest, earlier } = start;
  return (
    <div className={isMarked ? 'group-figure-attempt' : 'group-figure-attempt is-unmarked'}>
      <div aria-hidden={!isMarked}>
        <TaskAttempt
          {...{ instance, attempt: completion, compareTo: latest }}
          {...(earlier.length > 0 && { earlier })}
        />
      </div>
      {!isMarked && (
        <code>
          {completion.tokens.length > 0 ? <Words tokens={completion.tokens} /> : 'nothing'}
        </code>
      )}
    </div>
  );
}

function Advantage({ advantage, share }: { readonly advantage: number; readonly share: number }) {
  const kind = advantage > 0 ? 'is-above' : advantage < 0 ? 'is-below' : 'is-even';
  const words = { 'is-above': 'pushed up', 'is-below': 'pushed down', 'is-even': 'left alone' }[
    kind
  ];
  return (
    <span className={`group-figure-advantage ${kind}`}>
      <span className="group-figure-bar" aria-hidden="true">
        <span style={{ '--share': Math.abs(share) } as CSSProperties} />
      </span>
      <span>
        {signed(advantage)} <span className="group-figure-way">{words}</span>
      </span>
    </span>
  );
}

/** Mean log-probability of its tokens, in nats, before the update and after it. */
function Moved({
  completion,
  after,
}: {
  readonly completion: CompletionRecord;
  readonly after: TokenStats | undefined;
}): ReactNode {
  if (!after) return null;
  return `${formatFixed(mean(completion.logprobs))} → ${formatFixed(mean(after.logprobs))}`;
}
