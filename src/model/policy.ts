/**
 * The only interface between the algorithm and the numerics. No tensor crosses it: typed arrays and numbers
 * only, token ids in, log-probabilities in nats out.
 */
import type { LoraTarget } from '../schema/lora-targets.ts';

/** Shape of a Llama decoder, named after the fields of Hugging Face's `LlamaConfig`. */
export interface PolicyConfig {
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly numLayers: number;
  readonly numHeads: number;
  readonly headDim: number;
  readonly maxPositions: number;
  readonly rmsNormEps: number;
  readonly ropeTheta: number;
  readonly tieEmbeddings: boolean;
  /** Pairs of keys and values, each shared by as many queries; divides `numHeads`, which it is if absent. */
  readonly numKeyValueHeads?: number;
  /** Biases on queries, keys and values, as in Qwen 2. */
  readonly attentionBias?: boolean;
  /** RMSNorm of every query and key over `headDim` before their rotation, as in Qwen 3. */
  readonly queryKeyNorm?: boolean;
  /** Absent where rotary positions are not scaled. */
  readonly ropeScaling?: RopeScaling;
  /** What is trained in the place of the weights, which stay as they are. */
  readonly lora?: LoraConfig;
  readonly bosId: number;
  readonly eosId: number;
  readonly padId: number;
}

export type { LoraTarget };

/** Low-rank adapters: W + alpha / rank · B·A. Source: arXiv 2106.09685. */
export interface LoraConfig {
  readonly rank: number;
  readonly alpha: number;
  readonly targets: readonly LoraTarget[];
}

/** How Llama 3 stretches rotary positions beyond the context that it was first trained on. */
export interface RopeScaling {
  /** Divides the lowest frequencies. */
  readonly factor: number;
  /** Of wavelengths, as parts of `originalMaxPositions`: longer than the first are scaled, shorter than the second are not. */
  readonly lowFreqFactor: number;
  readonly highFreqFactor: number;
  readonly originalMaxPositions: number;
}

export type TokenIds = readonly number[];

export interface SampleRequest {
  /** N prompts, ragged, `<bos>` included. */
  readonly prompts: readonly TokenIds[];
  /** G completions of each prompt; row n·G + g is completion g of prompt n. */
  readonly samplesPerPrompt: number;
  /** C, `<eos>` included. */
  readonly maxTokens: number;
  /** τ_s > 0; 0 means greedy. */
  readonly temperature: number;
  /** Nucleus mass in (0, 1]; 1 is off. */
  readonly topP: number;
  /** Candidates kept; 0 is off. */
  readonly topK: number;
  /** [N·G, C] uniforms in [0, 1), row-major: all the randomness there is. Unread when greedy. */
  readonly uniforms: Float32Array;
}

/** How far a call that computes for long has come. */
export interface CallProgress {
  readonly doing: 'sampling' | 'learning';
  /** Tokens of the longest completions, or minibatches. */
  readonly done: number;
  readonly of: number;
}

export interface Samples {
  /** [N·G, C] row-major; `padId` after a row's end. */
  readonly tokens: Int32Array;
  /** [N·G, C] log π(token) at the request's temperature, before top-p and top-k; 0 after a row's end. */
  readonly logprobs: Float32Array;
  /** [N·G] tokens written, `<eos>` included. */
  readonly lengths: Int32Array;
  /** [N·G] 1 where no `<eos>` came within C tokens. */
  readonly truncated: Uint8Array;
}

export type LossType = 'grpo' | 'dapo' | 'dr_grpo';
export type ImportanceSampling = 'token' | 'sequence';

export interface UpdateBatch {
  /** B prompts and completions, ragged; completions hold their `<eos>`. */
  readonly prompts: readonly TokenIds[];
  readonly completions: readonly TokenIds[];
  /** Log-probabilities recorded at sampling, one per completion token. */
  readonly oldLogprobs: readonly (readonly number[] | Float32Array)[];
  /** [B] */
  readonly advantages: ArrayLike<number>;
  /** Log-probabilities under the reference; the policy computes them where absent and β > 0. */
  readonly referenceLogprobs?: readonly (readonly number[] | Float32Array)[];
  /** [B] 1 where the completion was cut off: its tokens count nothing when `maskTruncated` is set. */
  readonly truncated: ArrayLike<number>;
}

export interface AdamWOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Decoupled, on all parameters. */
  readonly weightDecay: number;
  /** Global gradient norm is clipped to this; 0 is off. */
  readonly maxGradNorm: number;
}

