import { useActions, useConfig, useSession } from '../../../app/hooks.ts';
import {
  SCENARIOS,
  scenariosOf,
  scenarioValues,
  type ScenarioId,
} from '../../../schema/scenarios.ts';

interface FreshRunButtonProps {
  readonly id: ScenarioId;
  /** The scenario's own where absent. */
  readonly label?: string | undefined;
  readonly title: string;
}

/** Begins a fresh run of a scenario from the base policy; pressed while the parameters are the scenario's. */
export function FreshRunButton({ id, label = SCENARIOS[id].label, title }: FreshRunButtonProps) {
  const current = useConfig((state) => state.current);
  const idle = useSession(({ phase, busy }) => phase === 'ready' && busy === null);
  const { playFresh } = useActions();
  return (
    <button
      type="button"
      className="scenario"
      aria-pressed={scenariosOf(current).includes(id)}
      aria-disabled={!idle}
      title={title}
      onClick={() => {
        if (idle) void playFresh(scenarioValues(id, current));
      }}
    >
      {label}
    </button>
  );
}
