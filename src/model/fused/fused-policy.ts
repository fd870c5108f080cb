/** The policy on a device's own kernels: parameters, moments and reference stay where they are. */
import type { Rng } from '../../base/rng.ts';
import { initialWeights, named, trainableSpecs } from '../parameters.ts';
import type {
  AdamWOptions,
  CallProgress,
  SftBatch,
  SftStats,
  GrpoOptions,
  Logits,
  NamedTensor,
  OpenPolicy,
  PolicyConfig,
  PolicySnapshot,
  SavedPart,
  SampleRequest,
  Samples,
  TokenIds,
  UpdateBatch,
  UpdateOptions,
  UpdateStats,
} from '../policy.ts';
import { Differentiator } from './differentiator.ts';
import { GRPO_SUMS, type DeviceBuffer, type GenerateArgs, type Kernels } from './kernels.ts';
import {
  chunks,
  minibatchSize,
  pickRows,
  sumColumns,
  updateStats,
  type MinibatchSize,
} from './minibatch.ts';
import { packPrompts, passes, unpackLogits } from './packing.ts';
import { PolicyState } from './policy-state.ts';
import { WARM_UP_CALLS } from './warm-up.ts';
import { Transformer } from './transformer.ts';

export interface FusedOptions<B extends DeviceBuffer = DeviceBuffer> {
  /** Numbers that layers may keep for a gradient; beyond them a layer is computed again. */
  readonly activations?: number;
  /** Prompt tokens read in one pass of `sample`: bounds the memory of large evaluations. */
  readonly promptTokens?: number;
  /**
   * Gives the event loop a turn before each pass of `sample` and each minibatch: a call on a device that
   * computes on this thread leaves no other. No further call may be made meanwhile.
   */
  readonly turn?: (progress?: CallProgress) => Promise<void>;
  /** In the place of the kernels' own `generate`, for one that gives turns as well. */
  generate?(args: GenerateArgs<B>): Promise<B>;
}

export const PROMPT_TOKENS = 16_384;

export class FusedPolicy<B extends DeviceBuffer = DeviceBuffer> implements OpenPolicy {
  private readonly transformer: Transformer<B>;
  private readonly differentiator: Differentiator<B>;
  private readonly state: PolicyState<B>;

  constructor(
    private readonly kernels: Kernels<B>,
    readonly config: PolicyConfig,
    private readonly options: FusedOptions<B> = {},
  ) {
    this.transformer = new Transformer(kernels, config, options.activations);
    this.state = new PolicyState(kernels, this.transformer, config);
    this.differentiator = new Differentiator(kernels, this.transformer, this.state);
  }

  /** Random weights. */
  static initialise<B extends DeviceBuffer>(
    kernels: Kernels<B>,
    config: PolicyConfig,
    rng: Rng,
    options: FusedOptions<B> = {},
  ): FusedPolicy<B> {
    const policy = new FusedPolicy(kernels, config, options);
    policy.state.load({ config, weights: initialWeights(config, rng) });
    return policy;
  }

  /** @throws RangeError naming the tensor that does not fit. */
  static from<B extends DeviceBuffer>(
    kernels: Kernels<B>,
    snapshot: PolicySnapshot,
    options: FusedOptions<B> = {},
  ): FusedPolicy<B> {
    const policy = new FusedPolicy(kernels, snapshot.config, options);
    policy.state.load(snapshot);
    return policy;
  }

  /** Makes the device ready for sampling and updating, so that the first step is not the slow one. */
  async warmUp(): Promise<void> {
    const { kernels, config } = this;
    await kernels.warmUp(() => {
      const prompts = [[config.bosId]];
      kernels.generate(this.readPrompts({ ...WARM_UP_CALLS.sample, prompts }));
      const batch = { ...WARM_UP_CALLS.batch, prompts, completions: [[config.padId]] };
      const sums = kernels.scratch(GRPO_SUMS);
      this.differentiator.grpo(batch, WARM_UP_CALLS.loss, { sequences: 1, tokens: 1 }, sums);
      this.state.adamW(1, WARM_UP_CALLS.adam, kernels.scratch(1));
    });
    kernels.end();
  }

