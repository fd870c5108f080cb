import { useId } from 'react';
import type { ChartSettings, XKind, YScale } from '../../../app/chart-settings.ts';
import { canPin, describeRun, MOST_BASELINES } from '../../../app/baselines.ts';
import {
  useBaselineActions,
  useBaselines,
  useChartSettings,
  useFocus,
  useFocusActions,
  useLab,
  useRun,
  useRunConfig,
} from '../../../app/hooks.ts';
import { Icon } from '../../controls/Icon.tsx';
import { Symbol } from '../../controls/Symbol.tsx';
import { Segmented } from '../../controls/Segmented.tsx';

const X_OPTIONS: readonly { readonly value: XKind; readonly label: string }[] = [
  { value: 'step', label: 'Step' },
  { value: 'tokens', label: 'Tokens' },
  { value: 'time', label: 'Time' },
];

const Y_OPTIONS: readonly { readonly value: YScale; readonly label: string }[] = [
  { value: 'auto', label: 'Auto' },
  { value: 'linear', label: 'Linear' },
  { value: 'log', label: 'Log' },
];

/**
 * How all charts over training are drawn, once for all of them.
 * @param stays at the top of the window while the page moves under it.
 */
export function Toolbar({ stays }: { readonly stays: boolean }) {
  const { chartSettings } = useLab();
  const { smoothing, band, x, logX, y } = useChartSettings((settings) => settings);
  const set = (values: Partial<ChartSettings>): void => chartSettings.setState(values);
  return (
    <div
      className={stays ? 'chart-toolbar stays' : 'chart-toolbar'}
      role="group"
      aria-label="How charts are drawn"
    >
      <Smoothing value={smoothing} set={(value) => set({ smoothing: value })} />
      <Switch
        label="Min–max"
        name="Min–max band"
        checked={band}
        set={(value) => set({ band: value })}
      />
      <div
        className="tool"
        title="Tokens and time are those of training steps: pauses and evaluations do not count"
      >
        <Axis of="x" />
        <Segmented
          label="Horizontal axis"
          options={X_OPTIONS}
          value={x}
          choose={(to) => set({ x: to })}
        />
        <Switch
          label="Log"
          name="Logarithmic horizontal axis"
          checked={logX}
          set={(value) => set({ logX: value })}
        />
      </div>
      <div
        className="tool"
        title="Auto is logarithmic where the metric asks for it: gradient norm and learning rate"
      >
        <Axis of="y" />
        <Segmented
          label="Vertical axis"
          options={Y_OPTIONS}
          value={y}
          choose={(to) => set({ y: to })}
        />
      </div>
      <PinnedStep />
      <PinBaseline />
    </div>
  );
}

function Axis({ of: name }: { readonly of: string }) {
  return (
    <span aria-hidden="true">
      <Symbol of={name} />
    </span>
  );
}

function Smoothing({ value, set }: { readonly value: number; readonly set: (to: number) => void }) {
  const id = useId();
  return (
    <div
      className="tool"
      title="Share of the past in the line; the values without it stay behind, faint"
    >
      <label htmlFor={id}>Smoothing</label>
      <input
        id={id}
        type="range"
        min={0}
        max={0.95}
        step={0.05}
        value={value}
        onChange={(event) => set(event.currentTarget.valueAsNumber)}
      />
      <output htmlFor={id}>{value === 0 ? 'off' : value.toFixed(2)}</output>
    </div>
  );
}

interface SwitchProps {
  readonly label: string;
  /** Where the label says too little by itself. */
  readonly name?: string;
  readonly checked: boolean;
  readonly set: (to: boolean) => void;
}

function Switch({ label, name, checked, set }: SwitchProps) {
  return (
    <label className="tool">
      <input
        type="checkbox"
        role="switch"
        className="switch"
        aria-label={name}
        checked={checked}
        onChange={(event) => set(event.currentTarget.checked)}
      />
      {label}
    </label>
  );
}

/** Where a step is pinned, the way back to the newest. */
function PinnedStep() {
  const pinned = useFocus((focus) => focus.pinned);
  const { follow } = useFocusActions();
  if (pinned === null) return null;
  return (
    <button type="button" className="quiet tool-pinned" onClick={follow}>
      <span className="pin-sample" aria-hidden="true" /> Step {pinned} pinned
      <Icon name="close" />
      <span className="visually-hidden">: follow the run again</span>
    </button>
  );
}

function PinBaseline() {
  const { pin } = useBaselineActions();
  const started = useRun(({ history }) => history.length > 0);
  const allowed = useBaselines(canPin);
  const config = useRunConfig();
  const run = config && describeRun(config);
  return (
    <button
      type="button"
      className="tool-pin"
      disabled={!started || !allowed}
      title={`Keeps the curves of this run${run === null ? '' : ` (${run})`}, dashed, when it is reset or goes on with another strategy; ${MOST_BASELINES} runs at most`}
      onClick={pin}
    >
      <Icon name="pin" />
      Pin as baseline
    </button>
  );
}
