import { useMemo, useRef } from 'react';
import { panelState } from '../../../app/panel-state.ts';
import { usePanelState } from '../../../app/hooks.ts';
import type { ChartData } from '../../charts/bucket.ts';
import { ChartCard } from '../../charts/ChartCard.tsx';
import { useOwnCursor } from '../../charts/cursor.ts';
import { Segmented } from '../../controls/Segmented.tsx';
import { formatCompact } from '../../format.ts';
import { METRICS } from '../../../schema/metrics.ts';
import type { MetricId } from '../../../schema/metrics.ts';
import { CURVE_METRICS, type CurveMetric } from '../../../schema/run-curve.ts';
import { boundsOf, curvesCsv, meanCurves, stylesOf } from './curves.ts';
import type { CurveGroup, CurveX } from './curves.ts';

export interface CurveChartProps {
  readonly title: string;
  /** Each is a line; those of several runs have a band. */
  readonly groups: readonly CurveGroup[];
  /** Held-out quality, where it was measured more than once. */
  readonly heldOut?: ChartData | null;
  readonly empty: string;
}

type Shown = CurveMetric | 'held-out';

const X = [
  { value: 'tokens', label: 'Tokens' },
  { value: 'step', label: 'Steps' },
] as const;

const SHOWN = panelState<Shown | null>(null);
const X_OF_CURVES = panelState<CurveX>('tokens');

/** One metric of several runs: means over seeds with their 95% intervals. */
export function CurveChart({ title, groups, heldOut = null, empty }: CurveChartProps) {
  const frame = useRef<HTMLElement>(null);
  const [chosen, setChosen] = usePanelState(SHOWN);
  const [x, setX] = usePanelState(X_OF_CURVES);
  const options = useMemo(() => optionsOf(groups, heldOut !== null), [groups, heldOut]);
  const shown = chosen !== null && options.includes(chosen) ? chosen : options[0]!;
  const data = useMemo(
    () => (shown === 'held-out' && heldOut ? heldOut : meanCurves(groups, idOf(shown), x)),
    [groups, heldOut, shown, x],
  );
  const styles = useMemo(() => stylesOf(groups), [groups]);
  const cursor = useOwnCursor(data.xs.length);
  const onTokens = x === 'tokens' || shown === 'held-out';
  const xName = onTokens ? 'tokens sampled' : 'step';
  const label = shown === 'held-out' ? HELD_OUT : nameOf(shown);
  return (
    <ChartCard
      frame={frame}
      className="chart-wide"
      title={title}
      explanation={explanation(shown, groups)}
      controls={<Controls {...{ options, shown, setChosen, x, setX }} />}
      styles={styles}
      data={data}
      marks={NONE}
      cursor={cursor}
      xLabel={xName}
      {...(onTokens && { formatX: formatCompact })}
      domain={domainOf(shown)}
      file={{
        describe: () => [label],
        csvHolds: 'means and intervals',
        csv: () =>
          curvesCsv(
            xName,
            groups.map(({ name }) => name),
            data,
          ),
      }}
      empty={empty}
    />
  );
}

const NONE: readonly never[] = [];
const HELD_OUT = 'Held-out quality';

/** What one of the runs has measured; all of it while none has begun. */
function optionsOf(groups: readonly CurveGroup[], hasHeldOut: boolean): readonly Shown[] {
  const curves = groups.flatMap((group) => group.curves);
  const measured = CURVE_METRICS.filter((id) =>
    curves.some(({ metrics }) => metrics[id]?.some((value) => value !== null)),
  );
  return [...(hasHeldOut ? ['held-out' as const] : []), ...(measured.length > 0 ? measured : ALL)];
}

const ALL: readonly Shown[] = CURVE_METRICS.filter((id) => !id.startsWith('eval/'));

function idOf(shown: Shown): MetricId {
  return shown === 'held-out' ? 'quality/mean' : shown;
}

function domainOf(shown: Shown): readonly [number, number] | undefined {
  const bounds = shown === 'held-out' ? ([0, 1] as const) : boundsOf(shown);
  return bounds.every(Number.isFinite) ? bounds : undefined;
}

function explanation(shown: Shown, groups: readonly CurveGroup[]): string {
  const isMean = groups.some(({ curves }) => curves.length > 1);
  if (shown === 'held-out') {
    return 'Of the last attempt: interquartile means over the seeds that are finished, with 95% intervals.';
  }
  const over = isMean ? ' Means over seeds, with 95% intervals.' : '';
  return `${METRICS[shown].help}${over}`;
}

/** Training is on starts that its method chose: a name that could be read as a test says so. */
function nameOf(id: CurveMetric): string {
  const { label } = METRICS[id];
  return id.startsWith('eval/') ? label : `${label}, in training`;
}

interface ControlsProps {
  readonly options: readonly Shown[];
  readonly shown: Shown;
  readonly setChosen: (shown: Shown) => void;
  readonly x: CurveX;
  readonly setX: (x: CurveX) => void;
}

function Controls({ options, shown, setChosen, x, setX }: ControlsProps) {
  return (
    <div className="compare-chart-controls">
      <select
        aria-label="Metric"
        value={shown}
        onChange={({ currentTarget: { selectedIndex } }) => setChosen(options[selectedIndex]!)}
      >
        {options.map((id) => (
          <option key={id} value={id}>
            {id === 'held-out' ? HELD_OUT : nameOf(id)}
          </option>
        ))}
      </select>
      {shown !== 'held-out' && <Segmented label="Over" options={X} value={x} choose={setX} />}
    </div>
  );
}
