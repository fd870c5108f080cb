/** Refuses at once what would run out of memory in some later step. */
import { RefusedError } from '../base/refused.ts';
import type { MemoryLimit } from '../model/engine.ts';
import {
  sampleFootprint,
  stateFootprint,
  updateFootprint,
  type Footprint,
} from '../model/fused/footprint.ts';
import { PROMPT_TOKENS } from '../model/fused/fused-policy.ts';
import type { PolicyConfig } from '../model/policy.ts';
import type { Config } from '../schema/params.ts';
import type { Task } from '../tasks/task.ts';

/** A shape, or a batch of it, that does not fit where it is to be trained. */
export class MemoryLimitError extends RefusedError {}

export interface Planned {
  readonly shape: PolicyConfig;
  readonly task: Pick<Task, 'maxPromptTokens' | 'maxCompletionTokens'>;
  /** Holders of the weights, which share a batch; each has memory of its own. */
  readonly holders: number;
}

const NUMBER_BYTES = 4;
/** Rows per call of an evaluation, about. */
const EVALUATION_ROWS = 512;

/**
 * Of the largest call that training and its evaluations make, with all prompts and completions as long as
 * the task allows. A warm start is not counted: its examples are far shorter than that.
 */
export function trainingFootprint(config: Config, { shape, task, holders }: Planned): Footprint {
  const { batchGroups, groupSize, minibatches } = config;
  const lengths = {
    promptTokens: 1 + task.maxPromptTokens,
    completionTokens: task.maxCompletionTokens,
  };
  const perPass = Math.max(1, Math.floor(PROMPT_TOKENS / lengths.promptTokens));
  const share = (count: number): number => Math.ceil(count / holders);
  const rows = share(Math.ceil((batchGroups * groupSize) / minibatches));
  const prompts = Math.min(share(batchGroups), perPass);
  const evaluated = config.evalTasks * config.evalSamples;
  const chains = Math.min(share(Math.min(evaluated, EVALUATION_ROWS)), perPass);
  const calls = [
    updateFootprint(shape, {
      ...lengths,
      prompts: Math.min(batchGroups, rows),
      completions: rows,
      hasReference: config.klBeta > 0,
    }),
    sampleFootprint(shape, { ...lengths, prompts, completions: prompts * groupSize }),
    sampleFootprint(shape, { ...lengths, prompts: chains, completions: chains }),
  ];
  const state = stateFootprint(shape);
  return {
    numbers: state.numbers + Math.max(...calls.map(({ numbers }) => numbers)),
    largest: Math.max(state.largest, ...calls.map(({ largest }) => largest)),
  };
}

/** @throws MemoryLimitError with what it would take and the batch that would fit. */
export function requireMemory(config: Config, planned: Planned, limit: MemoryLimit): void {
  const excess = excessOf(config, planned, limit);
  if (excess === null) return;
  const { hiddenSize, numLayers } = planned.shape;
  const { batchGroups, groupSize } = config;
  const fitting = fittingBatch(config, planned, limit);
  throw new MemoryLimitError(
    `hiddenSize ${hiddenSize} × numLayers ${numLayers} with batchGroups ${batchGroups} × groupSize ` +
      `${groupSize}: got up to ${excess}; ` +
      (fitting > 0
        ? `with batchGroups ${fitting} it fits`
        : 'no batch of this groupSize fits: lower groupSize, hiddenSize or numLayers'),
  );
}

/** In words; null where it fits. */
function excessOf(config: Config, planned: Planned, limit: MemoryLimit): string | null {
  const { numbers, largest } = trainingFootprint(config, planned);
  const [bytes, bufferBytes] = [numbers * NUMBER_BYTES, largest * NUMBER_BYTES];
  if (bytes > limit.bytes) {
    return `${inGigabytes(bytes)}, expected at most ${inGigabytes(limit.bytes)} ${limit.where}`;
  }
  if (bufferBytes <= limit.bufferBytes) return null;
  const most = inGigabytes(limit.bufferBytes);
  return `${inGigabytes(bufferBytes)} in one buffer, expected at most ${most} ${limit.where}`;
}

/** The most groups that fit; 0 where none does. */
function fittingBatch(config: Config, planned: Planned, limit: MemoryLimit): number {
  let [fits, tooMany] = [0, config.batchGroups];
  while (tooMany - fits > 1) {
    const batchGroups = Math.floor((fits + tooMany) / 2);
    if (excessOf({ ...config, batchGroups }, planned, limit) === null) fits = batchGroups;
    else tooMany = batchGroups;
  }
  return fits;
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** As browsers and Node say it of an array, and our devices of a buffer, in whichever worker. */
const OUT_OF_MEMORY =
  /out of memory|device allows at most|Array buffer allocation failed|Invalid (typed )?array( buffer)? length/i;

/** What to do about an error that is about memory; null of any other. */
export function memoryProblem(error: unknown): string | null {
  const message = error instanceof Error ? error.message : String(error);
  if (!OUT_OF_MEMORY.test(message)) return null;
  if (message.includes('lower batchGroups')) return message;
  return `out of memory: ${message}; lower batchGroups, groupSize, hiddenSize or numLayers, or close other tabs`;
}
