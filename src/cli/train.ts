/**
 * Trains without a page: the same session that the worker drives. The run is saved now and then and at the
 * end; whatever asks the program to end, ends it after the step in flight.
 */
import type { Evaluation } from '../schema/records.ts';
import type { MetricRow } from '../schema/metrics.ts';
import { changedParams, describeIssue, isLive, PARAMS, type Config } from '../schema/params.ts';
import { fromFiles, type RunBundle } from '../runs/bundle.ts';
import type { AtomicFiles } from '../runs/store/files.ts';
import { readBundle } from '../runs/store/reader.ts';
import { RunWriter } from '../runs/store/writer.ts';
import { createSession, restoreSession } from '../training/create-session.ts';
import { bundleOf } from '../training/export.ts';
import { trainingLoop } from '../training/loop.ts';
import type { Session } from '../training/session.ts';
import { CliError } from '../node/args.ts';
import { defineCommand } from '../node/command.ts';
import type { Interval } from '../node/flags.ts';
import { interruption } from '../node/interruption.ts';
import { nextTask, nodePlatform } from '../node/platform.ts';
import { claimRunFolder, readRunFolder, type RunFolder } from '../node/run-folder.ts';
import { createProgress, showLoading } from './progress.ts';

const FLAGS = {
  steps: {
    kind: 'integer',
    range: [1, 1_000_000],
    default: 100,
    help: 'Trains until this many steps are done, those of a resumed run counted in.',
  },
  out: {
    kind: 'string',
    required: true,
    help: 'Folder that the run is written to: a new or empty one, or that of the run resumed.',
  },
  resume: { kind: 'string', help: 'Folder of an earlier run to go on from.' },
  saveEvery: {
    kind: 'interval',
    default: '30s',
    help: 'How often the run is saved while it trains.',
  },
  force: { kind: 'boolean', help: 'Writes to --out even if it holds another run or other files.' },
} as const;

export const train = defineCommand({
  flags: FLAGS,
  run: async ({ config, given, flags: { steps, out, resume, saveEvery, force } }) => {
    const signal = interruption();
    const folder = await claimRunFolder(out, '--out', { force, resume });
    try {
      const { session, carried } = await openSession({ config, given, resume, signal });
      const { files } = folder;
      const run: Run = {
        session,
        out,
        files,
        writer: await openWriter(files, carried),
        saving: Promise.resolve(),
      };
      if (session.info().step >= steps) await keepAsItIs(run, { folder, steps });
      else await trainAndSave(run, { until: steps, saveEvery, signal });
      run.session.dispose();
    } finally {
      await folder.discardIfEmpty();
    }
  },
});

interface Run {
  /** Another one where the run has gone back to its last save. */
  session: Session;
  readonly out: string;
  readonly files: AtomicFiles;
  readonly writer: RunWriter;
  /** The save that is under way while training goes on. */
  saving: Promise<void>;
}

function openWriter(files: AtomicFiles, carried: RunBundle['steps'] = []): Promise<RunWriter> {
  return RunWriter.open(files, { now: () => Date.now(), carried });
}

/** Says that nothing is to be done; the run is written all the same where it is not there yet. */
async function keepAsItIs(
  run: Run,
  { folder, steps }: { folder: RunFolder; steps: number },
): Promise<void> {
  const done = run.session.info().step;
  if (!folder.isSame) await saveWhole(run);
  const what = folder.isSame ? `${run.out} is as it was` : `${run.out}: step ${done}`;
  process.stderr.write(
    `nothing trained: --steps: got ${steps}, expected more than ${done}, which are done; ${what}\n`,
  );
}

/** How often the learning rate is halved before the run is given up. */
const MOST_HALVINGS = 5;

/** To the last save, or no further than the undone updates where there is none, at half the learning rate. */
async function goBack(run: Run, signal: AbortSignal): Promise<void> {
  const { writer, files, session } = run;
  await run.saving;
  const learningRate = Math.max(PARAMS.learningRate.range[0], session.config.learningRate / 2);
  if (writer.about) {
    const bundle = await readBundle(files);
    run.session = await restoreSession(bundle, session.config, nodePlatform({ signal }));
    session.dispose();
    writer.discard();
  }
  run.session.set({ learningRate });
  process.stderr.write(
    `three updates in a row were not finite: back to step ${run.session.info().step}, learning rate ${learningRate}\n`,
  );
}

interface Training {
  readonly until: number;
  readonly saveEvery: Interval;
  readonly signal: AbortSignal;
}

