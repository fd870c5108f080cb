/**
 * Trains low-rank adapters of a pretrained model on a domain in words, by the same session as any run, and
 * writes them as PEFT reads them, with one row of metrics per step. The model's own files stay as they are.
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LORA_TARGETS } from '../model/parameters.ts';
import type { LoraConfig } from '../model/policy.ts';
import { CliError } from '../node/args.ts';
import { defineCommand } from '../node/command.ts';
import { interruption } from '../node/interruption.ts';
import { filesIn } from '../node/model-folder.ts';
import { nodePlatform } from '../node/platform.ts';
import { toAdapterFiles } from '../runs/adapters.ts';
import { writeMetrics } from '../runs/metrics-file.ts';
import { DEFAULT_CONFIG, type Config } from '../schema/params.ts';
import { createModelSession, readPretrained } from '../training/create-session.ts';
import type { Session } from '../training/session.ts';
import { createProgress, showLoading } from './progress.ts';

const FLAGS = {
  model: {
    kind: 'string',
    required: true,
    help: 'Folder with a pretrained model of Hugging Face.',
  },
  out: { kind: 'string', required: true, help: 'New or empty folder for the adapters.' },
  steps: { kind: 'integer', range: [1, 1_000_000], default: 20, help: 'Training steps.' },
  maxTokens: { kind: 'integer', range: [1, 4096], default: 64, help: 'Most tokens of an answer.' },
  rank: { kind: 'integer', range: [1, 1024], default: 16, help: 'Rank r of each adapter.' },
  alpha: {
    kind: 'integer',
    range: [1, 4096],
    default: 32,
    help: 'B·A is scaled by alpha / rank.',
  },
  targets: {
    kind: 'string',
    default: LORA_TARGETS.join(','),
    help: `What is adapted: some of ${LORA_TARGETS.join(', ')}, with commas between.`,
  },
} as const;

export const finetune = defineCommand({
  flags: FLAGS,
  run: async ({ given, flags }) => {
    const { model: folder, out, steps, maxTokens, rank, alpha } = flags;
    const lora: LoraConfig = { rank, alpha, targets: readTargets(flags.targets) };
    await claimEmpty(out);
    const signal = interruption();
    const config = { ...DEFAULT_CONFIG, ...DEFAULTS, ...given };
    const platform = { ...nodePlatform({ signal }), onLoading: showLoading(signal) };
    const { warmStartSteps } = given;
    const options = { maxTokens, lora, ...(warmStartSteps !== undefined && { warmStartSteps }) };
    // Not kept here: its weights are in the engine now.
    const session = await createModelSession(
      await readPretrained(filesIn(folder)),
      config,
      platform,
      options,
    );
    const progress = createProgress('training', steps, signal);
    for (let step = 1; step <= steps && !signal.aborted; step++) {
      const { record } = await session.step();
      progress.update(step, `q ${record.metrics['quality/mean']}`);
    }
    progress.stop();
    await save(session, { out, base: folder });
    session.dispose();
  },
});

/** A step of minutes on two cores, and not of hours. */
const DEFAULTS: Partial<Config> = {
  ...{ task: 'countdown', batchGroups: 8, groupSize: 8, evalEvery: 0, learningRate: 1e-4 },
  ...{ bufferMin: 8, evalTasks: 8, evalSamples: 1 },
};

function readTargets(text: string): LoraConfig['targets'] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !LORA_TARGETS.some((target) => target === name));
  if (unknown === undefined) return LORA_TARGETS.filter((target) => names.includes(target));
  throw new CliError(`--targets: got "${unknown}", expected some of ${LORA_TARGETS.join(', ')}`);
}

async function claimEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const [file] = await readdir(folder);
  if (file === undefined) return;
  throw new CliError(`--out: got "${folder}", which holds ${file}, expected an empty folder`);
}

async function save(session: Session, { out, base }: { out: string; base: string }): Promise<void> {
  const { config, adapters } = await session.policy.save();
  const files = toAdapterFiles(config, adapters ?? [], base);
  for (const { path, bytes } of files) await writeFile(join(out, path), bytes);
  await writeFile(join(out, 'metrics.jsonl'), writeMetrics(session.history.rows));
  process.stderr.write(`${out}: ${files.map(({ path }) => path).join(', ')}, metrics.jsonl\n`);
}
