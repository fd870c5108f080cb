/** The parameters: what the person chose, what the session runs with, and what was refused. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { changedParams, checkConfig, isLive, parseParams } from '../schema/params.ts';
import type { Config, LiveParamId, ParamId, ParamIssue } from '../schema/params.ts';

export interface ConfigState {
  readonly current: Config;
  /** What the session runs with; null before there is one. */
  readonly applied: Config | null;
  /** Entries that were refused and stand in the form with their reason. */
  readonly refused: { readonly [K in ParamId]?: ParamIssue };
}

export type ConfigStore = StoreApi<ConfigState>;

export function createConfigStore(config: Config): ConfigStore {
  return createStore<ConfigState>(() => ({ current: config, applied: null, refused: {} }));
}

/** The state after an entry from outside: taken over, or kept out and named. */
export function validateParam(state: ConfigState, id: ParamId, value: unknown): ConfigState {
  const { values, issues } = parseParams({ [id]: value });
  const refused = without(state.refused, [id]);
  if (issues[0]) return { ...state, refused: { ...refused, [id]: issues[0] } };
  return { ...state, refused, current: { ...state.current, ...values } };
}

/** The state after several values that are known to be right, such as a preset's. */
export function setParams(state: ConfigState, values: Partial<Config>): ConfigState {
  return {
    ...state,
    refused: without(state.refused, Object.keys(values)),
    current: { ...state.current, ...values },
  };
}

function without(refused: ConfigState['refused'], ids: readonly string[]): ConfigState['refused'] {
  return Object.fromEntries(Object.entries(refused).filter(([id]) => !ids.includes(id)));
}

/** Changed, but not in effect before the next reset. */
export function pendingParams({ current, applied }: ConfigState): ParamId[] {
  return applied ? changedParams(current, applied).filter((id) => !isLive(id)) : [];
}

/** Live values that the session does not run with yet; null where there are none. */
export function unsentValues({ current, applied }: ConfigState): LiveValues | null {
  if (!applied) return null;
  const ids = changedParams(current, applied).filter(isLive);
  return ids.length === 0 ? null : pick(current, ids);
}

export type LiveValues = { readonly [K in LiveParamId]?: Config[K] };

function pick(config: Config, ids: readonly LiveParamId[]): LiveValues {
  return Object.fromEntries(ids.map((id) => [id, config[id]]));
}

/** Everything that stands in the way of a reset: refused entries and violated constraints. */
export function blockingIssues({ current, refused }: ConfigState): ParamIssue[] {
  return [...Object.values(refused), ...checkConfig(current)];
}
