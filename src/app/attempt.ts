/** How commands that change the session are sent: one at a time, each refusal a notice. */
import { plainMessage } from '../base/missing-part.ts';
import type { Client } from '../worker/client.ts';
import type { RecordedRun } from '../worker/protocol.ts';
import type { SessionInfo } from '../training/session-info.ts';
import type { Baselines } from './baselines.ts';
import type { ConfigStore } from './config.ts';
import { UNFOCUSED } from './focus.ts';
import type { Focus } from './focus.ts';
import { appendRows, EMPTY_HISTORY } from './history.ts';
import type { Kept } from './kept.ts';
import { notify } from './notices.ts';
import type { NoticesStore } from './notices.ts';
import { appendProfiles, NO_PROFILES } from './profiles.ts';
import type { Recording } from './recording.ts';
import { EMPTY_RUN, shownOf, TEST_SPLIT } from './run.ts';
import type { RunState } from './run.ts';
import type { ExclusiveCommand, SessionStore } from './session.ts';
import type { Undo } from './undo.ts';

export interface CommandContext {
  readonly client: Client;
  /** Where base checkpoints lie, as a URL. */
  readonly assetBase: string;
  readonly session: SessionStore;
  readonly config: ConfigStore;
  readonly notices: NoticesStore;
  readonly focus: Focus;
  readonly recording: Recording;
  readonly baselines: Baselines;
  readonly undo: Undo;
  readonly kept: Kept;
  /** Sends live parameters and writes the URL, throttled. */
  readonly follow: () => void;
}

export const REFUSED: { readonly [K in ExclusiveCommand]: string } = {
  load: 'The session could not be built.',
  play: 'Training could not start.',
  pause: 'Training could not be paused.',
  step: 'The step failed.',
  reset: 'The reset failed.',
  newSeed: 'The new seed could not be used.',
  set: 'The parameters were not taken over.',
  evaluate: 'The evaluation failed.',
  export: 'The export failed.',
  import: 'The file was not imported; the session is as it was.',
  open: 'The run could not be opened.',
  dispose: 'The session could not be closed.',
};

/** Runs a command with the `busy` mark on; a refusal becomes a notice. Returns whether it went well. */
export async function attempt(
  { session, notices }: Pick<CommandContext, 'session' | 'notices'>,
  name: ExclusiveCommand,
  run: () => Promise<unknown>,
): Promise<boolean> {
  session.setState({ busy: name });
  try {
    await run();
    return true;
  } catch (error) {
    notify(notices, REFUSED[name], [messageOf(error)]);
    return false;
  } finally {
    session.setState((s) => (s.busy === name ? { busy: null, loading: null } : {}));
  }
}

/** The same for what a person wants to see: the recording makes room. */
export async function attemptLive(
  context: CommandContext,
  name: ExclusiveCommand,
  run: () => Promise<unknown>,
): Promise<void> {
  context.recording.actions.leave();
  await attempt(context, name, run);
}

/** Adopts a session that has just been built, with what its run holds already. */
export function startWith(
  context: CommandContext,
  info: SessionInfo,
  run: RunState = EMPTY_RUN,
): void {
  if (context.session.getState().source === 'live') {
    context.baselines.actions.freeze();
    context.focus.store.setState(UNFOCUSED);
  }
  standWith(context, info, run);
}

/** The same where the run is the one that was there before. */
export function standWith(context: CommandContext, info: SessionInfo, run: RunState): void {
  context.recording.liveRun().setState(run, true);
  context.config.setState({ applied: info.config });
  context.session.setState({
    phase: 'ready',
    info,
    step: info.step,
    failure: null,
    running: false,
    tokensPerSecond: null,
  });
  context.follow();
}

/** A run that was opened or imported: its session, and what panels show of it. */
export function openedOf(reply: SessionInfo & RecordedRun): { info: SessionInfo; run: RunState } {
  const { rows, marks, evaluations, profiles, latest, passedOver: _, ...info } = reply;
  const run = {
    history: appendRows(EMPTY_HISTORY, rows),
    profiles: appendProfiles(NO_PROFILES, profiles),
    marks,
    evaluations: evaluations.map((evaluation) => shownOf({ ...evaluation, split: TEST_SPLIT })),
    latest,
  };
  return { info, run };
}

export async function pauseFirst({
  client,
  session,
}: Pick<CommandContext, 'client' | 'session'>): Promise<void> {
  if (session.getState().running) await client.call('pause');
}

export function messageOf(error: unknown): string {
  return plainMessage(error instanceof Error ? error.message : String(error));
}
