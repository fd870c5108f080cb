/**
 * The decoder and its gradient as a list of kernel calls: pre-RMSNorm, rotary positions, causal
 * grouped-query attention, SwiGLU, tied or untied head: Hugging Face's `LlamaForCausalLM`, with the
 * biases of `Qwen2ForCausalLM` and the norms of `Qwen3ForCausalLM` where the config has them. The
 * backward pass is written out, from the last line to the first.
 */
import type { PolicyConfig } from '../policy.ts';
import {
  qkvWidth,
  type AdapterLayout,
  type BlockOffsets,
  type DeviceBuffer,
  type DecoderShape,
  type IndexLists,
  type Kernels,
  type ScoreArgs,
  type Sequences,
  type WeightOffsets,
} from './kernels.ts';
import {
  layerBackward,
  layerForward,
  newLayerState,
  type LayerAdapters,
  type LayerContext,
  type LayerState,
} from './layer.ts';
import { ACTIVATIONS, activationNumbers } from './footprint.ts';
import { indicesByValue, type Packing, type Scored } from './packing.ts';
import { adapterLayout, decoderShape, rotaryTable, weightOffsets } from './weights.ts';

/** Tokens on the device. */
export interface Inputs<B extends DeviceBuffer> {
  readonly sequences: Sequences<B>;
  /** [R] each. */
  readonly ids: B;
  readonly positions: B;
}

export interface Decoded<B extends DeviceBuffer> {
  readonly packing: Packing;
  readonly inputs: Inputs<B>;
  readonly layers: readonly LayerState<B>[];
  /** [R, d] after the last layer, before the final norm. */
  readonly hidden: B;
  /** Whether the states share all buffers but what came in: the gradient computes a layer again. */
  readonly recomputes: boolean;
}

/** What a gradient is taken of. */
export interface Trained<B extends DeviceBuffer> {
  /** Flat: the weights that the decoder read, adapters added. */
  readonly theta: B;
  /** Lies like `theta`; with adapters like these, and lacks the factor that scales them. */
  readonly gradient: B;
  /** Flat, if these are trained in the place of the weights. */
  readonly adapters: B | null;
}

/** Completion tokens scored: all that the gradient needs of the head. */
export interface Scoring<B extends DeviceBuffer> {
  readonly scored: Scored;
  /** [tokens, d] before the final norm, and its scale [tokens]. */
  readonly x: B;
  readonly scale: B;
  readonly args: ScoreArgs<B>;
}

/** What layers take one after another: the same buffers, since all ask for the same in the same order. */
class LayerScratch<B extends DeviceBuffer> {
  private readonly buffers: B[] = [];

  constructor(private readonly kernels: Kernels<B>) {}

  /** For the next layer. */
  restart(): (length: number) => B {
    let next = 0;
    return (length) => {
      const at = next++;
      const buffer = (this.buffers[at] ??= this.kernels.scratch(length));
      if (buffer.length === length) return buffer;
      throw new RangeError(`scratch ${at}: got ${buffer.length} numbers, expected ${length}`);
    };
  }
}

export class Transformer<B extends DeviceBuffer> {
  readonly offsets: WeightOffsets;
  readonly adapterLayout: AdapterLayout | null;
  readonly shape: DecoderShape;
  readonly rotary: B;

  /** @param budget numbers that all layers together may keep for the gradient. */
  constructor(
    private readonly kernels: Kernels<B>,
    private readonly config: PolicyConfig,
    private readonly budget = ACTIVATIONS,
  ) {
    this.offsets = weightOffsets(config);
    this.adapterLayout = adapterLayout(config);
    this.shape = decoderShape(config);
    const table = rotaryTable(config, config.maxPositions);
    this.rotary = kernels.allocate(table.length);
    kernels.write(this.rotary, table);
  }

  dispose(): void {
    this.kernels.free(this.rotary);
  }

