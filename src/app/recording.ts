/**
 * The recorded run that the page opens with. It is what the panels show until training is first used:
 * what the session itself reports meanwhile is set aside, and takes its place then.
 */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { changedParams, DEFAULT_CONFIG } from '../schema/params.ts';
import type { Config } from '../schema/params.ts';
import type { Client } from '../worker/client.ts';
import type { ControlRun } from '../runs/recording/file.ts';
import type { SessionInfo } from '../training/session-info.ts';
import { plainMessage } from '../base/missing-part.ts';
import { strategyOf } from './baselines.ts';
import { UNFOCUSED } from './focus.ts';
import type { FocusStore } from './focus.ts';
import { notify } from './notices.ts';
import type { NoticesStore } from './notices.ts';
import { createRunStore, EMPTY_RUN, withEvaluation, withMarks, withProgress } from './run.ts';
import type { RunStore } from './run.ts';
import type { SessionStore } from './session.ts';

/** A worker that plays a recording. */
export interface Player {
  readonly client: Client;
  readonly close: () => void;
}

export interface RecordingState {
  /** `none`: not asked for, failed or left. */
  readonly phase: 'none' | 'opening' | 'shown';
  /** What the recording is of. */
  readonly info: SessionInfo | null;
  readonly playing: boolean;
  /** Whether Play plays it as long as it is there: the address asked for nothing else. */
  readonly isAlone: boolean;
  /** Its uniform control; stays when the recording goes. */
  readonly control: ControlRun | null;
  /** The same run with GRPO alone; stays as well. */
  readonly grpo: ControlRun | null;
}

export interface RecordingActions {
  /** Plays it, unless training has been used by the time it is there. */
  readonly open: () => Promise<void>;
  readonly pause: () => void;
  /** Goes on, or begins again at the end. */
  readonly resume: () => void;
  /** One step more, and holds there; nothing at the end. */
  readonly step: () => Promise<void>;
  /** Shows what the session has done itself. */
  readonly leave: () => void;
}

export interface Recording {
  readonly store: StoreApi<RecordingState>;
  readonly actions: RecordingActions;
  /** Who answers for the run that is shown; null where that is the session. */
  readonly client: () => Client | null;
  /** What the run that is shown was recorded with; null where it is the session's. */
  readonly config: () => Config | null;
  /** Where events of the session go. */
  readonly liveRun: () => RunStore;
  /** The file that the address names, as long as it is not left. */
  readonly named: () => string | null;
}

export interface RecordingOptions {
  /** Absent where there is no recording. */
  readonly openPlayer?: (() => Player) | undefined;
  readonly assetBase: string;
  readonly session: SessionStore;
  readonly run: RunStore;
  readonly focus: FocusStore;
  /** Called before the recorded run is replaced. */
  readonly freezeBaselines: () => void;
  /** The file beside the page that the address names instead of the shipped one. */
  readonly named: string | null;
  readonly isAlone: boolean;
  readonly notices: NoticesStore;
}

interface Context extends RecordingOptions {
  readonly store: StoreApi<RecordingState>;
  /** The session's run while the recording is shown. */
  readonly liveRun: RunStore;
  player: Player | null;
  /** Training was used: no recording comes any more. */
  isLeft: boolean;
}

/** Whether Play means the recording, and not training. */
export function isOnPlay({ isAlone, phase }: RecordingState): boolean {
  return isAlone && phase !== 'none';
}

export function createRecording(options: RecordingOptions): Recording {
  const store = createStore<RecordingState>(() => ({
    phase: options.openPlayer ? 'opening' : 'none',
    info: null,
    playing: false,
    isAlone: options.isAlone,
    control: null,
    grpo: null,
  }));
  const context: Context = {
    ...options,
    store,
    liveRun: createRunStore(),
    player: null,
    isLeft: false,
  };
  const isShown = (): boolean => options.session.getState().source === 'recording';
  return {
    store,
    actions: {
      open: () => open(context),
      pause: () => void context.player?.client.call('pause'),
      resume: () => void resume(context),
      step: () => step(context),
      leave: () => leave(context),
    },
    client: () => (isShown() ? (context.player?.client ?? null) : null),
    config: () => (isShown() ? (store.getState().info?.config ?? null) : null),
    liveRun: () => (isShown() ? context.liveRun : options.run),
    named: () => (context.isLeft ? null : options.named),
  };
}

