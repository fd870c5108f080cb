/** The commands of the program. A new one is a module that defines it, and an entry here. */
import type { Command } from '../node/command.ts';

export interface CommandEntry {
  readonly summary: string;
  /** Modules are read when their command is called: `--help` waits for none. */
  readonly load: () => Promise<Command>;
  /** Whether it serves work on the program itself, with packages that only a checkout installs. */
  readonly checkoutOnly?: true;
}

export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  train: {
    summary: 'Trains a policy and writes its weights, metrics and state to a folder.',
    load: async () => (await import('./train.ts')).train,
  },
  eval: {
    summary:
      'Measures held-out quality over self-improvement steps, beside the resampling control.',
    load: async () => (await import('./eval.ts')).evaluate,
  },
  export: {
    summary:
      'Writes a run as files of other programs: ONNX, TensorBoard, CSV, JSON Lines, datasets.',
    load: async () => (await import('./export.ts')).exportRun,
  },
  grade: {
    summary: 'Grades attempts given as JSON lines, for a trainer elsewhere.',
    load: async () => (await import('./grade.ts')).grade,
  },
  prompts: {
    summary: 'Prints base tasks in English as JSON lines, for a language model elsewhere.',
    load: async () => (await import('./prompts.ts')).prompts,
  },
  upload: {
    summary: 'Puts a run on the Hugging Face Hub, with a token that may write.',
    load: async () => (await import('./upload.ts')).upload,
  },
  download: {
    summary: 'Downloads a pretrained model of the Hugging Face Hub; size and licence first.',
    load: async () => (await import('./download.ts')).download,
  },
  finetune: {
    summary: 'Trains adapters of a pretrained model on a task in words, and writes them for PEFT.',
    load: async () => (await import('./finetune.ts')).finetune,
  },
  generate: {
    summary: 'Answers a text with a pretrained model of Hugging Face, greedily.',
    load: async () => (await import('./generate.ts')).generate,
  },
  experiment: {
    summary: 'Compares arms over seeds and budgets as a file describes, and says how sure that is.',
    load: async () => (await import('./experiment.ts')).experiment,
  },
  results: {
    summary: 'Keeps finished experiments with the code and makes docs/results.md of them.',
    load: async () => (await import('./results.ts')).results,
    checkoutOnly: true,
  },
  pretrain: {
    summary: 'Makes a base policy that writes the format, copies and edits, and is far from good.',
    load: async () => (await import('./pretrain.ts')).pretrain,
  },
  golden: {
    summary: 'Holds the numerics against reference values from an independent implementation.',
    load: async () => (await import('./golden.ts')).golden,
  },
  bench: {
    summary: 'Measures training, sampling and a whole step beside other engines, as ratios.',
    load: async () => (await import('../bench/bench.ts')).bench,
    checkoutOnly: true,
  },
  record: {
    summary: 'Records the story that the page opens with, and its uniform control.',
    load: async () => (await import('./record.ts')).record,
    checkoutOnly: true,
  },
  docs: {
    summary: 'Writes docs/parameters.md and docs/metrics.md from the tables.',
    load: async () => (await import('./docs.ts')).docs,
    checkoutOnly: true,
  },
};
