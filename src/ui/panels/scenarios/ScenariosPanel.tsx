import { useState } from 'react';
import {
  SCENARIOS,
  SCENARIO_GROUPS,
  SCENARIO_IDS,
  scenariosOf,
  scenarioValues,
} from '../../../schema/scenarios.ts';
import type { ScenarioGroup, ScenarioId } from '../../../schema/scenarios.ts';
import { useActions, useConfig, useSession } from '../../../app/hooks.ts';
import { UndoRedo } from './UndoRedo.tsx';
import './scenarios.css';

/** Where a method can be tried, and how it fails; domains and methods are switched above. */
const GROUPS = ['space', 'failure'] as const satisfies readonly ScenarioGroup[];

/** Runs that are worth watching, one click each, and what to watch for. */
export function ScenariosPanel() {
  const current = useConfig((state) => state.current);
  const matching = scenariosOf(current);
  const [chosen, setChosen] = useState<ScenarioId | null>(null);
  const idle = useSession(({ phase, busy }) => phase === 'ready' && busy === null);
  const { playWith } = useActions();
  const play = (id: ScenarioId): void => {
    if (!idle) return;
    setChosen(id);
    void playWith(scenarioValues(id, current));
  };
  const watched = watchedOf(matching, chosen);
  return (
    <section className="scenarios" aria-label="Scenarios">
      <div className="scenarios-row">
        {GROUPS.map((group) => (
          <div
            key={group}
            role="group"
            aria-label={SCENARIO_GROUPS[group]}
            className="scenario-group"
          >
            <span className="scenario-group-name" aria-hidden="true">
              {SCENARIO_GROUPS[group]}
            </span>
            {SCENARIO_IDS.filter((id) => SCENARIOS[id].group === group).map((id) => (
              <button
                key={id}
                type="button"
                className="scenario"
                aria-pressed={matching.includes(id)}
                aria-disabled={!idle}
                title={`Sets the parameters and plays. ${SCENARIOS[id].watch}`}
                onClick={() => play(id)}
              >
                {SCENARIOS[id].label}
              </button>
            ))}
          </div>
        ))}
      </div>
      <div className="scenarios-below">
        <p className="scenarios-watch" role="status">
          {watched === null ? (
            'Parameters of your own. A scenario sets them, and plays.'
          ) : (
            <>
              <strong>{SCENARIOS[watched].label}.</strong> {SCENARIOS[watched].watch}
            </>
          )}
        </p>
        <div className="scenarios-end">
          <UndoRedo />
        </div>
      </div>
    </section>
  );
}

/** The one that was clicked while it holds; else a failure, then the space, the method, the domain. */
function watchedOf(matching: readonly string[], chosen: ScenarioId | null): ScenarioId | null {
  if (chosen !== null && matching.includes(chosen)) return chosen;
  const order: readonly ScenarioGroup[] = ['failure', 'space', 'ladder', 'domain'];
  for (const group of order) {
    const id = SCENARIO_IDS.find((one) => matching.includes(one) && SCENARIOS[one].group === group);
    if (id) return id;
  }
  return null;
}