/** That of the address; where it cannot be shown, it is said why, and the shipped one is. */
async function open(context: Context): Promise<void> {
  const { named, notices, store } = context;
  try {
    if (named !== null) return await show(context, named);
  } catch (error) {
    notify(notices, `The recording ${named} is not shown: ${reasonOf(error)}.`, []);
  }
  // The page is as it would be without a recording.
  await show(context).catch(() => store.setState({ phase: 'none' }));
}

/** Without the full stop of a sentence of its own. */
function reasonOf(error: unknown): string {
  const message = plainMessage(error instanceof Error ? error.message : String(error));
  return message.replace(/\.$/, '');
}

/** @throws Error where it cannot be read. */
async function show(context: Context, name?: string): Promise<void> {
  const { openPlayer, store, session, run, liveRun, assetBase } = context;
  if (!openPlayer || context.isLeft) return;
  const player = openPlayer();
  listen(context, player.client);
  // A recording has a configuration of its own, whichever is asked for.
  const request = {
    config: DEFAULT_CONFIG,
    assetBase,
    ...(name !== undefined && { recording: name }),
  };
  const info = await player.client.call('load', request).catch((error: unknown) => {
    player.close();
    throw error;
  });
  if (context.isLeft) return void close(player);
  context.player = player;
  liveRun.setState(run.getState(), true);
  run.setState(EMPTY_RUN, true);
  session.setState({ source: 'recording' });
  store.setState({ phase: 'shown', info });
  // Without its motion it stands.
  await player.client.call('play').catch(() => undefined);
}

function listen({ store, run, session }: Context, client: Client): void {
  const whileShown =
    <T>(take: (payload: T) => void) =>
    (payload: T): void => {
      if (session.getState().source === 'recording') take(payload);
    };
  client.on(
    'progress',
    whileShown((progress) => run.setState((state) => withProgress(state, progress))),
  );
  client.on(
    'evaluation',
    whileShown((evaluation) => run.setState((state) => withEvaluation(state, evaluation))),
  );
  client.on(
    'marks',
    whileShown((marks) => run.setState((state) => withMarks(state, marks))),
  );
  client.on('running', (playing) => store.setState({ playing }));
  client.on('control', (control) =>
    store.setState(strategyOf(control.config) === 'grpo' ? { grpo: control } : { control }),
  );
}

async function resume({ player, run, store, freezeBaselines }: Context): Promise<void> {
  if (!player) return;
  const ended = (run.getState().latest?.step ?? 0) >= (store.getState().info?.step ?? 0);
  if (ended) {
    await player.client.call('reset');
    freezeBaselines();
    run.setState(EMPTY_RUN, true);
  }
  await player.client.call('play');
}

async function step({ player }: Context): Promise<void> {
  await player?.client.call('pause');
  await player?.client.call('step');
}

function leave(context: Context): void {
  const { store, session, run, focus, liveRun, player } = context;
  if (context.isLeft) return;
  context.isLeft = true;
  store.setState({ phase: 'none', playing: false });
  if (player === null) return;
  context.freezeBaselines();
  session.setState({ source: 'live' });
  run.setState(liveRun.getState(), true);
  focus.setState(UNFOCUSED);
  void close(player);
}

/** After what it was asked before has been answered, and the control has come. */
async function close(player: Player): Promise<void> {
  await player.client.call('dispose').catch(() => undefined);
  player.close();
}

/** How the same run may be computed. */
const COMPUTED_BY: readonly string[] = ['backend', 'replicas'];

/** Whether training with these parameters is training what was recorded. */
export function trainsRecorded(recorded: Config, config: Config): boolean {
  return changedParams(recorded, config).every((id) => COMPUTED_BY.includes(id));
}