  /** Runs all layers. Where no gradient will be asked for, they share all buffers but `qkv`. */
  decode(theta: B, packing: Packing, keep: 'all' | 'qkv'): Decoded<B> {
    const { kernels, shape, offsets } = this;
    const { hiddenSize: width, vocabSize } = shape;
    const { rows } = packing;
    this.requirePositions(packing.longest);
    const inputs = this.upload(packing);
    let hidden = kernels.scratch(rows * width);
    const table = kernels.part(theta, offsets.embedding, vocabSize * width);
    kernels.gatherRows({ table, indices: inputs.ids, rows, width, out: hidden });
    const recomputes = keep === 'all' && activationNumbers(this.config, rows) > this.budget;
    const layers: LayerState<B>[] = [];
    for (const at of offsets.blocks) {
      const context = this.layerContext(theta, inputs, at);
      const shared = layers[0];
      const state =
        keep === 'all' && !recomputes
          ? newLayerState(context, hidden)
          : this.sharedState(context, hidden, shared, keep);
      const out = keep === 'qkv' ? hidden : kernels.scratch(rows * width);
      layerForward(context, state, out);
      layers.push(state);
      hidden = out;
    }
    return { packing, inputs, layers, hidden, recomputes };
  }

  /** The buffers of the first layer, but for what must stay of each: `qkv` to read on, `x` to come back. */
  private sharedState(
    context: LayerContext<B>,
    x: B,
    first: LayerState<B> | undefined,
    keep: 'all' | 'qkv',
  ): LayerState<B> {
    if (!first) return newLayerState(context, x);
    if (keep === 'all') return { ...first, x };
    return { ...first, qkv: context.kernels.scratch(context.rows * qkvWidth(this.shape)) };
  }

  private layerContext(
    theta: B,
    inputs: Inputs<B>,
    at: BlockOffsets,
    scratch = (length: number): B => this.kernels.scratch(length),
  ): LayerContext<B> {
    const { kernels, shape, rotary } = this;
    const { sequences, positions } = inputs;
    const { heads, kvHeads, headDim } = shape;
    return {
      ...{ kernels, shape, rotary, rows: sequences.rows, positions, theta, at, scratch },
      attend: ({ qkv, attentionOut: out, logSum }) => {
        kernels.attention({ sequences, heads, kvHeads, headDim, qkv, out, logSum });
      },
    };
  }

  /** Hidden states [n, d] of some rows, before the final norm. */
  pick({ hidden }: Decoded<B>, rows: Int32Array): B {
    const { kernels } = this;
    const width = this.shape.hiddenSize;
    const out = kernels.scratch(rows.length * width);
    const indices = kernels.upload(rows);
    kernels.gatherRows({ table: hidden, indices, rows: rows.length, width, out });
    return out;
  }

  /** Normalised hidden states [rows, d] and the scales [rows]. */
  finalNorm(theta: B, x: B, rows: number): { normal: B; scale: B } {
    const { kernels, offsets } = this;
    const { hiddenSize: width, rmsNormEps: eps } = this.shape;
    const [normal, scale] = [kernels.scratch(rows * width), kernels.scratch(rows)];
    const weight = kernels.part(theta, offsets.norm, width);
    kernels.rmsNorm({ rows, width, eps, x, weight, y: normal, scale });
    return { normal, scale };
  }

  /** Log-probabilities and entropies of the scored tokens. */
  score(theta: B, decoded: Decoded<B>, scored: Scored, temperature: number): Scoring<B> {
    const { kernels } = this;
    const { hiddenSize, vocabSize } = this.shape;
    const rows = scored.tokens;
    const x = this.pick(decoded, scored.rows);
    const { normal, scale } = this.finalNorm(theta, x, rows);
    const args: ScoreArgs<B> = {
      rows,
      hiddenSize,
      vocabSize,
      temperature,
      hidden: normal,
      head: kernels.part(theta, this.offsets.head, vocabSize * hiddenSize),
      targets: kernels.upload(scored.targets),
      logprob: kernels.scratch(rows),
      entropy: kernels.scratch(rows),
      logSum: kernels.scratch(rows),
    };
    kernels.score(args);
    return { scored, x, scale, args };
  }

