/**
 * Runs that are kept to be compared with: their curves stay when the run is reset or goes on with another
 * strategy. Until then a kept run is the one in progress, and grows with it.
 */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { PARAMS } from '../schema/params.ts';
import type { Config } from '../schema/params.ts';
import { matchPreset, STRATEGIES } from '../schema/presets.ts';
import type { StrategyId } from '../schema/presets.ts';
import type { ConfigStore } from './config.ts';
import type { ParamChange } from '../schema/records.ts';
import type { MetricHistory } from './history.ts';
import { methodName } from './method-name.ts';
import type { RunStore, ShownEvaluation } from './run.ts';

export interface Baseline {
  readonly id: number;
  /** Which of the few places it takes, from 0: decides its dashes. */
  readonly slot: number;
  /** Null where the parameters matched none. */
  readonly strategy: StrategyId | null;
  readonly task: Config['task'];
  readonly seed: number;
  /** Strategy, task and seed in words. */
  readonly label: string;
  readonly visible: boolean;
  /** Whether it is still the run in progress, which is drawn anyway. */
  readonly following: boolean;
  readonly history: MetricHistory;
  readonly evaluations: readonly ShownEvaluation[];
}

export interface BaselinesState {
  readonly baselines: readonly Baseline[];
}

export type BaselinesStore = StoreApi<BaselinesState>;

export const MOST_BASELINES = 4;

export interface BaselineActions {
  /** Keeps the run in progress; nothing where it has no steps, is kept already, or four are. */
  readonly pin: () => void;
  /** The same without asking: of four the oldest makes room. What was kept of it stays as it is from here on. */
  readonly keep: () => void;
  readonly remove: (id: number) => void;
  readonly show: (id: number, visible: boolean) => void;
  /** To be called before the run in progress is replaced: what is kept of it stays as it is. */
  readonly freeze: () => void;
}

export interface Baselines {
  readonly store: BaselinesStore;
  readonly actions: BaselineActions;
  readonly close: () => void;
}

/** @param recorded what the run that is shown was recorded with; null for a run of the session. */
export function createBaselines(
  run: RunStore,
  config: ConfigStore,
  recorded: () => Config | null = () => null,
): Baselines {
  const store = createStore<BaselinesState>(() => ({ baselines: [] }));
  const edit = (change: (baselines: readonly Baseline[]) => readonly Baseline[]): void =>
    store.setState(({ baselines }) => ({ baselines: change(baselines) }));
  const freeze = (): void => {
    if (!store.getState().baselines.some(({ following }) => following)) return;
    const { history, evaluations } = run.getState();
    edit((all) =>
      all.map((one) => (one.following ? { ...one, following: false, history, evaluations } : one)),
    );
  };
  const pin = (): void => {
    const { current, applied } = config.getState();
    const { history, evaluations, marks } = run.getState();
    if (history.length === 0 || !canPin(store.getState())) return;
    edit((all) => [
      ...all,
      {
        ...describe(recorded() ?? applied ?? current, recorded() ? [] : marks),
        ...freshEntry(all),
        history,
        evaluations,
      },
    ]);
  };
  const stop = config.subscribe(({ applied }, before) => {
    if (applied === before.applied || !applied || !before.applied || recorded()) return;
    if (strategyOf(applied) !== strategyOf(before.applied)) freeze();
  });
  return {
    store,
    actions: {
      pin,
      keep: () => {
        const { baselines } = store.getState();
        if (run.getState().history.length === 0) return;
        if (!canPin({ baselines }) && !baselines.some(({ following }) => following)) {
          edit((all) => all.slice(1));
        }
        pin();
        freeze();
      },
      remove: (id) => edit((all) => all.filter((one) => one.id !== id)),
      show: (id, visible) =>
        edit((all) => all.map((one) => (one.id === id ? { ...one, visible } : one))),
      freeze,
    },
    close: stop,
  };
}

export function canPin({ baselines }: BaselinesState): boolean {
  return baselines.length < MOST_BASELINES && !baselines.some(({ following }) => following);
}

/** What is drawn beside the run in progress; the same array as long as nothing changes. */
export function shownBaselines(state: BaselinesState): readonly Baseline[] {
  return cachedFilter(shown, state, ({ visible, following }) => visible && !following);
}

/** What tells runs apart, their strategy always: `ExIt · seed 2` beside `ExIt · seed 1`. */
export function shortLabels(baselines: readonly Baseline[]): string[] {
  const parts = baselines.map(({ label }) => label.split(SEPARATOR));
  return parts.map((own) =>
    own.filter((part, i) => i === 0 || parts.some((other) => other[i] !== part)).join(SEPARATOR),
  );
}

const SEPARATOR = ' · ';

type FilterCache = WeakMap<readonly Baseline[], readonly Baseline[]>;
const shown: FilterCache = new WeakMap();

function cachedFilter(
  cache: FilterCache,
  { baselines }: BaselinesState,
  keep: (baseline: Baseline) => boolean,
): readonly Baseline[] {
  const chosen = cache.get(baselines) ?? baselines.filter(keep);
  cache.set(baselines, chosen);
  return chosen;
}

function freshEntry(
  all: readonly Baseline[],
): Pick<Baseline, 'id' | 'slot' | 'visible' | 'following'> {
  const taken = new Set(all.map(({ slot }) => slot));
  const slot = Array.from({ length: MOST_BASELINES }, (_, i) => i).find((i) => !taken.has(i)) ?? 0;
  const id = Math.max(0, ...all.map((one) => one.id)) + 1;
  return { id, slot, visible: true, following: true };
}

function describe(
  config: Config,
  marks: readonly ParamChange[],
): Pick<Baseline, 'strategy' | 'task' | 'seed' | 'label'> {
  return {
    strategy: strategyOf(config),
    task: config.task,
    seed: config.seed,
    label: describeRun(config, marks),
  };
}

/** A run in words: `ExIt · Locks, small · seed 1`, and what an uneven task space is made of. */
export function describeRun(config: Config, marks: readonly ParamChange[] = []): string {
  // What a task consists of stands in brackets.
  const task = PARAMS.task.options[config.task].split(' (')[0];
  return [methodName(config, marks), task, ...sharesOf(config), `seed ${config.seed}`].join(
    SEPARATOR,
  );
}

/** What makes a task space uneven: `75% unsolvable`. Empty where nothing does. */
export function sharesOf({ unsolvableShare, trivialShare }: Config): string[] {
  const of = (share: number, name: string): string[] =>
    share > 0 ? [`${Math.round(100 * share)}% ${name}`] : [];
  return [...of(unsolvableShare, 'unsolvable'), ...of(trivialShare, 'trivial')];
}

export function strategyOf(config: Config): StrategyId | null {
  return matchPreset(STRATEGIES, config) ?? null;
}
