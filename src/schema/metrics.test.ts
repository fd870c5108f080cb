import { describe, expect, it } from 'vitest';
import {
  DEPTH_BINS,
  EVAL_POINTS,
  metric,
  METRIC_GROUPS,
  METRIC_IDS,
  type MetricId,
} from './metrics.ts';

describe.each(METRIC_IDS)('%s', (id) => {
  const declared = metric(id);

  it('says what it means, in a group that exists', () => {
    expect(declared.help).toMatch(/\.$/);
    expect(METRIC_GROUPS).toContain(declared.group);
  });

  it('has bounds that span something, and above 0 where its scale is logarithmic', () => {
    const [low, high] = declared.domain ?? [1, 2];
    expect(high).toBeGreaterThan(low);
    if (declared.scale === 'log') expect(low).toBeGreaterThan(0);
  });
});

describe('labels', () => {
  it('tell the metrics of a group apart', () => {
    const labels = METRIC_IDS.map((id) => `${metric(id).group}: ${metric(id).label}`);
    expect(new Set(labels).size).toBe(labels.length);
  });
});

describe('timing', () => {
  it('marks what depends on the clock, and nothing else', () => {
    const timed = METRIC_IDS.filter((id) => metric(id).timing);
    expect(timed).toEqual(METRIC_IDS.filter((id) => /time|per_second/.test(id)));
    expect(timed.length).toBeGreaterThan(0);
  });
});

describe('depth bins', () => {
  it('hold every depth exactly once', () => {
    for (let depth = 0; depth <= 100; depth++) {
      const holding = DEPTH_BINS.filter(({ from, to }) => from <= depth && depth <= to);
      expect(holding).toHaveLength(1);
    }
  });

  it('are all the shares that are declared', () => {
    const declared = METRIC_IDS.filter((id) => id.startsWith('start_depth/share_'));
    expect(DEPTH_BINS.map(({ id }) => id)).toEqual(declared);
  });
});

describe('evaluation points', () => {
  it('each have their metric, in rising order', () => {
    const ids = EVAL_POINTS.map((k): MetricId => `eval/quality_${k}`);
    expect(METRIC_IDS.filter((id) => id.startsWith('eval/quality_'))).toEqual(ids);
    expect([...EVAL_POINTS].sort((a, b) => a - b)).toEqual([...EVAL_POINTS]);
  });
});
