import { SCENARIOS, SCENARIO_IDS, scenariosOf, scenarioValues } from '../../../schema/scenarios.ts';
import type { ScenarioGroup, ScenarioId } from '../../../schema/scenarios.ts';
import { useActions, useConfig, useRun, useRunConfig, useSession } from '../../../app/hooks.ts';
import { evidenceOf } from './evidence.ts';
import { UndoRedo } from './UndoRedo.tsx';
import './scenarios.css';

/** How the method fails, and what it can be given to learn from; domains and methods are switched above. */
const GROUPS = [
  { group: 'failure', title: 'Two ways it fails' },
  { group: 'space', title: 'Which tasks it learns from' },
] as const satisfies readonly { group: ScenarioGroup; title: string }[];

/** Runs that are worth watching, one click each, and what to watch for. */
export function ScenariosPanel() {
  return (
    <section className="scenarios" aria-label="Scenarios">
      {GROUPS.map(({ group, title }) => (
        <div key={group}>
          <h2>{title}</h2>
          <ul>
            {SCENARIO_IDS.filter((id) => SCENARIOS[id].group === group).map((id) => (
              <Offered key={id} id={id} />
            ))}
          </ul>
        </div>
      ))}
      <div className="scenarios-end">
        <UndoRedo />
      </div>
    </section>
  );
}

function Offered({ id }: { readonly id: ScenarioId }) {
  const current = useConfig((state) => state.current);
  const idle = useSession(({ phase, busy }) => phase === 'ready' && busy === null);
  const { playWith } = useActions();
  const { label, watch, group } = SCENARIOS[id];
  return (
    <li>
      <button
        type="button"
        className="scenario"
        aria-pressed={scenariosOf(current).includes(id)}
        aria-disabled={!idle}
        title="Sets the parameters and plays"
        onClick={() => {
          if (idle) void playWith(scenarioValues(id, current));
        }}
      >
        {label}
      </button>
      <p>
        {watch} {group === 'failure' && <Evidence id={id} />}
      </p>
    </li>
  );
}

/** Only where the run that is shown is the failure. */
function Evidence({ id }: { readonly id: ScenarioId }) {
  const config = useRunConfig();
  const history = useRun((run) => run.history);
  const evaluations = useRun((run) => run.evaluations);
  if (config === null || !scenariosOf(config).includes(id)) return null;
  return <strong>{evidenceOf(history, evaluations)}</strong>;
}
