import { describe, expect, it } from 'vitest';
import { METRIC_IDS, METRICS } from '../../../schema/metrics.ts';
import { GALLERY, MAIN_CHARTS, search } from './catalog.ts';

const titles = (query: string): string[] =>
  search(GALLERY, query).flatMap(({ charts }) => charts.map(({ title }) => title));

describe('the charts', () => {
  it('are four from the start: these and held-out quality', () => {
    expect(MAIN_CHARTS).toHaveLength(3);
  });

  it('hold every metric once by itself, with what it means', () => {
    const single = GALLERY.flatMap(({ charts }) => charts.filter(({ ids }) => ids.length === 1));
    expect(single.map(({ ids }) => ids[0]).sort()).toEqual([...METRIC_IDS].sort());
    for (const { ids, explanation } of single) {
      expect(explanation).toBe(METRICS[ids[0]!].help);
    }
  });

  it('have different titles within a group', () => {
    for (const { charts } of GALLERY) {
      expect(new Set(charts.map(({ title }) => title)).size).toBe(charts.length);
    }
  });

  it('are found by name, meaning and id, all words of a query together', () => {
    expect(titles('grad')).toContain('Gradient norm');
    expect(titles('stopped exploring')).toEqual(['Entropy']);
    expect(titles('clip_ratio/low')).toEqual(['Clipped below']);
    expect(titles('')).toHaveLength(GALLERY.flatMap(({ charts }) => charts).length);
    expect(titles('no such thing')).toEqual([]);
  });
});
