/**
 * What it takes to go on with a run in TRL: weights and tokenizer, prompts of self-iteration from the
 * buffer and of base tasks, the run's settings in TRL's words, and a script that trains with them.
 */
import { createRng } from '../../base/rng.ts';
import { entriesOf, type BufferEntry } from '../../exit/buffer.ts';
import { parseExitState } from '../../exit/parse-state.ts';
import { toFiles, type RunBundle } from '../../runs/bundle.ts';
import { encodeText, toJson } from '../../runs/checks.ts';
import type { RunContent } from '../../runs/run-file.ts';
import type { BundleFile } from '../../runs/zip.ts';
import type { Config } from '../../schema/params.ts';
import { taskFor } from '../../tasks/registry.ts';
import { EMPTY_HISTORY, type Task } from '../../tasks/task.ts';
import type { GradedStart } from './start.ts';
import { STARTS_MODULE } from './starts-module.ts';
import { REQUIREMENTS, TRAIN_SCRIPT, TRL_README } from './script.ts';

/** Base tasks beside the histories of the buffer. */
const BASE_TASKS = 512;

interface PromptRow {
  /** What the policy reads, without `<bos>`, which the tokenizer puts in front. */
  readonly prompt: string;
  /** What `exit-lab grade` is asked with, as JSON. */
  readonly start: string;
  /** The buffer's id; null for a base task. */
  readonly history_id: number | null;
  readonly depth: number;
  /** S of a history; 0 for a base task. */
  readonly score: number;
}

/** Files that a model is loaded from. */
const OF_MODEL: readonly string[] = [
  'model.safetensors',
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
];

export function trlFiles(bundle: RunBundle, run: RunContent): BundleFile[] {
  const { config } = run;
  const task = taskFor(config, () => config);
  const rows = [...historyRows(task, run), ...baseRows(task, config)];
  const model = toFiles(bundle)
    .filter(({ path }) => OF_MODEL.includes(path))
    .map(({ path, bytes }) => ({ path: `model/${path}`, bytes }));
  const text = (path: string, content: string): BundleFile => {
    return { path, bytes: encodeText(content) };
  };
  return [
    ...model,
    text('prompts.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
    text('settings.json', `${toJson('settings.json', settingsOf(task, config), 2)}\n`),
    text('train_grpo.py', TRAIN_SCRIPT),
    text('exit_lab_starts.py', STARTS_MODULE),
    text('requirements.txt', REQUIREMENTS),
    text('README.md', TRL_README),
  ];
}

function historyRows(task: Task, { exitState }: RunContent): PromptRow[] {
  const { buffer } = parseExitState(exitState);
  return entriesOf(buffer).map((entry) => {
    const { id, depth, score } = entry;
    return { ...promptColumns(task, startOf(entry)), history_id: id, depth, score };
  });
}

function startOf({ instance, history, depth }: BufferEntry): GradedStart {
  return { instance, history, mode: depth === 0 ? 'solve' : 'improve' };
}

function baseRows(task: Task, { seed }: Config): PromptRow[] {
  const rng = createRng(seed).fork('trl');
  return Array.from({ length: BASE_TASKS }, () => {
    const instance = task.sample('train', rng);
    const start: GradedStart = { instance, history: EMPTY_HISTORY, mode: 'solve' };
    return { ...promptColumns(task, start), history_id: null, depth: 0, score: 0 };
  });
}

function promptColumns(task: Task, start: GradedStart): Pick<PromptRow, 'prompt' | 'start'> {
  const { instance, history, mode } = start;
  const prompt = task.prompt(instance, history, mode).join(' ');
  return { prompt, start: JSON.stringify(start) };
}

/** `grpo`: arguments of TRL's `GRPOConfig`. */
function settingsOf(task: Task, config: Config) {
  return {
    grade: {
      task: config.task,
      rewardForm: config.rewardForm,
      divergeReward: config.divergeReward,
    },
    selection: {
      selectProbability: config.selectProbability,
      priority: config.priority,
      priorityScale: config.priorityScale,
      priorityStrength: config.priorityStrength,
      uniformShare: config.uniformShare,
      batchGroups: config.batchGroups,
    },
    grpo: {
      num_generations: config.groupSize,
      num_iterations: config.innerEpochs,
      max_completion_length: task.maxCompletionTokens,
      temperature: config.temperature,
      top_p: config.topP,
      top_k: config.topK,
      learning_rate: config.learningRate,
      weight_decay: config.weightDecay,
      max_grad_norm: config.maxGradNorm,
      adam_beta1: config.adamBeta1,
      adam_beta2: config.adamBeta2,
      loss_type: config.lossType,
      importance_sampling_level: config.importanceSampling,
      scale_rewards: config.scaleRewards,
      epsilon: config.clipLow,
      epsilon_high: config.clipHigh,
      beta: config.klBeta,
      entropy_coef: config.entropyCoefficient,
      mask_truncated_completions: config.maskTruncated,
      seed: config.seed,
    },
  };
}
