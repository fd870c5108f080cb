/** Makes a base policy: random weights, warm-started on imperfect demonstrations. */
import { toFiles } from '../runs/bundle.ts';
import { checkpointId } from '../runs/base-checkpoints.ts';
import { describeIssue, PARAMS } from '../spec/params.ts';
import { createSession } from '../worker/create-session.ts';
import { CliError, parseCli, runCli } from './args.ts';
import { nodePlatform, writeFolder } from './platform.ts';
import { createProgress } from './progress.ts';

const FLAGS = {
  steps: {
    kind: 'integer',
    range: PARAMS.warmStartSteps.range,
    default: 2000,
    help: 'Supervised steps of 128 examples.',
  },
  out: { kind: 'string', help: 'Folder to write to; public/checkpoints/TASK-SIZE where absent.' },
} as const;

await runCli(async () => {
  const cli = parseCli({
    argv: process.argv.slice(2),
    command: 'pretrain',
    summary: 'Makes a base policy that writes the format, copies and edits, and is far from good.',
    flags: FLAGS,
  });
  if (cli.help !== undefined) return void process.stdout.write(cli.help);
  const { steps, out } = cli.flags;
  const config = { ...cli.config, init: 'scratch', warmStartSteps: steps } as const;
  const folder = out ?? defaultFolder(checkpointId(config));
  const bar = createProgress('warm start', steps);
  const session = await createSession(
    config,
    nodePlatform((_, done, total) => {
      if (total > 1) bar.update(done, '');
    }),
  );
  bar.stop();
  const { config: shape, weights } = await session.policy.save();
  const files = toFiles({ snapshot: { config: shape, weights }, words: session.words, rows: [] });
  await writeFolder(folder, files);
  process.stderr.write(`${folder}: ${session.info().parameters} parameters\n`);
  session.dispose();
});

function defaultFolder(id: string | undefined): string {
  if (id !== undefined) return `public/checkpoints/${id}`;
  throw new CliError(
    describeIssue({
      field: '--out',
      value: 'nothing',
      expected: 'a folder, since this model shape has no name of its own',
    }),
  );
}
