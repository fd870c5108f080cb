/** What a run can be exported to beside its own files, in plain data: for pages that do not make the files. */

export interface TargetNames {
  readonly label: string;
  /** What it holds and what reads it, in one sentence. */
  readonly summary: string;
}

export const TARGET_NAMES = {
  onnx: {
    label: 'ONNX',
    summary:
      'The policy as an ONNX model, with and without a cache, for ONNX Runtime and transformers.js.',
  },
  tensorboard: {
    label: 'TensorBoard',
    summary: 'Every metric of every step as an event file of TensorBoard.',
  },
  csv: {
    label: 'CSV',
    summary: 'Metrics by step, and held-out evaluations in long form, as tables.',
  },
  jsonl: {
    label: 'JSON Lines',
    summary: 'Metrics, held-out evaluations and changes of parameters, an object per line.',
  },
  'task-space': {
    label: 'Task space',
    summary:
      'Every history with its lineage, scores, prompt, attempt, feedback and quality, as a data set.',
  },
  trl: {
    label: 'TRL',
    summary: 'Weights, prompts of self-iteration and a script that goes on with GRPO in TRL.',
  },
  peft: {
    label: 'PEFT adapters',
    summary: 'Adapters of a pretrained model, which PEFT loads onto it.',
  },
  merged: {
    label: 'Merged model',
    summary: 'A pretrained model with its adapters added to its weights, for transformers.',
  },
} as const satisfies Readonly<Record<string, TargetNames>>;

export type ExportTargetId = keyof typeof TARGET_NAMES;

export const EXPORT_TARGETS = Object.keys(TARGET_NAMES) as ExportTargetId[];

export function isExportTarget(id: string): id is ExportTargetId {
  return Object.hasOwn(TARGET_NAMES, id);
}
