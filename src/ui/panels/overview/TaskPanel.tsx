import { Suspense, useMemo, useState } from 'react';
import { stepInView } from '../../../app/focus.ts';
import { useConfig, useFocus, useLab, useRun, useRunInfo } from '../../../app/hooks.ts';
import { SCENARIOS, type ScenarioId } from '../../../schema/scenarios.ts';
import { PLAYGROUND, scrollToPanel } from '../../navigation.ts';
import { byVariant } from '../../../tasks/manifest.ts';
import { MANIFESTS } from '../../../tasks/manifests.ts';
import { ExampleView, Film } from './Film.tsx';
import { FreshRunButton } from './FreshRunButton.tsx';
import { hasExamples, ofTest, pointAt } from './learning.ts';
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
  const isEvaluated = useConfig(({ current }) => current.evalEvery > 0);
  const [which, setWhich] = useState(0);
  // To read examples is to inflate them: of the two that are shown, and once.
  const made = useMemo(() => ofTest(evaluations).filter(hasExamples), [evaluations]);
  const [first, now] = [made[0], pointAt(made, looked)];
  const before = useMemo(() => first?.examples.read() ?? [], [first]);
  const chains = useMemo(() => now?.examples.read() ?? [], [now]);
  const count = chains.length;
  const at = count === 0 ? 0 : which % count;
  const shown = chains[at];
  const told = shown?.domain ?? info?.domains[0]?.id;
  return (
    <section className="task-panel" aria-labelledby="task-title">
      <div className="overview-head">
        <h2 id="task-title">Task</h2>
        <Domains />
      </div>
      <div className="task-summary">
        {told !== undefined && <span>{SUMMARIES.get(told)}</span>}
        {shown && (
          <Suspense>
            <ExampleView chain={shown} attempt={null} before={null} />
          </Suspense>
        )}
      </div>
      {now && first ? (
        <>
          <div className="film-both">
            <Film chain={before[at]} step={first.step} words="Before training" />
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
          <Film chain={shown} step={now.step} words="Now" />
        </>
      ) : (
        <p className="film-empty">
          {isEvaluated
            ? 'Attempts at a held-out task appear here as soon as they are made.'
            : 'No held-out task is attempted: “Evaluate every” is 0.'}
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
