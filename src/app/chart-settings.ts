/** How all charts over training are drawn: one choice for all of them, kept as long as the page. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';

/** What x counts: training steps, completion tokens trained on, or seconds spent in training steps. */
export type XKind = 'step' | 'tokens' | 'time';

/** `auto` is the scale that each metric declares. */
export type YScale = 'auto' | 'linear' | 'log';

/** What the colours of the curriculum's heat map say. */
export type HeatQuantity = 'quality' | 'share' | 'learnability' | 'recency' | 'distinct';

export interface ChartSettings {
  readonly heat: HeatQuantity;
  /** Share of the past in the smoothed line; 0 is off. */
  readonly smoothing: number;
  /** Whether the range of the raw values is shaded. */
  readonly band: boolean;
  readonly x: XKind;
  readonly logX: boolean;
  readonly y: YScale;
}

export const DEFAULT_CHART_SETTINGS: ChartSettings = {
  smoothing: 0.6,
  band: true,
  x: 'step',
  logX: false,
  y: 'auto',
  heat: 'quality',
};

export type ChartSettingsStore = StoreApi<ChartSettings>;

export function createChartSettings(): ChartSettingsStore {
  return createStore<ChartSettings>(() => DEFAULT_CHART_SETTINGS);
}
