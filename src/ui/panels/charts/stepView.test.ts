import { describe, expect, it } from 'vitest';
import { shownBaselines } from '../../../app/baselines.ts';
import type { Baseline } from '../../../app/baselines.ts';
import { DEFAULT_CHART_SETTINGS } from '../../../app/chart-settings.ts';
import { appendRows, EMPTY_HISTORY } from '../../../app/history.ts';
import type { MetricHistory } from '../../../app/history.ts';
import { EMPTY_RUN } from '../../../app/run.ts';
import { fakeRow } from '../../testing/fakeRecords.ts';
import type { StepChartSpec } from './catalog.ts';
import { stepView } from './stepView.ts';

const REWARD: StepChartSpec = {
  title: '',
  explanation: '',
  ids: ['reward/improve', 'reward/solve'],
};

function historyOf(steps: number): MetricHistory {
  return appendRows(
    EMPTY_HISTORY,
    Array.from({ length: steps }, (_, i) => fakeRow(i + 1)),
  );
}

const BASELINE: Baseline = {
  id: 7,
  slot: 1,
  strategy: 'grpo',
  task: 'locks',
  seed: 1,
  label: 'GRPO',
  visible: true,
  following: false,
  history: historyOf(80),
  evaluations: [],
};

function view(spec: StepChartSpec, settings = {}, baselines: readonly Baseline[] = []) {
  const marks = [{ step: 12, param: 'temperature', from: 1, to: 2 } as const];
  return stepView(spec, {
    run: { ...EMPTY_RUN, history: historyOf(40), marks },
    settings: { ...DEFAULT_CHART_SETTINGS, ...settings },
    compared: shownBaselines({ baselines }),
  });
}

describe('a chart over training', () => {
  it('keeps the values without smoothing beside the smoothed ones', () => {
    const rough = view(REWARD, { smoothing: 0 }).data.series[0]!;
    const smooth = view(REWARD, { smoothing: 0.9 }).data.series[0]!;
    expect(rough.raw).toBeUndefined();
    expect(smooth.raw).toEqual(rough.values);
    expect(smooth.values).not.toEqual(rough.values);
    expect(smooth.bands).toEqual(rough.bands);
  });

  it('draws kept runs in its own order of metrics, on an axis that holds both', () => {
    const { overlays, xAxis, data } = view(REWARD, {}, [
      BASELINE,
      { ...BASELINE, id: 8, visible: false },
      { ...BASELINE, id: 9, following: true },
    ]);
    expect(overlays.map(({ id }) => id)).toEqual([7]);
    expect(overlays[0]!.data.series).toHaveLength(2);
    expect(overlays[0]!.data.series[1]!.values.slice(0, 40)).toEqual(data.series[1]!.values);
    expect(xAxis.domain).toEqual([1, 80]);
  });

  it('places a change of parameters where its step stands on any axis', () => {
    expect(view(REWARD).marks[0]).toMatchObject({ x: 12, where: 'step 12' });
    const tokens = view(REWARD, { x: 'tokens' });
    expect(tokens.marks[0]).toMatchObject({ x: tokens.data.xs[11], where: 'step 12' });
    expect(tokens.caption).toBe('tokens');
  });

  it('is logarithmic where asked, or where the metric asks for it, and never as a stack', () => {
    const norm = { ...REWARD, ids: ['grad_norm'] as const };
    expect(view(REWARD).logY).toBe(false);
    expect(view(REWARD, { y: 'log' }).logY).toBe(true);
    expect(view(norm).logY).toBe(true);
    expect(view(norm, { y: 'linear' }).logY).toBe(false);
    expect(view({ ...REWARD, stacked: true }, { y: 'log' }).logY).toBe(false);
  });
});
