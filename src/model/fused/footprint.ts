/**
 * How much memory the calls of a policy take, told from their sizes alone: every buffer that
 * transformer.ts, differentiator.ts and generate.ts ask for, counted. In 4-byte numbers.
 */
import { adapterSpecs, keyValueHeads } from '../parameters.ts';
import type { PolicyConfig } from '../policy.ts';
import { GRPO_SUMS, qkvWidth, SEQUENCE_FIELDS } from './kernels.ts';
import { adapterLayout, weightOffsets } from './weights.ts';

export interface Footprint {
  /** Of all buffers together. */
  readonly numbers: number;
  /** Of the largest one. */
  readonly largest: number;
}

/** A minibatch of an update at its longest. */
export interface UpdateSize {
  /** Distinct ones. */
  readonly prompts: number;
  readonly completions: number;
  /** Tokens of each, `<bos>` included. */
  readonly promptTokens: number;
  /** Tokens of each, `<eos>` included. */
  readonly completionTokens: number;
  /** Whether log-probabilities of the reference are computed: β > 0. */
  readonly hasReference: boolean;
}

/** A pass of `sample` at its longest. */
export type SampleSize = Omit<UpdateSize, 'hasReference'>;

class Tally implements Footprint {
  numbers = 0;
  largest = 0;

  /** So many numbers in each of some buffers. */
  add(...lengths: readonly number[]): this {
    for (const length of lengths) {
      this.numbers += length;
      this.largest = Math.max(this.largest, length);
    }
    return this;
  }

  times(count: number, rows: number, columns: readonly number[]): this {
    this.numbers += count * rows * columns.reduce((sum, column) => sum + column, 0);
    if (count > 0) this.largest = Math.max(this.largest, rows * Math.max(...columns));
    return this;
  }
}

/**
 * What stays: what is trained, its gradient, both moments, reference, and the table of rotary positions;
 * beneath adapters the base, and both together.
 */
export function stateFootprint(config: PolicyConfig): Footprint {
  const { size } = weightOffsets(config);
  const adapters = adapterLayout(config);
  const tally = new Tally().times(5, adapters?.size ?? size, [1]);
  if (adapters) tally.times(2, size, [1]);
  return tally.add(config.maxPositions * config.headDim);
}

/** What one minibatch takes on top. */
export function updateFootprint(config: PolicyConfig, size: UpdateSize): Footprint {
  const { hiddenSize: d, intermediateSize: inner, vocabSize, numLayers } = config;
  const { prompts, completions, promptTokens, completionTokens, hasReference } = size;
  const { width, qkv } = attentionColumns(config);
  const rows = prompts * promptTokens + completions * (completionTokens - 1);
  const tokens = completions * completionTokens;
  const tally = new Tally().add(completions * GRPO_SUMS + 1);
  addInputs(tally, rows, prompts + completions);
  // Each layer's input is the output of the one before.
  tally.add(rows * d).times(numLayers, rows, [d]);
  const recomputes = activationNumbers(config, rows) > ACTIVATIONS;
  tally.times(recomputes ? 1 : numLayers, rows, layerColumns(config));
  if (recomputes) tally.add(rows * d);
  addScoring(tally, tokens, d);
  // Slopes, old log-probabilities, mask; first tokens, advantages, weights.
  tally.times(1, tokens, [1, 1, 1, 1]).add(completions + 1, completions, completions);
  if (hasReference) {
    addReading(tally, config, rows, prompts + completions);
    addScoring(tally, tokens, d);
  }
  // The gradient: head, rows of each scored token, layers, rows of each word.
  tally.times(1, tokens, [d, d]).add(rows * d, rows + 1, tokens);
  if (config.lora) addAdapters(tally, config, rows);
  else tally.add(vocabSize + 1, rows);
  // Layers take turns with the same buffers.
  tally.times(1, rows, [inner, 2 * inner, d, width, qkv, d]);
  if (config.attentionBias && !config.lora) tally.add(rows);
  if (config.queryKeyNorm) tally.times(1, rows, [qkv]);
  return tally;
}

/** What one pass of sampling takes on top. */
export function sampleFootprint(config: PolicyConfig, size: SampleSize): Footprint {
  const { hiddenSize: d, intermediateSize: inner, vocabSize, numLayers } = config;
  const { prompts, completions: rows, promptTokens, completionTokens } = size;
  const { width, qkv, headNorm } = attentionColumns(config);
  const tally = new Tally();
  addReading(tally, config, prompts * promptTokens, prompts);
  tally.add(prompts, prompts * d, prompts * vocabSize, 2 * rows * completionTokens);
  tally.times(numLayers, rows, [completionTokens * (qkv - width)]);
  tally.times(1, rows, [d, d, d, ...headNorm, qkv, width, 2 * inner, inner, vocabSize]);
  return tally.times(7, rows, [1]);
}

/** Beyond so many numbers (1 GiB) the gradient computes each layer again, for a third more of its time. */
export const ACTIVATIONS = 2 ** 28;

/** What all layers would keep for the gradient of so many tokens. */
export function activationNumbers(config: PolicyConfig, rows: number): number {
  const columns = layerColumns(config).reduce((sum, count) => sum + count, 0);
  return config.numLayers * rows * columns;
}

/** Of `LayerState`, what comes in excepted. */
function layerColumns(config: PolicyConfig): number[] {
  const { hiddenSize: d, intermediateSize: inner, numHeads } = config;
  const { width, qkv, headNorm } = attentionColumns(config);
  return [d, 1, ...headNorm, qkv, width, numHeads, d, d, 1, 2 * inner, inner];
}

/** Numbers of a row: W, Q, and what the norms of queries and keys keep, if there are such. */
function attentionColumns(config: PolicyConfig) {
  const { numHeads: heads, headDim } = config;
  const kvHeads = keyValueHeads(config);
  const qkv = qkvWidth({ heads, kvHeads, headDim });
  const headNorm = config.queryKeyNorm ? [qkv, heads + kvHeads] : [];
  return { width: heads * headDim, qkv, headNorm };
}

/** Both inner products of each adapter, gradients that are not read, and what adds B·A to the weights. */
function addAdapters(tally: Tally, config: PolicyConfig, rows: number): void {
  const { hiddenSize: d, intermediateSize: inner, numHeads, numLayers, headDim } = config;
  const { rank, scale, size } = adapterLayout(config)!;
  const count = adapterSpecs(config).length / numLayers;
  tally.times(count, rows, [rank]).add(d, d, d);
  if (config.queryKeyNorm) tally.add(2 * headDim);
  if (scale !== 1) tally.add(size);
  tally.add(Math.max(numHeads * headDim, inner) * Math.max(d, inner));
}

function addInputs(tally: Tally, rows: number, sequences: number): void {
  tally.add(sequences * SEQUENCE_FIELDS, rows, rows, rows);
}

/** Of `Transformer.score`. */
function addScoring(tally: Tally, tokens: number, hiddenSize: number): void {
  tally.times(1, tokens, [hiddenSize, hiddenSize, 1, 1, 1, 1, 1, 1]);
}

/** Of `Transformer.decode` where no gradient will be asked for: all layers share the buffers of the first. */
function addReading(tally: Tally, config: PolicyConfig, rows: number, sequences: number): void {
  const { qkv } = attentionColumns(config);
  addInputs(tally, rows, sequences);
  tally.add(rows * config.hiddenSize).times(1, rows, layerColumns(config));
  tally.times(config.numLayers - 1, rows, [qkv]);
}
