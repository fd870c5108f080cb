import { useRecording, useSession } from '../../../app/hooks.ts';
import type { SessionState } from '../../../app/session.ts';

/** What is going on, in two or three words; also the page's live region. */
export function StatusLine() {
  const words = useSession(statusWords);
  const tone = useSession(statusTone);
  const recorded = useRecording(({ phase }) => phase !== 'none');
  // A play button that can be pressed says as much to who sees it.
  const shown = recorded && words === 'Ready' ? 'visually-hidden' : `status status-${tone}`;
  return (
    <p className={shown} role="status">
      {words}
    </p>
  );
}

const BUSY = {
  load: 'Loading',
  reset: 'Resetting',
  newSeed: 'Resetting',
  step: 'Stepping',
  evaluate: 'Evaluating',
  export: 'Exporting',
  import: 'Importing',
  open: 'Opening',
  pause: 'Pausing',
  play: 'Starting',
  set: 'Training',
  dispose: 'Closing',
} as const;

/** Without counting steps: a screen reader should hear of changes, not of every step. */
export function statusWords(state: SessionState): string {
  if (state.failure !== null) return 'Stopped';
  if (state.busy === 'pause') return `Pausing after step ${state.step + 1}`;
  if (state.busy !== null && !state.running) return BUSY[state.busy];
  if (state.phase === 'loading') return 'Loading';
  if (state.running) return 'Training';
  return state.step > 0 ? 'Paused' : 'Ready';
}

function statusTone(state: SessionState): 'busy' | 'running' | 'failed' | 'idle' {
  if (state.failure !== null) return 'failed';
  if (state.running) return 'running';
  return state.phase === 'loading' || state.busy !== null ? 'busy' : 'idle';
}
