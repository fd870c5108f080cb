/**
 * Compares strategies on equal terms: the same base policy, steps or tokens, and held-out tasks, several
 * seeds each. Prints tables with 95% intervals over seeds and writes every evaluation to a file.
 */
import { appendFile, writeFile } from 'node:fs/promises';
import { describeIssue, PARAMS, type Config } from '../schema/params.ts';
import { createSession } from '../training/create-session.ts';
import type { Session } from '../training/session.ts';
import { hardCompetitionArms, strategyArms, type Arm } from './arms.ts';
import { CliError } from '../node/args.ts';
import { defineCommand } from '../node/command.ts';
import { interruption } from '../node/interruption.ts';
import { nextTask, nodePlatform } from '../node/platform.ts';
import { trainingLoop, type Budget } from '../training/loop.ts';
import { createProgress } from './progress.ts';
import { studyDefaults, type StudyDefaults } from './study-defaults.ts';
import { studyTables, type Outcome } from './study-table.ts';

const FLAGS = {
  strategies: {
    kind: 'string',
    default: 'grpo,improve,exit,uniform',
    help: 'Strategies compared, separated by commas.',
  },
  experiment: {
    kind: 'string',
    help: 'hard-competition: one competition of pipelines, trained on alone and together with all others, by ExIt; instead of strategies.',
  },
  competition: {
    kind: 'string',
    default: 'gaps-hinge',
    help: 'The one of --experiment hard-competition.',
  },
  seeds: { kind: 'integer', range: [1, 100], default: 3, help: 'Runs of each, from --seed up.' },
  steps: {
    kind: 'integer',
    range: [0, 100_000],
    help: 'Training steps of each run; as many as suit the task where absent.',
  },
  tokens: {
    kind: 'integer',
    range: [1, 1_000_000_000],
    help: 'Instead of --steps: trains until so many completion tokens were trained on.',
  },
  tasks: {
    kind: 'integer',
    range: PARAMS.evalTasks.range,
    default: 200,
    help: 'Held-out tasks at the end.',
  },
  samples: {
    kind: 'integer',
    range: PARAMS.evalSamples.range,
    help: 'Chains per held-out task; 4 where absent, 64 where one competition is all there is.',
  },
  split: { kind: 'string', help: 'Held-out split of the task; test where absent.' },
  out: { kind: 'string', required: true, help: 'File that gets one JSON line per run.' },
} as const;

/** How a run is trained, and what it is judged on. */
interface Trial {
  readonly budget: Budget;
  readonly signal: AbortSignal;
  readonly split: string;
  readonly drafts: number | undefined;
}

export const study = defineCommand({
  flags: FLAGS,
  run: async (cli) => {
    const { seeds, tasks, tokens, out } = cli.flags;
    const { arms, task, split, chains } = studied(cli.flags, cli.config.task);
    const defaults = studyDefaults(task);
    const budget: Budget =
      tokens === undefined ? { steps: cli.flags.steps ?? defaults.steps } : { tokens };
    const signal = interruption();
    const judgement = { split, drafts: defaults.drafts };
    await writeFile(out, '');
    const outcomes: Outcome[] = [];
    const bar = createProgress('runs', arms.length * seeds, signal);
    for (let i = 0; i < seeds; i++) {
      for (const arm of arms) {
        const config = {
          ...configOf(arm, cli, defaults),
          ...{ task, seed: cli.config.seed + i },
          ...{ evalEvery: 0, evalTasks: tasks, evalSamples: cli.flags.samples ?? chains },
        };
        const outcome = await runOnce(arm, config, { budget, signal, ...judgement });
        outcomes.push(outcome);
        await appendFile(out, `${JSON.stringify(outcome)}\n`);
        bar.update(outcomes.length, `${arm.name} seed ${config.seed}`);
      }
    }
    bar.stop();
    process.stdout.write(
      studyTables(
        arms.map(({ name }) => name),
        outcomes,
      ),
    );
  },
});

interface Choice {
  readonly strategies: string;
  readonly experiment: string | undefined;
  readonly competition: string;
  readonly split: string | undefined;
}

interface Studied {
  readonly arms: readonly Arm[];
  readonly task: Config['task'];
  readonly split: string;
  /** Per held-out task. */
  readonly chains: number;
}

function studied(choice: Choice, task: Config['task']): Studied {
  const { strategies, experiment, competition, split = 'test' } = choice;
  if (experiment === undefined) return { arms: strategyArms(strategies), task, split, chains: 4 };
  if (experiment === 'hard-competition') {
    const arms = hardCompetitionArms(competition, 'exit');
    return { arms, task: 'pipelines', split: competition, chains: 64 };
  }
  const value = `"${experiment}"`;
  throw new CliError(
    describeIssue({ field: '--experiment', value, expected: 'hard-competition, or no such flag' }),
  );
}

/** What the command line gives wins over the arm, the arm over what suits the task. */
function configOf(
  { values }: Arm,
  { config, given }: { readonly config: Config; readonly given: Partial<Config> },
  defaults: StudyDefaults,
): Config {
  return { ...config, ...defaults.values, ...values, ...given };
}

async function runOnce(
  { name, adapt }: Arm,
  config: Config,
  { split, drafts, ...until }: Trial,
): Promise<Outcome> {
  const session = await createSession(config, nodePlatform(until), adapt);
  const seconds = await trained(session, until);
  const evaluation = await session.evaluate({}, { split });
  const search =
    drafts === undefined ? {} : { search: await session.evaluate({}, { split, drafts }) };
  const { tokensTrained: tokens, step: steps } = session.history.state;
  session.dispose();
  return { arm: name, seed: config.seed, tokens, steps, seconds, evaluation, ...search };
}

/** @returns processor time in seconds: on a machine that is shared, the clock says little. */
async function trained(
  session: Session,
  { budget, signal }: Pick<Trial, 'budget' | 'signal'>,
): Promise<number> {
  const before = process.cpuUsage();
  await trainingLoop(session, { budget, signal, pause: nextTask });
  signal.throwIfAborted();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
