/** The session that takes the place of another one, with what its run has behind it. */
import type { Config } from '../schema/params.ts';
import type { StepRecord } from '../schema/records.ts';
import { fromFiles, isRunFile, type RunBundle } from '../runs/bundle.ts';
import { recordsIn } from '../runs/store/reader.ts';
import { openZip } from '../runs/zip.ts';
import { restoreSession, type Platform } from '../training/create-session.ts';
import { recordCheck } from '../training/check-records.ts';
import type { Session } from '../training/session.ts';
import { readPast, type Past } from './past.ts';
import type { Commands } from './protocol.ts';
import type { OpenedRun, RunKeeper } from './run-keeper.ts';

export interface Built {
  readonly session: Session;
  /** Absent where it begins. */
  readonly past?: Past;
  /** Where it comes from the store. */
  readonly opened?: OpenedRun;
  /** What is to be kept of it at once: it has steps that are nowhere else here. */
  readonly bundle?: RunBundle;
}

/** @param fallback what bare weights are trained with. */
export async function buildImported(
  { bytes, backend }: Commands['import']['request'],
  fallback: Config,
  platform: Platform,
): Promise<Built & { readonly passedOver: readonly string[] }> {
  const { files, passedOver } = openZip(bytes, isRunFile);
  const read = fromFiles(files);
  const bundle = backend === undefined ? read : onBackend(read, backend);
  const built = await restore(bundle, checkedRecords(bundle), fallback, platform);
  const hasSteps = (bundle.run?.step ?? 0) > 0;
  return { ...built, passedOver, ...(hasSteps && { bundle }) };
}

/** Those of a run that is kept here were checked when they came. */
async function* checkedRecords(bundle: RunBundle): AsyncGenerator<StepRecord> {
  const check = recordCheck(bundle);
  for await (const record of recordsIn(bundle.steps ?? [])) {
    check?.(record);
    yield record;
  }
}

/** Whoever fails to stand leaves the run to others. */
export async function buildOpened(
  keeper: RunKeeper,
  { id, backend }: Commands['open']['request'],
  fallback: Config,
  platform: Platform,
): Promise<Built> {
  const opened = await keeper.open(id);
  try {
    const { bundle, records } = opened.stored;
    const chosen = backend === null ? bundle : onBackend(bundle, backend);
    return { ...(await restore(chosen, records(), fallback, platform)), opened };
  } catch (error) {
    await opened.run?.close();
    throw error;
  }
}

async function restore(
  bundle: RunBundle,
  records: AsyncIterable<StepRecord>,
  fallback: Config,
  platform: Platform,
): Promise<Required<Pick<Built, 'session' | 'past'>>> {
  const total = bundle.run?.step ?? 0;
  const past = await readPast(records, (step) =>
    platform.onLoading('Reading the steps of the run', step, total),
  );
  return { session: await restoreSession(bundle, fallback, platform), past };
}

function onBackend(bundle: RunBundle, backend: Config['backend']): RunBundle {
  const { run } = bundle;
  return run ? { ...bundle, run: { ...run, config: { ...run.config, backend } } } : bundle;
}
