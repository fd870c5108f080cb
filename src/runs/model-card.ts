/** README.md of an exported run: a model card in the form that model hubs read. */
import type { Estimate, Evaluation } from '../schema/records.ts';
import type { PolicyConfig } from '../model/policy.ts';
import { PARAMS } from '../schema/params.ts';
import { matchPreset, STRATEGIES } from '../schema/presets.ts';
import { weightShapes } from './huggingface.ts';
import type { RunContent } from './run-file.ts';
import { elements } from './safetensors.ts';

export const FRONT_MATTER = `---
license: mit
library_name: transformers
pipeline_tag: text-generation
tags:
  - exploratory-iteration
  - self-improvement
  - reinforcement-learning
  - grpo
---`;

export const LOADING = `## Loading

\`\`\`python
from transformers import AutoTokenizer, LlamaForCausalLM

model = LlamaForCausalLM.from_pretrained(".")
tokenizer = AutoTokenizer.from_pretrained(".")
\`\`\`

The tokenizer has one token per word, words are separated by spaces, and a word that is not in the
vocabulary is an error. Encoding puts \`<bos>\` in front; a completion ends with \`<eos>\`.`;

const LIMITATIONS = `## Limitations

This is a demonstration of a training method, not a language model. It knows one synthetic task, reads and
writes only the words of that task's vocabulary, and is of no use outside of it. It was trained with one
seed; other seeds differ, often by more than the intervals given here, which cover the held-out tasks and
not the seeds. Policies trained without histories never saw a prompt that holds an earlier attempt, so
their curves over self-improvement steps are flat partly by construction.`;

export function modelCard(config: PolicyConfig, run?: RunContent): string {
  const sections = [
    FRONT_MATTER,
    `# ${title(run)}`,
    description(config, run),
    ...(run ? [howTrained(run), heldOut(run.evaluations.at(-1))] : []),
    LOADING,
    ...(run ? [FILES] : []),
    LIMITATIONS,
  ];
  return sections.join('\n\n') + '\n';
}

function title(run: RunContent | undefined): string {
  return run ? `ExIt Lab: ${taskLabel(run)}, ${strategyLabel(run)}` : 'ExIt Lab: policy weights';
}

function taskLabel({ config }: RunContent): string {
  return PARAMS.task.options[config.task];
}

function strategyLabel({ config }: RunContent): string {
  const strategy = matchPreset(STRATEGIES, config);
  return strategy ? STRATEGIES[strategy].label : 'a strategy of its own';
}

function description(config: PolicyConfig, run: RunContent | undefined): string {
  const origin = run
    ? 'trained with Exploratory Iteration (arXiv 2509.04575) and GRPO to improve its own attempts at one task'
    : 'without the run that it came from';
  return `${decoderOf(config)}, ${origin}.`;
}

/** Its parameters and shape, as the subject of a sentence. */
export function decoderOf(config: PolicyConfig): string {
  const count = [...weightShapes(config).values()].reduce((sum, shape) => sum + elements(shape), 0);
  const shape = `layers: ${config.numLayers}, width: ${config.hiddenSize}, heads: ${config.numHeads}, words: ${config.vocabSize}`;
  return `A Llama decoder of ${count.toLocaleString('en-US')} parameters (${shape})`;
}

function howTrained(run: RunContent): string {
  const { config } = run;
  return `## Training

| | |
|---|---|
| task | ${taskLabel(run)} |
| strategy | ${strategyLabel(run)} |
| seed | ${config.seed} |
| steps | ${run.step} of ${config.batchGroups} groups × ${config.groupSize} completions |
| backend | ${run.backend} |
| made with | ${run.createdBy} |

All parameters are in \`run.json\`${run.marks.length > 0 ? `, with ${run.marks.length} that changed while training ran` : ''}.`;
}

function heldOut(evaluation: Evaluation | undefined): string {
  if (!evaluation) return '## Held-out results\n\nNone were measured.';
  const { step, tasks, samples, depth } = evaluation;
  return `## Held-out results

After step ${step}, on ${tasks} tasks never trained on, ${samples} chain${samples === 1 ? '' : 's'} each; means with 95% intervals over tasks.
k is the number of self-improvement steps; resampling is the best of k + 1 independent first attempts.

| k | quality | solved | best quality so far | resampling, quality |
|---|---|---|---|---|
${shownSteps(depth)
  .map((k) => heldOutRow(evaluation, k))
  .join('\n')}

Net corrections between k = 0 and k = ${depth}, per hundred: ${interval(evaluation.netCorrections, 1)}.
Mean start depth trained on: ${evaluation.trainedDepth.toFixed(1)}.`;
}

/** 0, the powers of two, and the last. */
function shownSteps(depth: number): number[] {
  const steps = Array.from({ length: depth + 1 }, (_, k) => k);
  return steps.filter((k) => k === depth || (k & (k - 1)) === 0);
}

function heldOutRow(evaluation: Evaluation, k: number): string {
  const { quality, solved, bestQuality, resampleQuality } = evaluation;
  const cells = [quality, solved, bestQuality, resampleQuality].map((column) =>
    interval(column[k]!, 3),
  );
  return `| ${k} | ${cells.join(' | ')} |`;
}

export function interval({ mean, ci95 }: Estimate, digits: number): string {
  return `${mean.toFixed(digits)} ± ${ci95.toFixed(digits)}`;
}

const FILES = `\`run.json\`, \`metrics.jsonl\` and \`training_state.safetensors\` let ExIt Lab continue the run exactly
where it stopped; \`transformers\` does not need them.`;
