import type { ReactNode } from 'react';
import type { StartRecord } from '../../../schema/records.ts';
import { TERMS, type TermId } from '../../../schema/glossary.ts';
import { useAnswer } from '../../../app/answers.ts';
import { useFocusActions } from '../../../app/hooks.ts';
import { Words } from '../../attempts/TextAttempt.tsx';
import { TaskAttempt } from '../../attempts/TaskAttempt.tsx';
import { Explain } from '../../controls/Explain.tsx';
import { formatFixed, formatNumber } from '../../format.ts';
import { ageOf, percent, whyChosen } from '../../attempts/groups.ts';
import { ModeMark } from '../../attempts/ModeMark.tsx';

export interface StartCardProps {
  readonly start: StartRecord;
  readonly bufferSize: number | null;
}

const MODES = {
  solve: 'solve: a first attempt',
  improve: 'improve: write a better one',
  diverge: 'diverge: write a different one',
} as const;

/** Where the group started, and why there. */
export function StartCard({ start, bufferSize }: StartCardProps) {
  return (
    <div className="start">
      <h3>{start.latest ? 'Starting point' : 'Task'}</h3>
      <TaskAttempt
        instance={start.instance}
        attempt={start.latest}
        {...(start.earlier.length > 0 && { earlier: start.earlier })}
      />
      <p className="start-mode">
        <ModeMark mode={start.mode} /> {MODES[start.mode]}
      </p>
      <EarlierTurns start={start} />
      <h4>Why it was chosen</h4>
      <p className="start-why">{whyChosen(start, bufferSize)}</p>
      <Reasons start={start} />
      <Origin start={start} />
    </div>
  );
}

function EarlierTurns({ start: { earlier } }: { readonly start: StartRecord }) {
  if (earlier.length === 0) return null;
  return (
    <details className="start-earlier">
      <summary>
        {earlier.length} earlier {earlier.length === 1 ? 'turn' : 'turns'}
      </summary>
      <ol>
        {earlier.map(({ tokens, quality }, turn) => (
          <li key={turn}>
            <code>{tokens.length > 0 ? <Words tokens={tokens} /> : 'nothing'}</code> quality{' '}
            {formatFixed(quality)}
          </li>
        ))}
      </ol>
    </details>
  );
}

/** The numbers of the sentence, each with what it means. */
function Reasons({ start }: { readonly start: StartRecord }) {
  const { depth, score, rank, probability, recency } = start;
  return (
    <dl className="reasons">
      <Reason term="k" value={formatNumber(depth)}>
        depth: revisions behind the attempt
      </Reason>
      {score !== null && (
        <Reason term="S" value={formatNumber(score)}>
          score: the variance of rewards when it was last tried
        </Reason>
      )}
      {rank !== null && (
        <Reason value={formatNumber(rank + 1)}>rank by score; 1 is the highest</Reason>
      )}
      {probability !== null && (
        <Reason term="P" value={percent(probability)}>
          chance of each draw from the buffer to take it
        </Reason>
      )}
      {recency !== null && (
        <Reason value={ageOf(recency)}>recency: since the history was made</Reason>
      )}
    </dl>
  );
}

interface ReasonProps {
  readonly term?: TermId;
  readonly value: string;
  readonly children: ReactNode;
}

function Reason({ term, value, children }: ReasonProps) {
  return (
    <div className="reason">
      <dt>
        {children} {term && <Explain what={TERMS[term]} />}
      </dt>
      <dd>{value}</dd>
    </div>
  );
}

/** The ways from here: the task's tree of histories, and the group in which this history was written. */
function Origin({ start: { taskId, historyId } }: { readonly start: StartRecord }) {
  const { chooseTask, pin } = useFocusActions();
  const made = useAnswer('history', historyId === null ? null : { id: historyId });
  const origin = made.pending ? null : made.value;
  return (
    <div className="start-ways">
      <button type="button" onClick={() => chooseTask(taskId, historyId)}>
        Show in its lineage
      </button>
      {origin && (
        <button type="button" onClick={() => pin(origin.step, origin.group, origin.completion)}>
          Written in step {origin.step}
        </button>
      )}
    </div>
  );
}
