/** Records the run that the page opens with, and the uniform control beside it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Config } from '../schema/params.ts';
import { STRATEGIES } from '../schema/presets.ts';
import { createSession } from '../training/create-session.ts';
import type { ControlRun } from '../runs/recording/file.ts';
import { writeRecording, type RecordedStep, type Recording } from '../runs/recording/file.ts';
import { profileOf } from '../runs/index/profile.ts';
import type { SessionStep } from '../training/session.ts';
import { parseCli, runCli } from './args.ts';
import { nodePlatform } from './platform.ts';
import { createProgress } from './progress.ts';

const FLAGS = {
  steps: { kind: 'integer', range: [1, 10_000], default: 150, help: 'Steps to record.' },
  out: {
    kind: 'string',
    default: 'public/recordings/locks-exit.bin',
    help: 'File that the recording is written to.',
  },
} as const;

await runCli(async () => {
  const cli = parseCli({
    argv: process.argv.slice(2),
    command: 'record',
    summary: 'Records a run and its uniform control for the page to open with.',
    flags: FLAGS,
  });
  if (cli.help !== undefined) return void process.stdout.write(cli.help);
  const { steps, out } = cli.flags;
  const bytes = gzipSync(writeRecording(await record(cli.config, steps)), { level: 9 });
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, bytes);
  process.stderr.write(`${out}: ${steps} steps in ${Math.round(bytes.length / 1000)} kB\n`);
});

async function record(config: Config, count: number): Promise<Recording> {
  const steps: RecordedStep[] = [];
  const info = await train(config, count, ({ record, row, evaluations }) => {
    steps.push({
      record: { ...record, metrics: row },
      evaluations: evaluations.map((evaluation) => ({ ...evaluation, split: 'test' })),
    });
  });
  return { info, steps, control: await recordControl(config, count) };
}

async function recordControl(before: Config, count: number): Promise<ControlRun> {
  const config = { ...before, ...STRATEGIES['exit-uniform'].values, evalEvery: 0 };
  const rows: ControlRun['rows'][number][] = [];
  const profiles: ControlRun['profiles'][number][] = [];
  await train(config, count, ({ record, row }) => {
    rows.push(row);
    profiles.push(profileOf(record));
  });
  return { config, rows, profiles };
}

async function train(config: Config, count: number, keep: (step: SessionStep) => void) {
  const session = await createSession(
    config,
    nodePlatform(() => undefined),
  );
  const bar = createProgress('recording', count);
  for (let step = 1; step <= count; step++) {
    keep(await session.step());
    bar.update(step, '');
  }
  bar.stop();
  const info = session.info();
  session.dispose();
  return info;
}
