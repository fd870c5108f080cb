/** The session that takes the place of another one, with what its run has behind it. */
import type { Config } from '../schema/params.ts';
import type { StepRecord } from '../schema/records.ts';
import { fromFiles, isRunFile, type RunBundle } from '../runs/bundle.ts';
import { recordsIn } from '../runs/store/reader.ts';
import { openZip } from '../runs/zip.ts';
import { restoreSession, type Platform } from '../training/create-session.ts';
import { recordCheck } from '../training/check-records.ts';
import type { Domain } from '../training/open-bundle.ts';
import type { Session } from '../training/session.ts';
import { readPast, type Past } from './past.ts';
import type { Commands } from './protocol.ts';
import { domainInWords, type Models } from './models.ts';
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

/** Where sessions come from. */
export interface Sources {
  readonly keeper: RunKeeper;
  readonly models: Models;
  /** What bare weights are trained with. */
  readonly fallback: Config;
  readonly platform: Platform;
}

export async function buildImported(
  { bytes, backend }: Commands['import']['request'],
  sources: Sources,
): Promise<Built & { readonly passedOver: readonly string[] }> {
  const { files, passedOver } = openZip(bytes, isRunFile);
  const read = fromFiles(files);
  const bundle = backend === undefined ? read : onBackend(read, backend);
  const built = await restore(bundle, (domain) => checkedRecords(bundle, domain), sources);
  const hasSteps = (bundle.run?.step ?? 0) > 0;
  return { ...built, passedOver, ...(hasSteps && { bundle }) };
}

/** Those of a run that is kept here were checked when they came. */
async function* checkedRecords(bundle: RunBundle, domain?: Domain): AsyncGenerator<StepRecord> {
  const check = recordCheck(bundle, domain);
  for await (const record of recordsIn(bundle.steps ?? [])) {
    check?.(record);
    yield record;
  }
}

/** Whoever fails to stand leaves the run to others. */
export async function buildOpened(
  { id, backend }: Commands['open']['request'],
  sources: Sources,
): Promise<Built> {
  const opened = await sources.keeper.open(id);
  try {
    const { bundle, records } = opened.stored;
    const chosen = backend === null ? bundle : onBackend(bundle, backend);
    return { ...(await restore(chosen, records, sources)), opened };
  } catch (error) {
    await opened.run?.close();
    throw error;
  }
}

async function restore(
  bundle: RunBundle,
  records: (domain?: Domain) => AsyncIterable<StepRecord>,
  { models, fallback, platform }: Sources,
): Promise<Required<Pick<Built, 'session' | 'past'>>> {
  const total = bundle.run?.step ?? 0;
  const read = (domain?: Domain): Promise<Past> =>
    readPast(records(domain), (step) =>
      platform.onLoading('Reading the steps of the run', step, total),
    );
  if (!bundle.base) {
    const past = await read();
    return { session: await restoreSession(bundle, fallback, platform), past };
  }
  // What its records may hold is known once its tokenizer is there.
  const session = await models.restore(bundle.base, bundle, platform);
  try {
    return { session, past: await read(domainInWords(session)) };
  } catch (error) {
    session.dispose();
    throw error;
  }
}

function onBackend(bundle: RunBundle, backend: Config['backend']): RunBundle {
  const { run } = bundle;
  return run ? { ...bundle, run: { ...run, config: { ...run.config, backend } } } : bundle;
}
