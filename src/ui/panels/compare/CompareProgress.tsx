import { useId } from 'react';
import type { ShownExperiment } from '../../../app/comparison.ts';
import type { JobState } from '../../../app/comparison-time.ts';
import { useCompared } from '../../../app/comparison-hooks.ts';
import { cellText, parametersText, timeToGo } from './labels.ts';

/** A cell for each run: how far it is, or the quality that it reached. */
export function CompareProgress() {
  const note = useId();
  const shown = useCompared((state) => state.shown);
  if (shown === null) return null;
  return (
    <div className="compare-progress">
      <h4>{shown.plan.experiment.name}</h4>
      {/* Those of the page may be others by now, or in another visit. */}
      <p className="compare-note">
        What is shown here was begun with: {parametersText(shown.plan.experiment.base)}.
      </p>
      <Count jobs={shown.jobs} />
      <p className="compare-note" id={note}>
        How far each run is, in percent of its tokens; then the mean quality of its last attempts.
      </p>
      {/* A scrolling region must be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="compare-scroll" role="region" aria-label="Runs" tabIndex={0}>
        <Grid shown={shown} note={note} />
      </div>
      <Failures shown={shown} />
    </div>
  );
}

function Count({ jobs }: Pick<ShownExperiment, 'jobs'>) {
  const secondsToGo = useCompared((state) => state.secondsToGo);
  const finished = [...jobs.values()].filter(({ kind }) => kind === 'finished').length;
  return (
    <p>
      <span role="status">
        {finished} of {jobs.size} runs finished
      </span>
      {secondsToGo !== null && `, ${timeToGo(secondsToGo)} to go`}
    </p>
  );
}

interface GridProps {
  readonly shown: ShownExperiment;
  /** Of the element that says what the cells are. */
  readonly note: string;
}

function Grid({ shown: { plan, jobs }, note }: GridProps) {
  const { seeds } = plan.experiment;
  const stateOf = (arm: string, seed: number): JobState => {
    const run = plan.runs.find((one) => one.arm === arm && one.seed === seed);
    return (run && jobs.get(run.job)) ?? { kind: 'waiting' };
  };
  return (
    <table className="compare-table" aria-describedby={note}>
      <thead>
        <tr>
          <th scope="col">seed</th>
          {seeds.map((seed) => (
            <th scope="col" key={seed}>
              {seed}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {plan.arms.map((arm) => (
          <tr key={arm}>
            <th scope="row">{arm}</th>
            {seeds.map((seed) => (
              <Cell key={seed} state={stateOf(arm, seed)} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell({ state }: { readonly state: JobState }) {
  const done = state.kind === 'running' ? `${100 * state.done}%` : '0%';
  return (
    <td className={`is-${state.kind}`} style={{ backgroundSize: `${done} 2px` }}>
      {cellText(state)}
    </td>
  );
}

function Failures({ shown: { plan, jobs } }: { readonly shown: ShownExperiment }) {
  const failed = plan.jobs.flatMap(({ id, label }) => {
    const state = jobs.get(id);
    return state?.kind === 'failed' ? [{ id, label, message: state.message }] : [];
  });
  if (failed.length === 0) return null;
  return (
    <ul className="compare-failure">
      {failed.map(({ id, label, message }) => (
        <li key={id}>
          {label} failed: {message}
        </li>
      ))}
    </ul>
  );
}