  async sample(request: SampleRequest): Promise<Samples> {
    const { kernels } = this;
    const { samplesPerPrompt: group, maxTokens } = request;
    const { promptTokens: limit = PROMPT_TOKENS, turn } = this.options;
    const rows = request.prompts.length * group;
    const tokens = new Int32Array(rows * maxTokens);
    const logprobs = new Float32Array(rows * maxTokens);
    let from = 0;
    for (const prompts of passes(request.prompts, limit)) {
      const at = from * group * maxTokens;
      const count = prompts.length * group * maxTokens;
      const uniforms = request.uniforms.subarray(at, at + count);
      await turn?.();
      const args = this.readPrompts({ ...request, prompts, uniforms });
      const pass = await (this.options.generate?.(args) ?? kernels.generate(args));
      const drawn = await this.finish(kernels.read(pass));
      tokens.set(drawn.subarray(0, count), at);
      logprobs.set(drawn.subarray(count), at);
      from += prompts.length;
    }
    return { tokens, logprobs, ...this.ends(tokens, maxTokens) };
  }

  /** What decoding begins with. */
  private readPrompts(request: SampleRequest): GenerateArgs<B> {
    const { transformer } = this;
    const theta = this.state.weights;
    const { prompts, samplesPerPrompt: group, maxTokens, uniforms } = request;
    const { temperature, topP, topK } = request;
    const packing = packPrompts(prompts);
    this.transformer.requirePositions(packing.longest + maxTokens - 1);
    const decoded = transformer.decode(theta, packing, 'qkv');
    const lengths = Int32Array.from(prompts, ({ length }) => length);
    let row = -1;
    const last = transformer.pick(
      decoded,
      lengths.map((length) => (row += length)),
    );
    const promptOf = Int32Array.from({ length: prompts.length * group }, (_, i) =>
      Math.floor(i / group),
    );
    return {
      shape: transformer.shape,
      theta,
      offsets: transformer.offsets,
      prompts: decoded.inputs.sequences,
      qkv: decoded.layers.map(({ qkv }) => qkv),
      last,
      lengths,
      rotary: transformer.rotary,
      promptOf,
      maxTokens,
      temperature,
      topP,
      topK,
      uniforms,
    };
  }

  private ends(tokens: Int32Array, maxTokens: number): Pick<Samples, 'lengths' | 'truncated'> {
    const rows = tokens.length / maxTokens;
    const lengths = new Int32Array(rows);
    const truncated = new Uint8Array(rows);
    for (let row = 0; row < rows; row++) {
      const written = tokens.subarray(row * maxTokens, (row + 1) * maxTokens);
      const end = written.indexOf(this.config.eosId);
      truncated[row] = end < 0 ? 1 : 0;
      lengths[row] = end < 0 ? maxTokens : end + 1;
    }
    return { lengths, truncated };
  }

  async update(batch: UpdateBatch, options: UpdateOptions): Promise<UpdateStats> {
    const { kernels } = this;
    const minibatches = options.epochs.flatMap((order) => chunks(order, options.minibatches));
    // Outlives the scratch of each step: read once, at the end.
    const measured = kernels.allocate(
      minibatches.reduce((sum, rows) => sum + rows.length * GRPO_SUMS + 1, 0),
    );
    let at = 0;
    for (const [done, rows] of minibatches.entries()) {
      await this.options.turn?.({ doing: 'learning', done, of: minibatches.length });
      const minibatch = pickRows(batch, rows);
      const length = rows.length * GRPO_SUMS;
      const sums = kernels.part(measured, at, length);
      this.differentiator.grpo(minibatch, options, minibatchSize(minibatch, options), sums);
      this.state.step(options, kernels.part(measured, at + length, 1));
      kernels.end();
      at += length + 1;
    }
    const reading = kernels.read(measured);
    kernels.free(measured);
    const values = await reading;
    at = 0;
    const results = minibatches.map((rows) => {
      const end = at + rows.length * GRPO_SUMS;
      const result = { sums: sumColumns(values.subarray(at, end)), gradNorm: values[end]! };
      at = end + 1;
      return result;
    });
    return updateStats(results);
  }

  /**
   * Gradient and sums of a shard of a minibatch, without a step: those of the shards add up.
   * @returns the flat gradient and `GRPO_SUMS` sums.
   */
  async shardGradient(
    shard: UpdateBatch,
    options: GrpoOptions,
    whole: MinibatchSize,
  ): Promise<{ readonly gradient: Float32Array; readonly sums: readonly number[] }> {
    const { kernels } = this;
    const sums = kernels.scratch(shard.completions.length * GRPO_SUMS);
    this.differentiator.grpo(shard, options, whole, sums);
    const both = Promise.all([kernels.read(this.state.gradient), kernels.read(sums)]);
    const [gradient, values] = await this.finish(both);
    return { gradient, sums: sumColumns(values) };
  }

