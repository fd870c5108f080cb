import { SCENARIOS, type ScenarioId } from '../../../schema/scenarios.ts';
import { FreshRunButton } from './FreshRunButton.tsx';
import './overview.css';

const RUNGS: readonly ScenarioId[] = ['grpo', 'curriculum', 'improve', 'diverge', 'exit'];
const CONTROL: ScenarioId = 'exit-uniform';

const LABELS: Partial<Record<ScenarioId, string>> = {
  grpo: 'GRPO',
  'exit-uniform': 'random starts',
};

/** The method, rung by rung. A click starts a fresh run from the base policy; the run before stays as a line. */
export function LadderPanel() {
  return (
    <section className="ladder" aria-label="Method">
      <h2>Method</h2>
      <ol>
        {RUNGS.map((id) => (
          <li key={id}>
            <Rung id={id} />
          </li>
        ))}
      </ol>
      <Rung id={CONTROL} />
    </section>
  );
}

function Rung({ id }: { readonly id: ScenarioId }) {
  return (
    <FreshRunButton
      id={id}
      label={LABELS[id]}
      title={`Starts a fresh run. ${SCENARIOS[id].watch}`}
    />
  );
}
