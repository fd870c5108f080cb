/** Runs that come from somewhere: a file, or the store of this browser. */
import { attempt, openedOf, pauseFirst, startWith } from './attempt.ts';
import type { CommandContext } from './attempt.ts';

export async function importRun(
  context: CommandContext,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const { client, assetBase, config } = context;
  await attempt(context, 'import', async () => {
    await pauseFirst(context);
    const { info, run } = openedOf(await client.call('import', { bytes, assetBase }));
    config.setState({ current: info.config, refused: {} });
    context.recording.actions.leave();
    context.undo.clear();
    startWith(context, info, run);
  });
}

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
