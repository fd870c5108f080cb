/** React's thin side of the stores. */
import { createContext, use, useCallback, useSyncExternalStore } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import type { Baseline, BaselineActions, BaselinesState } from './baselines.ts';
import type { ChartSettings } from './chart-settings.ts';
import type { ConfigState } from './config.ts';
import type { FocusActions, FocusState } from './focus.ts';
import type { GuideActions, GuideState } from './guide.ts';
import type { KeptState } from './kept.ts';
import type { Actions, Lab } from './lab.ts';
import type { Models, ModelsState } from './models.ts';
import type { NoticesState } from './notices.ts';
import type { PanelState } from './panel-state.ts';
import type { PlacesState } from './places.ts';
import type { ParameterDrawer, ParameterDrawerState } from './parameter-drawer.ts';
import type { PlaygroundActions, PlaygroundState } from './playground.ts';
import type { Config } from '../schema/params.ts';
import type { ModelInfo, SessionInfo } from '../training/session-info.ts';
import { controlBaseline } from './control.ts';
import type { RecordingActions, RecordingState } from './recording.ts';
import type { RunState } from './run.ts';
import type { HubModelsActions, HubModelsState } from './hub-models.ts';
import type { RunLibraryActions, RunLibraryState } from './run-library.ts';
import type { SessionState } from './session.ts';
import type { Undo, UndoState } from './undo.ts';

export const LabContext = createContext<Lab | null>(null);

/** @throws Error outside of a `LabContext`. */
export function useLab(): Lab {
  const lab = use(LabContext);
  if (lab === null) throw new Error('useLab: there is no LabContext above this component');
  return lab;
}

export function useActions(): Actions {
  return useLab().actions;
}

export function useSession<T>(select: (state: SessionState) => T): T {
  return useSelected(useLab().session, select);
}

export function useConfig<T>(select: (state: ConfigState) => T): T {
  return useSelected(useLab().config, select);
}

export function useRun<T>(select: (state: RunState) => T): T {
  return useSelected(useLab().run, select);
}

export function usePlayground<T>(select: (state: PlaygroundState) => T): T {
  return useSelected(useLab().playground.store, select);
}

export function usePlaygroundActions(): PlaygroundActions {
  return useLab().playground.actions;
}

export function useFocus<T>(select: (state: FocusState) => T): T {
  return useSelected(useLab().focus.store, select);
}

export function useFocusActions(): FocusActions {
  return useLab().focus.actions;
}

export function useRecording<T>(select: (state: RecordingState) => T): T {
  return useSelected(useLab().recording.store, select);
}

export function useRecordingActions(): RecordingActions {
  return useLab().recording.actions;
}

/** What the run that is shown is a run of: the session's own, or the recording's. */
export function useRunInfo(): SessionInfo | null {
  const recorded = useRecording(({ info }) => info);
  const live = useSession(({ info }) => info);
  return useSession(({ source }) => source) === 'recording' ? recorded : live;
}

/** Whether the run that is shown has steps: the session's own, or the recording's. */
export function useHasSteps(): boolean {
  return useRun(({ history }) => history.length > 0);
}

/** Whether it comes from a file and was not trained since: files keep its rows, not its steps. */
export function useIsReopened(): boolean {
  return useRun(({ history, latest }) => history.length > 0 && latest === null);
}

/** Whether steps come by themselves: training runs, or the recording that is shown plays. */
export function useIsMoving(): boolean {
  const playing = useRecording((state) => state.playing);
  return useSession(({ source, running }) => (source === 'recording' ? playing : running));
}

/** What the run that is shown is configured with, live changes included; null before there is one. */
export function useRunConfig(): Config | null {
  const recorded = useRecording(({ info }) => info?.config ?? null);
  const applied = useConfig((state) => state.applied);
  return useSession(({ source }) => source) === 'recording' ? recorded : applied;
}

/** The pretrained model whose run is shown; null where it is a small policy's. */
export function useShownModel(): ModelInfo | null {
  return useSession(({ source, info }) => (source === 'live' ? (info?.model ?? null) : null));
}

export function useModels<T>(select: (state: ModelsState) => T): T {
  return useSelected(useLab().models.store, select);
}

export function useModelsActions(): Models['actions'] {
  return useLab().models.actions;
}

export function useKept<T>(select: (state: KeptState) => T): T {
  return useSelected(useLab().kept.store, select);
}

export function useRunLibrary<T>(select: (state: RunLibraryState) => T): T {
  return useSelected(useLab().library.store, select);
}

export function useHubModels<T>(select: (state: HubModelsState) => T): T {
  return useSelected(useLab().library.hub.store, select);
}

export function useHubModelsActions(): HubModelsActions {
  return useLab().library.hub.actions;
}

export function useRunLibraryActions(): RunLibraryActions {
  return useLab().library.actions;
}

export function useParameterDrawer<T>(select: (state: ParameterDrawerState) => T): T {
  return useSelected(useLab().drawer.store, select);
}

export function useParameterDrawerActions(): ParameterDrawer['actions'] {
  return useLab().drawer.actions;
}

/** The recorded uniform control as a run to be compared with, where the run that is shown is evaluated as it was. */
export function useControlBaseline(): Baseline | null {
  const control = useRecording((state) => state.control);
  const config = useRunConfig();
  return config && controlBaseline(control, config);
}

/** GRPO alone, recorded, where the run that is shown is evaluated as it was. */
export function useGrpoBaseline(): Baseline | null {
  const grpo = useRecording((state) => state.grpo);
  const config = useRunConfig();
  return config && controlBaseline(grpo, config);
}

export function usePlaces<T>(select: (state: PlacesState) => T): T {
  return useSelected(useLab().places.store, select);
}

export function useUndo<T>(select: (state: UndoState) => T): T {
  return useSelected(useLab().undo.store, select);
}

export function useUndoActions(): Undo['actions'] {
  return useLab().undo.actions;
}

export function useGuide<T>(select: (state: GuideState) => T): T {
  return useSelected(useLab().guide.store, select);
}

export function useGuideActions(): GuideActions {
  return useLab().guide.actions;
}

export function useBaselines<T>(select: (state: BaselinesState) => T): T {
  return useSelected(useLab().baselines.store, select);
}

export function useBaselineActions(): BaselineActions {
  return useLab().baselines.actions;
}

export function useChartSettings<T>(select: (state: ChartSettings) => T): T {
  return useSelected(useLab().chartSettings, select);
}

export function useNotices<T>(select: (state: NoticesState) => T): T {
  return useSelected(useLab().notices, select);
}

/** As React's `useState`, for what outlasts the panel. */
export function usePanelState<T>(
  state: PanelState<T>,
): readonly [T, (next: T | ((before: T) => T)) => void] {
  const store = state(useLab());
  const set = useCallback((next: T | ((before: T) => T)) => store.setState(next, true), [store]);
  return [useSelected(store, (value) => value), set];
}

/** As zustand's own hook, but markup rendered in a test shows the store as it is, not as it began. */
export function useSelected<S, T>(store: StoreApi<S>, select: (state: S) => T): T {
  const selected = (): T => select(store.getState());
  return useSyncExternalStore(store.subscribe, selected, selected);
}
