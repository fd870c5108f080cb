import { useBaselineActions, useBaselines } from '../../../app/hooks.ts';
import type { Baseline } from '../../../app/baselines.ts';
import { Line } from '../../charts/ChartLegend.tsx';
import { overlayDash } from '../../charts/series.ts';
import { Icon } from '../../controls/Icon.tsx';

/** The runs that are kept to be compared with. */
export function BaselineList() {
  const baselines = useBaselines((state) => state.baselines);
  if (baselines.length === 0) return null;
  return (
    <ul className="baselines" aria-label="Baselines">
      {baselines.map((baseline) => (
        <Entry key={baseline.id} {...baseline} />
      ))}
    </ul>
  );
}

function Entry({ id, slot, label, visible, following, history }: Baseline) {
  const { show, remove } = useBaselineActions();
  const dash = overlayDash(slot);
  return (
    <li className="baseline">
      <label>
        <input
          type="checkbox"
          checked={visible}
          onChange={(event) => show(id, event.currentTarget.checked)}
        />
        <Line color="var(--text)" width={1.5} dash={dash} />
        <span>{label}</span>
        <span className="unit">
          {following ? 'this run, kept when it ends' : `${history.length} steps`}
        </span>
      </label>
      <button
        type="button"
        className="quiet icon-only small"
        aria-label={`Remove baseline ${label}`}
        title="Remove"
        onClick={() => remove(id)}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}
