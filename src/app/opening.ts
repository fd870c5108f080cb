/** Runs that come from somewhere: a file, or the store of this browser. */
import { attempt, attemptLive, openedOf, pauseFirst, startWith } from './attempt.ts';
import type { CommandContext } from './attempt.ts';
import { notify } from './notices.ts';
import { isOnPlay, trainsRecorded } from './recording.ts';

export async function importRun(
  context: CommandContext,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const { client, assetBase, config } = context;
  await attempt(context, 'import', async () => {
    await pauseFirst(context);
    const reply = await client.call('import', { bytes, assetBase });
    const { info, run } = openedOf(reply);
    config.setState({ current: info.config, refused: {} });
    context.recording.actions.leave();
    context.undo.clear();
    startWith(context, info, run);
    const { passedOver = [] } = reply;
    if (passedOver.length > 0) notify(context.notices, PASSED_OVER, passedOver.slice(0, 20));
  });
}

const PASSED_OVER = 'Imported. These files are not needed and were passed over:';

/**
 * @param keepsParams whether parameters stay as they are: where they were set for this very run.
 * @returns whether it is open now; if not, a notice says why.
 */
export function openRun(
  context: CommandContext,
  id: string,
  keepsParams = false,
): Promise<boolean> {
  const { client, assetBase, config } = context;
  return attempt(context, 'open', async () => {
    await pauseFirst(context);
    const { info, run } = openedOf(await client.call('open', { id, assetBase, backend: null }));
    if (!keepsParams) config.setState({ current: info.config, refused: {} });
    context.recording.actions.leave();
    context.undo.clear();
    startWith(context, info, run);
  });
}

/** Trains; where the address asked for the recording alone, that is what goes on. */
export async function play(context: CommandContext): Promise<void> {
  const { recording, client } = context;
  if (isOnPlay(recording.store.getState())) recording.actions.resume();
  else await attemptLive(context, 'play', () => client.call('play'));
}

export async function pause(context: CommandContext): Promise<void> {
  const { recording, client } = context;
  if (isOnPlay(recording.store.getState())) recording.actions.pause();
  else await attempt(context, 'pause', () => client.call('pause'));
}

/** Shows the recording; where nothing else was asked for, what is trained after it is the same run. */
export async function openRecording({ recording, config }: CommandContext): Promise<void> {
  const opened = recording.actions.open();
  if (!recording.store.getState().isAlone) return;
  await opened;
  const [recorded, { current }] = [recording.config(), config.getState()];
  if (recorded === null || trainsRecorded(recorded, current)) return;
  const { backend, replicas } = current;
  config.setState({ current: { ...recorded, backend, replicas }, refused: {} });
}
