/** What the session's worker says of itself, into the stores. */
import { plainMessage } from '../base/missing-part.ts';
import type { Client } from '../worker/client.ts';
import type { Events } from '../worker/protocol.ts';
import { latestValue } from './history.ts';
import { withEvaluation, withMarks, withProgress } from './run.ts';
import type { RunStore } from './run.ts';
import type { SessionStore } from './session.ts';

/**
 * @param liveRun where its run is kept: what is shown may be a recording.
 * @param recovers whether a failure is being seen to; if not, it is shown.
 * @returns the ways to stop.
 */
export function listenToSession(
  client: Client,
  session: SessionStore,
  liveRun: () => RunStore,
  recovers: (failure: Events['failure'], wasRunning: boolean) => boolean,
): (() => void)[] {
  return [
    client.on('loading', (loading) => session.setState({ loading })),
    client.on('running', (running) =>
      session.setState(running ? { running, failure: null } : { running, loading: null }),
    ),
    client.on('progress', (progress) => onProgress(session, liveRun(), progress)),
    client.on('evaluation', (evaluation) =>
      liveRun().setState((s) => withEvaluation(s, evaluation)),
    ),
    client.on('marks', (marks) => liveRun().setState((s) => withMarks(s, marks))),
    client.on('failure', (failure) => {
      if (recovers(failure, session.getState().running)) return;
      showFailure(session, failure.message);
    }),
  ];
}

/** Training has stopped by itself, or there is no session. */
export function showFailure(session: SessionStore, message: string): void {
  session.setState(({ info }) => ({
    failure: plainMessage(message),
    running: false,
    loading: null,
    phase: info ? 'ready' : 'failed',
  }));
}

function onProgress(session: SessionStore, run: RunStore, progress: Events['progress']): void {
  run.setState((state) => withProgress(state, progress));
  session.setState({
    step: progress.latest.step,
    loading: null,
    tokensPerSecond: latestValue(run.getState().history, 'tokens_per_second') ?? null,
  });
}