  /** Adds to the gradient what the slopes of the scored tokens ask for. */
  backward(
    { theta, gradient, adapters }: Trained<B>,
    { packing, inputs, layers, recomputes }: Decoded<B>,
    scoring: Scoring<B>,
    slopes: { dLogprob: B; dEntropy: B },
  ): void {
    const { kernels, offsets } = this;
    const { hiddenSize: width, vocabSize } = this.shape;
    const { rows, ids } = packing;
    const dScored = this.headBackward({ theta, gradient, adapters }, scoring, slopes);
    const dx = this.zeros(rows * width);
    const scoredOf = this.uploadLists(scoring.scored.rows, rows);
    kernels.gatherSum({ from: dScored, lists: scoredOf, width, out: dx });
    const { sequences } = inputs;
    const scratch = new LayerScratch(kernels);
    layers.toReversed().forEach((state, i) => {
      const layer = layers.length - 1 - i;
      const context = this.layerContext(theta, inputs, offsets.blocks[layer]!, scratch.restart());
      if (recomputes) layerForward(context, state, context.scratch(rows * width));
      const own = adapters && this.adaptersOf(adapters, layer);
      layerBackward({ ...context, sequences, gradient, adapters: own, dx }, state);
    });
    if (adapters) return;
    const out = kernels.part(gradient, offsets.embedding, vocabSize * width);
    kernels.gatherSum({ from: dx, lists: this.uploadLists(ids, vocabSize), width, out });
  }

  private adaptersOf(values: B, layer: number): LayerAdapters<B> {
    const { rank, blocks } = this.adapterLayout!;
    return { rank, values, at: blocks[layer]! };
  }

  /** Gradient [tokens, d] of the scored hidden states. */
  private headBackward(
    { theta, gradient, adapters }: Trained<B>,
    { scored, x, scale, args }: Scoring<B>,
    slopes: { dLogprob: B; dEntropy: B },
  ): B {
    const { kernels, offsets } = this;
    const { hiddenSize: width, vocabSize } = this.shape;
    const rows = scored.tokens;
    const dHidden = kernels.scratch(rows * width);
    const dHead = adapters ? null : kernels.part(gradient, offsets.head, vocabSize * width);
    kernels.scoreBackward({ ...args, ...slopes, dHidden, dHead });
    const dx = this.zeros(rows * width);
    const weight = kernels.part(theta, offsets.norm, width);
    const dWeight = adapters ? kernels.scratch(width) : kernels.part(gradient, offsets.norm, width);
    kernels.rmsNormBackward({ rows, width, x, weight, scale, dy: dHidden, dx, dWeight });
    return dx;
  }

  /** @throws RangeError if sequences of `count` tokens are longer than the model may read. */
  requirePositions(count: number): void {
    const { maxPositions } = this.config;
    if (count > maxPositions) {
      throw new RangeError(`sequence of ${count} tokens: expected at most ${maxPositions}`);
    }
  }

  private upload(packing: Packing): Inputs<B> {
    const { kernels } = this;
    const { rows, count, longest } = packing;
    const table = kernels.upload(packing.table);
    const sequenceOf = kernels.upload(packing.sequenceOf);
    return {
      sequences: { rows, count, table, sequenceOf, longest },
      ids: kernels.upload(packing.ids),
      positions: kernels.upload(packing.positions),
    };
  }

  private zeros(length: number): B {
    const buffer = this.kernels.scratch(length);
    this.kernels.fill(buffer, 0);
    return buffer;
  }

  /** For each value below `count`, where it stands in `values`. */
  private uploadLists(values: Int32Array, count: number): IndexLists<B> {
    const { starts, items } = indicesByValue(values, count);
    return { count, starts: this.kernels.upload(starts), items: this.kernels.upload(items) };
  }
}
