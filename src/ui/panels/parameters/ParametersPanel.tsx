import {
  changedParams,
  DEFAULT_CONFIG,
  PARAM_IDS,
  PARAMS,
  WEIGHT_IDS,
} from '../../../schema/params.ts';
import type { ParamGroup, ParamId } from '../../../schema/params.ts';
import { pendingParams } from '../../../app/config.ts';
import { useActions, useConfig, useSession } from '../../../app/hooks.ts';
import { ParamRow } from './ParamRow.tsx';
import { SizePresets, StrategyPresets } from './Presets.tsx';
import './parameters.css';

/** Most important first; only these lie open at first. */
const GROUPS: readonly { group: ParamGroup; title: string; open: boolean }[] = [
  { group: 'curriculum', title: 'Curriculum', open: true },
  { group: 'rollouts', title: 'Rollouts', open: false },
  { group: 'reward', title: 'Reward', open: false },
  { group: 'optimization', title: 'Optimization', open: false },
  { group: 'run', title: 'Task and run', open: false },
  { group: 'model', title: 'Model', open: false },
  { group: 'evaluation', title: 'Evaluation', open: false },
];

const MIXED_ONLY: ReadonlySet<ParamId> = new Set(WEIGHT_IDS);

function useShownParams(): readonly ParamId[] {
  const mixed = useConfig(({ current }) => current.task === 'mixture');
  return mixed ? PARAM_IDS : PARAM_IDS.filter((id) => !MIXED_ONLY.has(id));
}

/** Everything that can be turned, straight from the table of parameters. */
export function ParametersPanel() {
  const shown = useShownParams();
  return (
    <>
      <StrategyPresets />
      <PendingChanges />
      {GROUPS.map(({ group, title, open }) => (
        <details key={group} className="param-group" open={open}>
          <summary>
            <h3>{title}</h3> <ChangedCount group={group} />
          </summary>
          {group === 'model' && <SizePresets />}
          {shown
            .filter((id) => PARAMS[id].group === group)
            .map((id) => (
              <ParamRow key={id} id={id} />
            ))}
        </details>
      ))}
      <Legend />
    </>
  );
}

function ChangedCount({ group }: { readonly group: ParamGroup }) {
  const count = useConfig(
    ({ current }) =>
      changedParams(current, DEFAULT_CONFIG).filter((id) => PARAMS[id].group === group).length,
  );
  return count === 0 ? null : <span className="changed-count">{count} changed</span>;
}

function PendingChanges() {
  const labels = useConfig((state) =>
    pendingParams(state)
      .map((id) => PARAMS[id].label)
      .join(', '),
  );
  const busy = useSession((state) => state.busy !== null);
  const { reset } = useActions();
  if (labels === '') return null;
  return (
    <div className="pending">
      <p>↻ Waiting for a reset: {labels}.</p>
      <button type="button" disabled={busy} onClick={() => void reset()}>
        Reset now
      </button>
    </div>
  );
}

function Legend() {
  const { setParams } = useActions();
  const changed = useConfig(({ current }) => changedParams(current, DEFAULT_CONFIG).length > 0);
  return (
    <div className="param-legend">
      <p>
        <span className="live-mark is-live">●</span> takes effect with the next step and leaves a
        mark on every chart. <span className="live-mark">↻</span> takes effect on reset. The address
        of this page holds the parameters.
      </p>
      {changed && (
        <button type="button" onClick={() => setParams(DEFAULT_CONFIG)}>
          All back to defaults
        </button>
      )}
    </div>
  );
}