async function trainAndSave(run: Run, training: Training): Promise<void> {
  let ended = await trainSession(run, training);
  for (let left = MOST_HALVINGS; ended === 'diverged' && left > 0; left--) {
    await goBack(run, training.signal);
    ended = await trainSession(run, training);
  }
  await saveWhole(run);
  if (ended === 'diverged') {
    throw new CliError(
      `${run.out}: step ${run.session.info().step}; its updates are not finite, at ${run.session.config.learningRate} too`,
    );
  }
  const stopped = ended === 'signal' ? 'stopped; ' : '';
  process.stderr.write(`${stopped}${run.out}: step ${run.session.info().step}\n`);
}

/** @throws CliError if that is not possible: what was saved before is still there. */
async function saveWhole(run: Run): Promise<void> {
  await run.saving;
  const bundle = await bundleOf(run.session);
  try {
    await run.writer.save(bundle, { whole: true });
  } catch (error) {
    throw unsaved(run, run.session.info().step, error);
  }
}

function unsaved({ writer, out }: Run, step: number, error: unknown): CliError {
  const reason = error instanceof Error ? error.message : String(error);
  const left = writer.about ? `holds step ${writer.about.step} as before` : 'holds nothing yet';
  return new CliError(
    `--out: step ${step} cannot be written to "${out}", which ${left}: ${reason}`,
  );
}

function sayThatItEnds(): void {
  process.stderr.write('ending after the step in flight; Ctrl-C again ends at once\n');
}

interface Opening {
  readonly config: Config;
  readonly given: Partial<Config>;
  readonly resume: string | undefined;
  readonly signal: AbortSignal;
}

interface Opened {
  readonly session: Session;
  /** Records of the steps that the run resumed has done. */
  readonly carried?: RunBundle['steps'];
}

async function openSession({ config, given, resume, signal }: Opening): Promise<Opened> {
  const platform = nodePlatform({ onLoading: showLoading(signal), signal });
  if (resume === undefined) return { session: await createSession(config, platform) };
  const bundle = fromFiles(await readRunFolder(resume, '--resume', { steps: true }));
  const session = await restoreSession(bundle, config, platform);
  const changed = changedParams(session.config, { ...session.config, ...given });
  const fixed = changed.filter((id) => !isLive(id) && id !== 'backend');
  if (fixed.length > 0)
    throw new CliError(fixed.map((id) => refuse(id, given, session)).join('\n'));
  session.set(given);
  return { session, ...(bundle.steps && { carried: bundle.steps }) };
}

function refuse(id: keyof Config, given: Partial<Config>, session: Session): string {
  return describeIssue({
    field: `--${id}`,
    value: String(given[id]),
    expected: `${session.config[id]}, which the resumed run has: it is no live parameter`,
  });
}

async function trainSession(
  run: Run,
  { until, saveEvery, signal }: Training,
): Promise<Awaited<ReturnType<typeof trainingLoop>>> {
  const { session, writer } = run;
  const bar = createProgress('training', until, signal);
  signal.addEventListener('abort', sayThatItEnds);
  try {
    return await trainingLoop(session, {
      budget: { steps: until },
      signal,
      pause: nextTask,
      onStep: ({ record, row }) => {
        writer.add(record);
        bar.update(row.step, status(row, session.history.evaluations.at(-1)));
      },
      saving: { ...saveEvery, clock: () => performance.now(), save: () => saveNowAndThen(run) },
    });
  } finally {
    signal.removeEventListener('abort', sayThatItEnds);
    bar.stop();
  }
}

/**
 * Training waits until what is to be saved is taken down, and not for the disk. One that is full now may
 * have room at the end: training goes on, and says so.
 */
async function saveNowAndThen(run: Run): Promise<void> {
  await run.saving;
  const step = run.session.info().step;
  const saved = run.writer.save(await bundleOf(run.session, run.writer.metricsUpTo));
  run.saving = saved.then(
    () => undefined,
    (error: unknown) => {
      process.stderr.write(`${unsaved(run, step, error).message}; training goes on\n`);
    },
  );
}

/** What the bar says: the batch's quality, and the latest held-out quality at the first and last attempt. */
function status(row: MetricRow, latest: Evaluation | undefined): string {
  const quality = `q ${(row['quality/mean'] ?? NaN).toFixed(2)}`;
  if (!latest) return quality;
  const [first, last] = [latest.quality[0]!, latest.quality.at(-1)!];
  return `${quality} held-out ${first.mean.toFixed(2)} → ${last.mean.toFixed(2)}`;
}
