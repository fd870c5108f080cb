/** Held-out evaluation of an exported run or a base policy, with its controls. */
import type { Estimate, Evaluation, TurnEstimate } from '../schema/records.ts';
import { fromFiles } from '../runs/bundle.ts';
import { EVAL_POINTS } from '../schema/metrics.ts';
import {
  DEFAULT_CONFIG,
  describeIssue,
  DOMAIN_PARAM_IDS,
  PARAMS,
  taskSettings,
  type Config,
} from '../schema/params.ts';
import type { Task } from '../tasks/task.ts';
import {
  createModelSession,
  READ_ONLY,
  readPretrained,
  restoreSession,
} from '../training/create-session.ts';
import type { Session } from '../training/session.ts';
import { CliError } from '../node/args.ts';
import { defineCommand } from '../node/command.ts';
import { filesIn } from '../node/model-folder.ts';
import { nodePlatform } from '../node/platform.ts';
import { readRunFolder } from '../node/run-folder.ts';

const FLAGS = {
  checkpoint: { kind: 'string', help: 'Folder with the exported files.' },
  model: {
    kind: 'string',
    help: 'In its place, folder with a pretrained model of Hugging Face: the task is put to it in words.',
  },
  maxTokens: {
    kind: 'integer',
    range: [1, 4096],
    default: 64,
    help: 'Most tokens of an answer of such a model.',
  },
  depth: {
    kind: 'integer',
    range: PARAMS.evalDepth.range,
    default: PARAMS.evalDepth.default,
    help: 'Self-improvement steps after the first attempt.',
  },
  samples: {
    kind: 'integer',
    range: PARAMS.evalSamples.range,
    default: 4,
    help: 'Independent chains per held-out task.',
  },
  tasks: {
    kind: 'integer',
    range: PARAMS.evalTasks.range,
    default: 200,
    help: 'Held-out tasks.',
  },
  split: {
    kind: 'string',
    default: 'test',
    help: 'Held-out split of the task, or "all" for one after the other.',
  },
  drafts: {
    kind: 'integer',
    range: [1, 1000],
    help: 'Greedy search: so many first attempts, then each step improves on the best so far.',
  },
  json: { kind: 'boolean', help: 'Prints one JSON object instead of a table.' },
} as const;

export const evaluate = defineCommand({
  flags: FLAGS,
  params: ['task', ...DOMAIN_PARAM_IDS, 'seed', 'backend', 'evalTemperature', 'topP', 'topK'],
  run: async ({ given, flags }) => {
    const { checkpoint, model, depth, samples, tasks, split, drafts, json, maxTokens } = flags;
    if ((checkpoint === undefined) === (model === undefined)) {
      throw new CliError('--checkpoint, --model: got both or none, expected one of them');
    }
    const { session, step } =
      model === undefined
        ? await openCheckpoint(checkpoint!, given)
        : await openModel(model, { ...given, evalTasks: tasks, evalSamples: samples }, maxTokens);
    const splits = splitsFor(session.task, split);
    for (const one of splits) {
      const measured = await session.evaluate(
        { evalDepth: depth, evalSamples: samples, evalTasks: tasks },
        { split: one, ...(drafts !== undefined && { drafts }) },
      );
      const evaluation: Evaluation = { ...measured, step };
      const { task, seed, evalTemperature: temperature } = session.config;
      const report = {
        ...(model === undefined ? { checkpoint } : { model }),
        task,
        split: one,
        ...(drafts !== undefined && { drafts }),
        seed,
        temperature,
        backend: session.info().backend.name,
        ...evaluation,
      };
      const title = splits.length > 1 ? `${one}: ` : '';
      process.stdout.write(json ? `${JSON.stringify(report)}\n` : title + table(evaluation));
    }
    session.dispose();
  },
});

/** What is evaluated, and after how many steps. */
interface Opened {
  readonly session: Session;
  readonly step: number;
}

