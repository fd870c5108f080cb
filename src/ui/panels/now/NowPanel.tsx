import { useState } from 'react';
import type { GroupRecord, StepRecord } from '../../../exit/records.ts';
import { useRun } from '../../../store/hooks.ts';
import { Symbol } from '../../controls/Symbol.tsx';
import { formatFixed } from '../../format.ts';
import { mostInformative, narrateGroup, narrateStep } from './narrate.ts';
import { TaskAttempt } from '../../attempts/TaskAttempt.tsx';
import { useReadable } from './useReadable.ts';
import './now.css';

/** Long enough to read a table row. */
const READABLE = 3000;

/** The latest step: its most informative group, from the history that it started at to what came of it. */
export function NowPanel() {
  const [held, setHeld] = useState<StepRecord | null>(null);
  const latest = useReadable(
    useRun((run) => run.latest),
    READABLE,
  );
  const step = held ?? latest;
  const group = step && mostInformative(step);
  return (
    <section className="now" aria-labelledby="now-title">
      <div className="now-head">
        <h2 id="now-title">Right now</h2>
        {step && (
          <button
            type="button"
            className="quiet"
            aria-pressed={held !== null}
            onClick={() => setHeld(held === null ? step : null)}
          >
            {held === null ? 'Hold this step' : 'Follow again'}
          </button>
        )}
      </div>
      {step && group ? (
        <>
          <p className="narration">{narrateStep(step)}</p>
          <Group group={group} />
        </>
      ) : (
        <p className="narration">
          Press play: the group of attempts that teaches most appears here, step by step.
        </p>
      )}
    </section>
  );
}

function Group({ group }: { readonly group: GroupRecord }) {
  const { start } = group;
  return (
    <>
      <h3>The most informative group</h3>
      <p className="narration">{narrateGroup(group)}</p>
      <div className="start">
        <h4>{start.latest ? 'Starting point' : 'Task'}</h4>
        <TaskAttempt instance={start.instance} attempt={start.latest} />
        {start.probability !== null && (
          <p className="why">
            chosen with probability {start.probability.toPrecision(2)}, rank {(start.rank ?? 0) + 1}{' '}
            by learnability, {ageOf(start.recency ?? 0)}
          </p>
        )}
      </div>
      <Completions group={group} />
    </>
  );
}

/** Best first. */
function Completions({ group: { start, completions } }: { readonly group: GroupRecord }) {
  const ranked = completions
    .map((completion, index) => ({ completion, index }))
    .sort((a, b) => b.completion.advantage - a.completion.advantage);
  return (
    // A scrolling region must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="completions" role="region" aria-label="Completions of the group" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{start.latest ? 'New attempt' : 'Attempt'}</th>
            <th scope="col" title="Quality in [0, 1]">
              quality <Symbol of="q" />
            </th>
            <th scope="col" title="What the attempt was paid">
              reward <Symbol of="r" />
            </th>
            <th scope="col" title="Reward against the group, the diversity bonus included">
              advantage <Symbol of="A" />
            </th>
          </tr>
        </thead>
        <tbody>
          {ranked.map(({ completion, index }) => (
            <tr key={index} className={completion.solved ? 'is-solved' : ''}>
              <td>
                <TaskAttempt
                  instance={start.instance}
                  attempt={completion}
                  compareTo={start.latest}
                />
                {completion.insertedAs !== null && <p className="inserted">became a new history</p>}
              </td>
              <td className="number">{formatFixed(completion.quality)}</td>
              <td className="number">{formatFixed(completion.reward)}</td>
              <td className="number">{formatFixed(completion.advantage)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ageOf(steps: number): string {
  return steps === 1 ? 'one step old' : `${steps} steps old`;
}
