/**
 * Makes a base policy: random weights, warm-started on imperfect demonstrations; or measures one that
 * was made. Either way its model card says how it writes and reads.
 */
import { baseCard } from '../runs/base-card.ts';
import { checkpointId } from '../runs/base-checkpoints.ts';
import { fromFiles, toFiles } from '../runs/bundle.ts';
import { encodeText } from '../runs/checks.ts';
import type { BundleFile } from '../runs/zip.ts';
import {
  changedParams,
  DEFAULT_CONFIG,
  describeIssue,
  PARAMS,
  weightsOf,
  type Config,
} from '../schema/params.ts';
import { matchPreset, SIZES } from '../schema/presets.ts';
import { createSession, restoreSession } from '../training/create-session.ts';
import type { Session } from '../training/session.ts';
import { WARM_START, warmStartRate } from '../training/warm-start.ts';
import { CliError } from '../node/args.ts';
import { defineCommand } from '../node/command.ts';
import { interruption } from '../node/interruption.ts';
import { nodePlatform, writeFolder } from '../node/platform.ts';
import { readRunFolder } from '../node/run-folder.ts';
import { showLoading } from './progress.ts';
import { recipeFor } from './recipes.ts';

const FLAGS = {
  steps: {
    kind: 'integer',
    range: PARAMS.warmStartSteps.range,
    help: `Supervised steps of ${WARM_START.batchSize} examples; as many as what ships took where absent.`,
  },
  out: { kind: 'string', help: 'Folder to write to; public/checkpoints/TASK-SIZE where absent.' },
  describe: {
    kind: 'string',
    help: 'Trains nothing: measures the base policy in this folder and writes its model card anew.',
  },
} as const;

/** What is measured unless flags say otherwise. */
const MEASURED = { evalTasks: 200, evalSamples: 2, evalDepth: 16 } as const;

export const pretrain = defineCommand({
  flags: FLAGS,
  run: async (cli) => {
    const { steps, out, describe } = cli.flags;
    const recipe = recipeFor(cli.config);
    const config = {
      ...cli.config,
      ...MEASURED,
      ...recipe.values,
      ...cli.given,
      init: 'scratch',
      warmStartSteps: steps ?? recipe.steps,
    } as const;
    const folder = describe ?? out ?? defaultFolder(checkpointId(config));
    const session = describe === undefined ? await make(config) : await open(describe, config);
    if (describe === undefined) await writeFolder(folder, await filesOf(session));
    await writeFolder(folder, [await cardOf(session, config)]);
    process.stderr.write(`${folder}: ${session.info().parameters} parameters\n`);
    session.dispose();
  },
});

async function make(config: Config): Promise<Session> {
  const signal = interruption();
  return createSession(config, nodePlatform({ onLoading: showLoading(signal), signal }));
}

async function open(folder: string, config: Config): Promise<Session> {
  const { snapshot, words } = fromFiles(await readRunFolder(folder, '--describe'));
  return restoreSession({ snapshot, words, rows: [] }, config, nodePlatform());
}

async function filesOf(session: Session): Promise<BundleFile[]> {
  const { config: shape, weights } = await session.policy.save();
  return toFiles({ snapshot: { config: shape, weights }, words: session.words, rows: [] });
}

async function cardOf(session: Session, config: Config): Promise<BundleFile> {
  const card = baseCard(session.policy.config, {
    task: PARAMS.task.options[config.task],
    command: commandOf(config),
    seed: config.seed,
    steps: config.warmStartSteps,
    examples: WARM_START.batchSize,
    learningRate: warmStartRate(config.hiddenSize),
    ...(config.task === 'mixture' && { weights: weightsOf(config) }),
    backend: session.info().backend.name,
    temperature: config.evalTemperature,
    portraits: await session.portray(config),
  });
  return { path: 'README.md', bytes: encodeText(card) };
}

/** The shortest command that makes the same: what the recipe says already is left out. */
function commandOf(config: Config): string {
  const { task, warmStartSteps } = config;
  const size = matchPreset(SIZES, config);
  const recipe = recipeFor(config);
  const usual: Config = {
    ...DEFAULT_CONFIG,
    ...MEASURED,
    ...recipe.values,
    ...(size && SIZES[size].values),
    ...{ task, init: config.init, warmStartSteps },
  };
  const flags = [
    `--task ${task}`,
    ...(size ? [`--size ${size}`] : []),
    ...(warmStartSteps === recipe.steps ? [] : [`--steps ${warmStartSteps}`]),
    ...changedParams(usual, config).map((id) => `--${id} ${config[id]}`),
  ];
  return `npm run pretrain -- ${flags.join(' ')}`;
}

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
