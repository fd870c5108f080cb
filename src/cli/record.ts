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
import { trainingLoop } from '../training/loop.ts';
import type { SessionInfo } from '../training/session-info.ts';
import { defineCommand } from '../node/command.ts';
import { interruption } from '../node/interruption.ts';
import { nextTask, nodePlatform } from '../node/platform.ts';
import { createProgress } from './progress.ts';

const FLAGS = {
  steps: { kind: 'integer', range: [1, 10_000], default: 150, help: 'Steps to record.' },
  out: {
    kind: 'string',
    default: 'public/recordings/locks-exit.bin',
    help: 'File that the recording is written to.',
  },
} as const;

export const record = defineCommand({
  flags: FLAGS,
  run: async ({ config, flags: { steps, out } }) => {
    const bytes = gzipSync(writeRecording(await recordingOf(config, steps)), { level: 9 });
    await mkdir(dirname(out), { recursive: true });
    await writeFile(out, bytes);
    process.stderr.write(`${out}: ${steps} steps in ${Math.round(bytes.length / 1000)} kB\n`);
  },
});

/** One run to be recorded. */
interface Take {
  readonly config: Config;
  readonly count: number;
  readonly signal: AbortSignal;
}

async function recordingOf(config: Config, count: number): Promise<Recording> {
  const signal = interruption();
  const steps: RecordedStep[] = [];
  const info = await train({ config, count, signal }, ({ record, row, evaluations }) => {
    steps.push({
      record: { ...record, metrics: row },
      evaluations: evaluations.map((evaluation) => ({ ...evaluation, split: 'test' })),
    });
  });
  return { info, steps, control: await recordControl({ config, count, signal }) };
}

async function recordControl(recorded: Take): Promise<ControlRun> {
  const config = { ...recorded.config, ...STRATEGIES['exit-uniform'].values, evalEvery: 0 };
  const rows: ControlRun['rows'][number][] = [];
  const profiles: ControlRun['profiles'][number][] = [];
  await train({ ...recorded, config }, ({ record, row }) => {
    rows.push(row);
    profiles.push(profileOf(record));
  });
  return { config, rows, profiles };
}

async function train(
  { config, count, signal }: Take,
  keep: (step: SessionStep) => void,
): Promise<SessionInfo> {
  const session = await createSession(config, nodePlatform({ signal }));
  const bar = createProgress('recording', count, signal);
  await trainingLoop(session, {
    budget: { steps: count },
    signal,
    pause: nextTask,
    onStep: (step) => {
      keep(step);
      bar.update(step.row.step, '');
    },
  });
  signal.throwIfAborted();
  bar.stop();
  const info = session.info();
  session.dispose();
  return info;
}