async function openCheckpoint(folder: string, given: Partial<Config>): Promise<Opened> {
  const files = fromFiles(await readRunFolder(folder, '--checkpoint'));
  checkTask(files.run?.config.task, given);
  // Without its run: an evaluation needs the weights only, and the seed asked for.
  const bundle = { snapshot: files.snapshot, words: files.words, rows: [] };
  const session = await restoreSession(
    bundle,
    { ...DEFAULT_CONFIG, ...(files.run && taskSettings(files.run.config)), ...given },
    nodePlatform(),
  );
  return { session, step: files.run?.step ?? 0 };
}

async function openModel(
  folder: string,
  given: Partial<Config>,
  maxTokens: number,
): Promise<Opened> {
  const model = await readPretrained(filesIn(folder));
  const config = { ...DEFAULT_CONFIG, task: 'countdown' as const, ...given };
  // The least that a step would take: none is made.
  const least = { ...config, batchGroups: 1, groupSize: 2, minibatches: 1 };
  return {
    session: await createModelSession(model, least, nodePlatform(), { maxTokens, lora: READ_ONLY }),
    step: 0,
  };
}

function checkTask(trained: Config['task'] | undefined, { task }: Partial<Config>): void {
  if (trained === undefined || task === undefined) return;
  // A policy of all domains may be judged on one.
  if (task === trained || trained === 'mixture') return;
  throw new CliError(
    `--task: got "${task}", expected "${trained}", which the checkpoint was trained on`,
  );
}

function splitsFor({ id, heldOut = [] }: Task, split: string): readonly string[] {
  const known = [...new Set(['test', ...heldOut.map((one) => one.id)])];
  if (split === 'all') return known;
  if (known.includes(split)) return [split];
  const expected = `all or one of ${known.join(', ')}, the held-out splits of ${id}`;
  throw new CliError(describeIssue({ field: '--split', value: `"${split}"`, expected }));
}

function table(evaluation: Evaluation): string {
  const { quality, solved, bestQuality, resampleQuality, netCorrections, depth } = evaluation;
  const { wrongToRight, rightToWrong } = evaluation;
  const per100 = ({ mean, ci95 }: Estimate): string => `${mean.toFixed(1)} ± ${ci95.toFixed(1)}`;
  const points = EVAL_POINTS.filter((k) => k <= depth);
  const row = (label: string, values: readonly Estimate[]): string =>
    [label.padEnd(26), ...points.map((k) => values[k]!.mean.toFixed(3).padStart(8))].join('');
  const lines = [
    `${evaluation.tasks} held-out tasks × ${evaluation.samples} chains; means over tasks`,
    ['self-improvement steps k'.padEnd(26), ...points.map((k) => String(k).padStart(8))].join(''),
    row('quality, last attempt', quality),
    row(
      '  95% interval ±',
      quality.map(({ ci95 }) => ({ mean: ci95, ci95: 0 })),
    ),
    row('solved, last attempt', solved),
    row('quality, best so far', bestQuality),
    row('quality, k + 1 resamples', resampleQuality),
    ...(wrongToRight ? [`wrong to right per 100: ${per100(wrongToRight)}`] : []),
    ...(rightToWrong ? [`right to wrong per 100: ${per100(rightToWrong)}`] : []),
    `net corrections per 100: ${per100(netCorrections)}`,
    ...conversationLines(evaluation),
  ];
  return `${lines.join('\n')}\n`;
}

/** None where every task has one turn. */
function conversationLines({ turns = [], taskReturn }: Evaluation): string[] {
  const said = ({ mean, ci95 }: Estimate): string => `${mean.toFixed(3)} ± ${ci95.toFixed(3)}`;
  const ends = ({ first, afterRevised, last, resampled }: TurnEstimate): string =>
    [
      `${said(first)}, then ${said(last)}`,
      ...(afterRevised ? [`first after revised turns ${said(afterRevised)}`] : []),
      ...(resampled ? [`best of as many fresh ${said(resampled)}`] : []),
    ].join('; ');
  return [
    ...turns.map(
      (turn, i) => `turn ${i + 1} solved at the first and the last attempt: ${ends(turn)}`,
    ),
    ...(taskReturn ? [`quality summed over the turns: ${ends(taskReturn)}`] : []),
  ];
}