  /** One AdamW step on a gradient computed elsewhere. Returns its norm before clipping. */
  async applyGradient(gradient: Float32Array, options: AdamWOptions): Promise<number> {
    const { kernels } = this;
    kernels.write(this.state.gradient, gradient);
    const norm = kernels.scratch(1);
    this.state.step(options, norm);
    return (await this.finish(kernels.read(norm)))[0]!;
  }

  /** The loss of a batch taken whole and its gradients, read back: for checks against references. */
  async readGradients(
    batch: UpdateBatch,
    options: GrpoOptions,
  ): Promise<{ readonly loss: number; readonly gradients: readonly NamedTensor[] }> {
    const whole = minibatchSize(batch, options);
    const { gradient, sums } = await this.shardGradient(batch, options, whole);
    return { loss: sums[0]!, gradients: named(trainableSpecs(this.config), gradient) };
  }

  /** log π(token) of every completion token at `temperature`, padded to [batch, longest completion]. */
  async logprobs({ prompts, completions }: SftBatch, temperature: number): Promise<Float32Array> {
    const { args, scored } = this.differentiator.score(
      this.state.weights,
      { prompts, completions },
      temperature,
      'qkv',
    );
    const values = await this.finish(this.kernels.read(args.logprob));
    const time = Math.max(...completions.map(({ length }) => length));
    const padded = new Float32Array(completions.length * time);
    completions.forEach((_, i) => {
      padded.set(values.subarray(scored.starts[i], scored.starts[i + 1]), i * time);
    });
    return padded;
  }

  updateReference(mix: number): Promise<void> {
    this.state.updateReference(mix);
    return Promise.resolve();
  }

  async sftStep(batch: SftBatch, options: AdamWOptions): Promise<SftStats> {
    const { kernels } = this;
    const tokens = countTokens(batch);
    const logprob = this.differentiator.crossEntropy(batch, tokens);
    const norm = kernels.scratch(1);
    this.state.step(options, norm);
    const both = Promise.all([kernels.read(logprob), kernels.read(norm)]);
    const [logprobs, norms] = await this.finish(both);
    return { loss: crossEntropy(logprobs, tokens), gradNorm: norms[0]! };
  }

  /** Gradient of a shard's cross-entropy, without a step; the sum is the shard's part of the loss. */
  async shardSftGradient(
    shard: SftBatch,
    wholeTokens: number,
  ): Promise<{ readonly gradient: Float32Array; readonly sums: readonly number[] }> {
    const { kernels } = this;
    const logprob = this.differentiator.crossEntropy(shard, wholeTokens);
    const both = Promise.all([kernels.read(this.state.gradient), kernels.read(logprob)]);
    const [gradient, logprobs] = await this.finish(both);
    return { gradient, sums: [crossEntropy(logprobs, wholeTokens)] };
  }

  async logits(sequences: readonly TokenIds[]): Promise<Logits> {
    const { kernels, transformer } = this;
    const theta = this.state.weights;
    const { vocabSize, hiddenSize } = this.config;
    const packing = packPrompts(sequences);
    const { hidden } = transformer.decode(theta, packing, 'qkv');
    const { rows } = packing;
    const { normal } = transformer.finalNorm(theta, hidden, rows);
    const out = kernels.scratch(rows * vocabSize);
    const weight = kernels.part(theta, transformer.offsets.head, vocabSize * hiddenSize);
    const shape = { rows, inputs: hiddenSize, outputs: vocabSize };
    kernels.linear({ ...shape, x: normal, weight, residual: null, out });
    const packed = await this.finish(kernels.read(out));
    return unpackLogits(packed, sequences, vocabSize);
  }

  save(part?: SavedPart): Promise<PolicySnapshot> {
    return this.state.save(part);
  }

  load(snapshot: PolicySnapshot): Promise<void> {
    return Promise.resolve().then(() => this.state.load(snapshot));
  }

  dispose(): void {
    this.state.dispose();
    this.transformer.dispose();
  }

  /** Scratch goes back once the reading is asked for: `read` copies what stands there at its call. */
  private finish<T>(reading: Promise<T>): Promise<T> {
    this.kernels.end();
    return reading;
  }
}

function countTokens({ completions }: SftBatch): number {
  return completions.reduce((sum, { length }) => sum + length, 0);
}

function crossEntropy(logprobs: Float32Array, tokens: number): number {
  return -logprobs.reduce((sum, logprob) => sum + logprob, 0) / tokens;
}