export interface GrpoOptions {
  readonly lossType: LossType;
  readonly importanceSampling: ImportanceSampling;
  readonly clipLow: number;
  readonly clipHigh: number;
  /** β of the k3 KL estimate to the reference; 0 skips the reference pass. */
  readonly klBeta: number;
  /** Weight of the entropy bonus, mean over completion tokens. */
  readonly entropyCoefficient: number;
  /** Divides the logits, as it did when sampling. */
  readonly temperature: number;
  /** Constant length of `dr_grpo`. */
  readonly maxCompletionLength: number;
  readonly maskTruncated: boolean;
}

export interface UpdateOptions extends AdamWOptions, GrpoOptions {
  /** One permutation of 0 … B-1 per inner epoch (μ = its length): the order minibatches are cut from. */
  readonly epochs: readonly (readonly number[])[];
  readonly minibatches: number;
}

/** Means over all minibatches of an update, weighted by completion tokens. */
export interface UpdateStats {
  readonly loss: number;
  /** k3 estimate against the reference; 0 when β = 0. */
  readonly kl: number;
  /** Mean entropy of the token distribution, nats. */
  readonly entropy: number;
  /** Shares of tokens (or sequences) whose ratio was clipped below, above, either. */
  readonly clipRatioLow: number;
  readonly clipRatioHigh: number;
  readonly clipRatioRegion: number;
  /** Mean over optimizer steps of the global norm before clipping. */
  readonly gradNorm: number;
}

export interface SftBatch {
  readonly prompts: readonly TokenIds[];
  readonly completions: readonly TokenIds[];
}

export interface SftStats {
  /** Mean cross-entropy per completion token, nats. */
  readonly loss: number;
  readonly gradNorm: number;
}

export interface Logits {
  /** [B, T, vocabSize] row-major, float32, unscaled; rows are right-padded to T. */
  readonly values: Float32Array;
  readonly batch: number;
  readonly time: number;
}

/** A parameter under its Hugging Face name, e.g. `model.layers.0.self_attn.q_proj.weight`, [out, in]. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Everything a policy is. `optimizer` and `reference` are absent in weights that came from elsewhere. */
export interface PolicySnapshot {
  readonly config: PolicyConfig;
  readonly weights: readonly NamedTensor[];
  /** With `config.lora`: A and B of every target. */
  readonly adapters?: readonly NamedTensor[];
  readonly optimizer?: {
    readonly step: number;
    /** First and second moments, in the order and shapes of `adapters` or else of `weights`. */
    readonly m: readonly NamedTensor[];
    readonly v: readonly NamedTensor[];
  };
  /** Weights, or with `config.lora` adapters; there the weights alone are meant if it is absent. */
  readonly reference?: readonly NamedTensor[];
}

export type SavedPart = 'all' | 'trained';

export interface Policy {
  readonly config: PolicyConfig;
  sample(request: SampleRequest): Promise<Samples>;
  /** One GRPO update: `epochs.length × minibatches` AdamW steps. */
  update(batch: UpdateBatch, options: UpdateOptions): Promise<UpdateStats>;
  /** θ_ref ← mix·θ_ref + (1 − mix)·θ. */
  updateReference(mix: number): Promise<void>;
  /** One supervised AdamW step on the completions. */
  sftStep(batch: SftBatch, options: AdamWOptions): Promise<SftStats>;
  logits(sequences: readonly TokenIds[]): Promise<Logits>;
  /** @param part `trained` leaves out the weights beneath adapters, which nothing changes. */
  save(part?: SavedPart): Promise<PolicySnapshot>;
  /**
   * Replaces weights, optimizer and reference; beneath adapters the weights stay where a snapshot has none.
   * Throws, and changes nothing, if a name or shape is off.
   */
  load(snapshot: PolicySnapshot): Promise<void>;
  dispose(): void;
}

/** A policy that also shows what it trains by: for checks against references. */
export interface OpenPolicy extends Policy {
  /** log π(token) of every completion token at `temperature`, padded to [batch, longest completion]. */
  logprobs(batch: SftBatch, temperature: number): Promise<Float32Array>;
  /** The loss of a batch taken whole and its gradients. */
  readGradients(
    batch: UpdateBatch,
    options: GrpoOptions,
  ): Promise<{ readonly loss: number; readonly gradients: readonly NamedTensor[] }>;
}
