/** Trains without a page: the same session that the worker drives. */
import type { Evaluation } from '../schema/records.ts';
import type { MetricRow } from '../schema/metrics.ts';
import { changedParams, describeIssue, isLive, type Config } from '../schema/params.ts';
import { fromFiles } from '../runs/bundle.ts';
import { createSession, restoreSession, type Platform } from '../training/create-session.ts';
import { exportFiles } from '../training/export.ts';
import type { Session } from '../training/session.ts';
import { CliError, parseCli, runCli } from './args.ts';
import { nodePlatform, readFolder, writeFolder } from './platform.ts';
import { createProgress } from './progress.ts';

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

await runCli(async () => {
  const cli = parseCli({
    argv: process.argv.slice(2),
    command: 'train',
    summary: 'Trains a policy and writes its weights, metrics and state to a folder.',
    flags: FLAGS,
  });
  if (cli.help !== undefined) return void process.stdout.write(cli.help);
  const { steps, out, resume } = cli.flags;
  const session = await openSession(cli.config, cli.given, resume);
  const interrupted = await train(session, steps);
  await writeFolder(out, await exportFiles(session));
  process.stderr.write(`${interrupted ? 'stopped; ' : ''}${out}: step ${session.info().step}\n`);
  session.dispose();
});

async function openSession(
  config: Config,
  given: Partial<Config>,
  resume: string | undefined,
): Promise<Session> {
  const platform = nodePlatform(showLoading());
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

function showLoading(): Platform['onLoading'] {
  let bar: ReturnType<typeof createProgress> | undefined;
  return (message, done, total) => {
    if (total <= 1) return;
    bar ??= createProgress(message, total);
    bar.update(done, '');
    if (done === total) bar.stop();
  };
}

/** Returns whether it was interrupted: the first Ctrl-C ends after the step in flight. */
async function train(session: Session, until: number): Promise<boolean> {
  let interrupted = false;
  const interrupt = (): void => void (interrupted = true);
  process.once('SIGINT', interrupt);
  const bar = createProgress('training', until);
  while (session.info().step < until && !interrupted) {
    const { row } = await session.step();
    bar.update(row.step, status(row, session.history.evaluations.at(-1)));
    // Lets signals in: everything above may settle without leaving this turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
  }
  bar.stop();
  process.off('SIGINT', interrupt);
  return interrupted;
}

/** What the bar says: the batch's quality, and the latest held-out quality at the first and last attempt. */
function status(row: MetricRow, latest: Evaluation | undefined): string {
  const quality = `q ${(row['quality/mean'] ?? NaN).toFixed(2)}`;
  if (!latest) return quality;
  const [first, last] = [latest.quality[0]!, latest.quality.at(-1)!];
  return `${quality} held-out ${first.mean.toFixed(2)} → ${last.mean.toFixed(2)}`;
}
