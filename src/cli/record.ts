/**
 * Records the run that the page opens with, and its controls beside it: uniform priority, and GRPO alone. What it is of is what a
 * bare address opens; parameters that are given change that.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { checkConfig, describeIssue, type Config } from '../schema/params.ts';
import type { Evaluation } from '../schema/records.ts';
import { STRATEGIES, type StrategyId } from '../schema/presets.ts';
import { OPENING_CONFIG } from '../schema/scenarios.ts';
import { createSession } from '../training/create-session.ts';
import type { ControlRun } from '../runs/recording/file.ts';
import { writeRecording, type RecordedStep, type Recording } from '../runs/recording/file.ts';
import { profileOf } from '../runs/index/profile.ts';
import type { SessionStep } from '../training/session.ts';
import { trainingLoop } from '../training/loop.ts';
import type { SessionInfo, SplitEvaluation } from '../training/session-info.ts';
import { CliError } from '../node/args.ts';
import { defineCommand } from '../node/command.ts';
import { interruption } from '../node/interruption.ts';
import { nextTask, nodePlatform } from '../node/platform.ts';
import { createProgress } from './progress.ts';

const FLAGS = {
  // As many sampled tokens as the largest budget of docs/experiments/dose-response.json.
  steps: { kind: 'integer', range: [1, 10_000], default: 80, help: 'Steps to record.' },
  out: {
    kind: 'string',
    default: 'public/recordings/locks-exit.bin',
    help: 'File that the recording is written to.',
  },
} as const;

export const record = defineCommand({
  flags: FLAGS,
  run: async ({ given, flags: { steps, out } }) => {
    const config = { ...OPENING_CONFIG, ...given };
    const issues = checkConfig(config);
    if (issues.length > 0) throw new CliError(issues.map(describeIssue).join('\n'));
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
    steps.push({ record: { ...record, metrics: row }, evaluations: evaluations.map(onTest) });
  });
  const controls: ControlRun[] = [];
  for (const strategy of CONTROLS) {
    controls.push(await recordControl({ config, count, signal }, strategy));
  }
  return { info, steps, controls };
}

const CONTROLS: readonly StrategyId[] = ['exit-uniform', 'grpo'];

async function recordControl(recorded: Take, strategy: StrategyId): Promise<ControlRun> {
  const config = { ...recorded.config, ...STRATEGIES[strategy].values };
  const rows: ControlRun['rows'][number][] = [];
  const profiles: ControlRun['profiles'][number][] = [];
  const evaluations: SplitEvaluation[] = [];
  await train({ ...recorded, config }, (step) => {
    rows.push(step.row);
    profiles.push(profileOf(step.record));
    for (const { examples: _, ...evaluation } of step.evaluations) {
      evaluations.push(onTest(evaluation));
    }
  });
  return { config, rows, profiles, evaluations };
}

function onTest(evaluation: Evaluation): SplitEvaluation {
  return { ...evaluation, split: 'test' };
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
