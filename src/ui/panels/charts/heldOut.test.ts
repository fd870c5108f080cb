import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeEvaluation } from '../../testing/fakeRecords.ts';
import type { DomainInfo } from '../../../training/session-info.ts';
import { EMPTY_HISTORY } from '../../../app/history.ts';
import { shownOf, type ShownEvaluation } from '../../../app/run.ts';
import {
  heldOutCsv,
  heldOutOverlays,
  heldOutView,
  madeBy,
  sharedSplits,
  spread,
} from './heldOut.ts';

const TEST = { split: 'test', domain: null, domains: [] };

function evaluationAt(step: number, split = 'test'): ShownEvaluation {
  return shownOf({ ...fakeEvaluation(step), split });
}

describe('heldOutView', () => {
  it('draws the newest evaluation with its interval, the control, and the earlier ones faint', () => {
    const view = heldOutView(
      [10, 20, 30].map((step) => evaluationAt(step)),
      TEST,
    );
    const newest = fakeEvaluation(30);
    expect(view.data.xs).toEqual(Array.from({ length: 17 }, (_, k) => k));
    expect(view.data.series[0]!.values).toEqual(newest.quality.map(({ mean }) => mean));
    expect(view.data.series[1]!.values).toEqual(newest.resampleQuality.map(({ mean }) => mean));
    const { mean, ci95 } = newest.quality[4]!;
    expect(view.data.series[0]!.bands[4]).toEqual([mean - ci95, mean + ci95]);
    expect(view.styles.map(({ label }) => label)).toEqual([
      'Self-improvement, step 30',
      'Resampling control',
      'Step 10',
      'Step 20',
    ]);
    expect(view.styles.map(({ faint }) => faint ?? false)).toEqual([false, false, true, true]);
    expect(view.styles[1]!.dash).toBeDefined();
  });

  it('never lets an interval leave [0, 1]', () => {
    const sure = { ...evaluationAt(1), quality: [{ mean: 0.98, ci95: 0.1 }] };
    expect(heldOutView([sure], TEST).data.series[0]!.bands[0]).toEqual([0.98 - 0.1, 1]);
  });

  it('shows an empty chart before the first evaluation', () => {
    expect(heldOutView([], TEST)).toMatchObject({ latest: null, data: { xs: [] } });
  });
});

describe('a held-out split', () => {
  it('is never drawn together with another', () => {
    const all = [evaluationAt(10), evaluationAt(10, 'long'), evaluationAt(20)];
    const labels = (split: string): string[] =>
      heldOutView(all, { ...TEST, split }).styles.map(({ label }) => label);
    expect(labels('long')).toEqual(['Self-improvement, step 10', 'Resampling control']);
    expect(labels('test')).toEqual(['Self-improvement, step 20', 'Resampling control', 'Step 10']);
    expect(heldOutView(all, { ...TEST, split: 'hard' }).latest).toBeNull();
  });

  it('is offered where all domains have it', () => {
    const domain = (...ids: string[]): DomainInfo => ({
      id: ids.join(),
      label: '',
      summary: '',
      splits: ids.map((id) => ({ id, label: id, summary: '' })),
      typed: true,
      tables: false,
    });
    const offered = (...domains: DomainInfo[]): string[] =>
      sharedSplits(domains).map(({ id }) => id);
    expect(offered()).toEqual([]);
    expect(offered(domain('test', 'long'))).toEqual(['test', 'long']);
    expect(offered(domain('test', 'long'), domain('hard', 'test'))).toEqual(['test']);
  });
});

describe('a mixture', () => {
  const mixed = (step: number): ShownEvaluation => ({
    ...evaluationAt(step),
    parts: ['locks', 'chess'].map((task, i) => ({ task, ...fakeEvaluation(step + i) })),
  });
  const domains = [{ id: 'locks', label: 'Locks' }];

  it('shows the mean and the curve of each domain', () => {
    const view = heldOutView([mixed(5), mixed(9)], { ...TEST, domains });
    expect(view.styles.map(({ label }) => label)).toEqual([
      'Mean of 2 domains, step 9',
      'Resampling control',
      'Locks',
      'chess',
      'Step 5',
    ]);
    expect(view.data.series[3]!.values).toEqual(fakeEvaluation(10).quality.map((q) => q.mean));
    expect(new Set(view.styles.slice(0, 4).map(({ dash }) => dash)).size).toBe(4);
  });

  it('shows one domain alone with its own control, where it was evaluated', () => {
    const view = heldOutView([evaluationAt(1), mixed(5), mixed(9)], {
      ...TEST,
      domain: 'chess',
      domains,
    });
    const { resampleQuality } = fakeEvaluation(10);
    expect(view.data.series[1]!.values).toEqual(resampleQuality.map(({ mean }) => mean));
    expect(view.styles.map(({ label }) => label)).toEqual([
      'Self-improvement, step 10',
      'Resampling control',
      'Step 6',
    ]);
  });
});

describe('a step in view', () => {
  it('shows what was the newest evaluation then, and never none where there is one', () => {
    const all = [evaluationAt(10), evaluationAt(20), evaluationAt(30)];
    expect([null, 5, 10, 25, 99].map((step) => madeBy(all, step))).toEqual([3, 1, 1, 2, 3]);
    expect(madeBy([], 5)).toBe(0);
  });
});

describe('a kept run', () => {
  const kept = {
    id: 3,
    slot: 0,
    strategy: 'grpo',
    task: 'locks',
    seed: 1,
    label: 'GRPO · Locks, small · seed 1',
    visible: true,
    following: false,
    history: EMPTY_HISTORY,
    evaluations: [evaluationAt(10), evaluationAt(40)],
  } as const;

  it('lends the curves of its newest evaluation', () => {
    const [overlay, ...others] = heldOutOverlays([kept], TEST);
    expect(others).toEqual([]);
    expect(overlay?.label).toBe('GRPO');
    expect(overlay?.data.series.map(({ values }) => values)).toEqual([
      fakeEvaluation(40).quality.map(({ mean }) => mean),
      fakeEvaluation(40).resampleQuality.map(({ mean }) => mean),
    ]);
    expect(heldOutOverlays([kept], { ...TEST, split: 'long' })).toEqual([]);
  });

  it('leaves with the run as a file: every evaluation, every k', () => {
    const run = { label: 'ExIt', evaluations: [evaluationAt(5), evaluationAt(5, 'long')] };
    const lines = heldOutCsv([run, kept], TEST).trim().split('\r\n');
    expect(lines[0]).toMatch(/^run,step,split,k,quality,quality_ci95,solved/);
    expect(lines).toHaveLength(1 + 3 * 17);
    const { mean, ci95 } = fakeEvaluation(40).quality[16]!;
    expect(lines.at(-1)).toContain(`seed 1",40,test,16,${mean},${ci95},`);
  });
});

describe('spread', () => {
  it('keeps the order and the first item, within the limit', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(), { minLength: 1 }),
        fc.integer({ min: 1, max: 9 }),
        (list, n) => {
          const chosen = spread(list, n);
          expect(chosen.length).toBe(Math.min(n, list.length));
          expect(chosen[0]).toBe(list[0]);
          const places = chosen.map((item) => list.indexOf(item));
          expect([...places].sort((a, b) => a - b)).toEqual(places);
          expect(new Set(places).size).toBe(places.length);
        },
      ),
    );
  });
});
