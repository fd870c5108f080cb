/**
 * Trains without a page: the same session that the worker drives. Ctrl-C ends after the step in flight and
 * writes the run.
 */
import type { Evaluation } from '../schema/records.ts';
import type { MetricRow } from '../schema/metrics.ts';
import { changedParams, describeIssue, isLive, type Config } from '../schema/params.ts';
import { fromFiles } from '../runs/bundle.ts';
import { createSession, restoreSession } from '../training/create-session.ts';
import { exportFiles } from '../training/export.ts';
import { trainingLoop } from '../training/loop.ts';
import type { Session } from '../training/session.ts';
import { CliError } from '../node/args.ts';
import { defineCommand } from '../node/command.ts';
import { interruption } from '../node/interruption.ts';
import {
  checkWritable,
  nextTask,
  nodePlatform,
  readFolder,
  writeFolder,
} from '../node/platform.ts';
import { createProgress, showLoading } from './progress.ts';

const FLAGS = {
  steps: {
    kind: 'integer',
    range: [1, 1_000_000],
    default: 100,
    help: 'Trains until this many steps are done, those of a resumed run counted in.',
  },
  out: { kind: 'string', required: true, help: 'Folder that the run is written to.' },
  resume: { kind: 'string', help: 'Folder of an earlier run to go on from.' },
} as const;

export const train = defineCommand({
  flags: FLAGS,
  run: async ({ config, given, flags: { steps, out, resume } }) => {
    await checkWritable(out, '--out');
    const signal = interruption();
    const session = await openSession({ config, given, resume, signal });
    const ended = await trainSession(session, steps, signal);
    await writeFolder(out, await exportFiles(session));
    const stopped = ended === 'signal' ? 'stopped; ' : '';
    process.stderr.write(`${stopped}${out}: step ${session.info().step}\n`);
    session.dispose();
  },
});

function sayThatItEnds(): void {
  process.stderr.write('ending after the step in flight; Ctrl-C again ends at once\n');
}

interface Opening {
  readonly config: Config;
  readonly given: Partial<Config>;
  readonly resume: string | undefined;
  readonly signal: AbortSignal;
}

async function openSession({ config, given, resume, signal }: Opening): Promise<Session> {
  const platform = nodePlatform({ onLoading: showLoading(signal), signal });
  if (resume === undefined) return createSession(config, platform);
  const bundle = fromFiles(await readFolder(resume, '--resume'));
  const session = await restoreSession(bundle, config, platform);
  const changed = changedParams(session.config, { ...session.config, ...given });
  const fixed = changed.filter((id) => !isLive(id) && id !== 'backend');
  if (fixed.length > 0)
    throw new CliError(fixed.map((id) => refuse(id, given, session)).join('\n'));
  session.set(given);
  return session;
}

function refuse(id: keyof Config, given: Partial<Config>, session: Session): string {
  return describeIssue({
    field: `--${id}`,
    value: String(given[id]),
    expected: `${session.config[id]}, which the resumed run has: it is no live parameter`,
  });
}

async function trainSession(
  session: Session,
  until: number,
  signal: AbortSignal,
): Promise<'budget' | 'signal' | 'diverged'> {
  const bar = createProgress('training', until, signal);
  signal.addEventListener('abort', sayThatItEnds);
  const ended = await trainingLoop(session, {
    budget: { steps: until },
    signal,
    pause: nextTask,
    onStep: ({ row }) => bar.update(row.step, status(row, session.history.evaluations.at(-1))),
  });
  signal.removeEventListener('abort', sayThatItEnds);
  bar.stop();
  return ended;
}

/** What the bar says: the batch's quality, and the latest held-out quality at the first and last attempt. */
function status(row: MetricRow, latest: Evaluation | undefined): string {
  const quality = `q ${(row['quality/mean'] ?? NaN).toFixed(2)}`;
  if (!latest) return quality;
  const [first, last] = [latest.quality[0]!, latest.quality.at(-1)!];
  return `${quality} held-out ${first.mean.toFixed(2)} → ${last.mean.toFixed(2)}`;
}
