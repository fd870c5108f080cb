import { Suspense, useState } from 'react';
import { stepInView } from '../../../app/focus.ts';
import { useFocus, useLab, useRun, useRunInfo } from '../../../app/hooks.ts';
import { SCENARIOS, type ScenarioId } from '../../../schema/scenarios.ts';
import { PLAYGROUND, scrollToPanel } from '../../navigation.ts';
import { byVariant } from '../../../tasks/manifest.ts';
import { MANIFESTS } from '../../../tasks/manifests.ts';
import { ExampleView, Film } from './Film.tsx';
import { FreshRunButton } from './FreshRunButton.tsx';
import { ofTest, pointAt } from './learning.ts';
import './overview.css';

/** As this program says them, whatever a recording has. */
const SUMMARIES = new Map<string, string>(
  Object.entries(byVariant(MANIFESTS, ({ summary }) => summary)),
);

/** A held-out task as a thing, and the chains of attempts at it: before training, and now. */
export function TaskPanel() {
  const looked = useFocus(stepInView);
  const evaluations = useRun((run) => run.evaluations);
  const info = useRunInfo();
  const [which, setWhich] = useState(0);
  const made = ofTest(evaluations).filter(({ examples }) => examples !== undefined);
  const [first, now] = [made[0], pointAt(made, looked)];
  const count = now?.examples?.length ?? 0;
  const at = count === 0 ? 0 : which % count;
  const domain = now?.examples?.[at]?.domain;
  const told = domain ?? info?.domains[0]?.id;
  return (
    <section className="task-panel" aria-labelledby="task-title">
      <div className="overview-head">
        <h2 id="task-title">The task</h2>
        <Domains />
      </div>
      <div className="task-summary">
        {told !== undefined && <span>{SUMMARIES.get(told)}</span>}
        {now?.examples?.[at] && (
          <Suspense>
            <ExampleView chain={now.examples[at]} attempt={null} before={null} />
          </Suspense>
        )}
      </div>
      {now && first ? (
        <>
          <div className="film-both">
            <Film {...{ at, evaluation: first }} words="Before training" />
            {count > 1 && (
              <button
                type="button"
                className="quiet another"
                aria-label={`Another held-out task, ${at + 1} of ${count} is shown`}
                onClick={() => setWhich(at + 1)}
              >
                Another …
              </button>
            )}
          </div>
          <Film {...{ at, evaluation: now }} words="Now" />
        </>
      ) : (
        <p className="film-empty">
          Attempts at a held-out task appear here as soon as they are made.
        </p>
      )}
    </section>
  );
}

/** Locks are the uneven ones, where choosing matters; the even ones and the mixture stand under Explain. */
const DOMAINS: readonly ScenarioId[] = [
  'uneven',
  'countdown',
  'workspace',
  'pipelines',
  'ensembles',
];

/** Another domain is another run, from its own base policy. */
function Domains() {
  const { places, view } = useLab();
  const isWhole = view.show === null && !view.embed;
  return (
    <div className="task-domains" role="group" aria-label="Domain">
      {DOMAINS.map((id) => (
        <FreshRunButton
          key={id}
          id={id}
          label={id === 'uneven' ? SCENARIOS.locks.label : undefined}
          title={SCENARIOS[id].watch}
        />
      ))}
      {isWhole && (
        <button
          type="button"
          className="scenario"
          title="Type a task of your own under Look inside"
          onClick={() => scrollToPanel(places, 'inside', PLAYGROUND)}
        >
          own …
        </button>
      )}
    </div>
  );
}
