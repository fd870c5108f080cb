/**
 * What a device must be able to do for the decoder, its gradient and its optimizer. `transformer.ts`
 * calls these in order and knows no device; a device implements them and knows no transformer.
 *
 * Matrices are row-major float32, token ids and indices int32. `=` overwrites, `+=` adds to what stands
 * there. Within one call no two arguments overlap or are parts of one buffer, unless it says so.
 * Calls may be queued: only `read` waits.
 */
import type { AdamWOptions, GrpoOptions } from '../policy.ts';

/** A run of 4-byte numbers on the device. */
export interface DeviceBuffer {
  readonly length: number;
}

export interface KernelMemory {
  readonly buffers: number;
  readonly bytes: number;
}

/**
 * Tokens of many sequences packed without padding, each distinct prompt once and right after it the
 * completions that continue it. A token sees its whole prefix, the tokens before it in its own
 * sequence, and itself.
 */
export interface Sequences<B extends DeviceBuffer> {
  /** R: all tokens. */
  readonly rows: number;
  /** S: prompts and completions. */
  readonly count: number;
  /**
   * [S, 6]: first row; rows; first row and rows of the prefix; first row and rows of the sequences that
   * continue this one (they are contiguous). A prompt has no prefix, a completion no followers.
   */
  readonly table: B;
  /** [R] the sequence of each row. */
  readonly sequenceOf: B;
  /** Most rows of a sequence, its prefix included. */
  readonly longest: number;
}

export const SEQUENCE_FIELDS = 6;

/** n lists of indices: list i is `items[starts[i] … starts[i + 1])`. */
export interface IndexLists<B extends DeviceBuffer> {
  readonly count: number;
  /** [n + 1] */
  readonly starts: B;
  readonly items: B;
}

/** y = x·Wᵀ, W as [out, in]. */
export interface LinearShape {
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
}

/**
 * A row of `qkv` holds `heads` queries, `kvHeads` keys and as many values, `headDim` numbers each: Q in
 * all. Query h meets key and value ⌊h · kvHeads / heads⌋. W = heads · headDim.
 */
export interface HeadShape {
  readonly heads: number;
  /** Divides `heads`. */
  readonly kvHeads: number;
  readonly headDim: number;
}

/** Q of `HeadShape`. */
export function qkvWidth({ heads, kvHeads, headDim }: HeadShape): number {
  return (heads + 2 * kvHeads) * headDim;
}

/** dy [rows, outputs], which may be columns of a wider matrix. */
export interface OutputGradient<B extends DeviceBuffer> {
  readonly dy: B;
  /** Numbers from a row of dy to the next; `outputs` if absent. */
  readonly dyStride?: number;
}

export interface AttentionShape<B extends DeviceBuffer> extends HeadShape {
  readonly sequences: Sequences<B>;
}

/** Rows of hidden states scored against the head. */
export interface ScoreArgs<B extends DeviceBuffer> {
  readonly rows: number;
  readonly hiddenSize: number;
  readonly vocabSize: number;
  /** [rows, d] after the final norm. */
  readonly hidden: B;
  /** [V, d] */
  readonly head: B;
  /** [rows] */
  readonly targets: B;
  /** Divides the logits. */
  readonly temperature: number;
  /** [rows] log π(target). */
  readonly logprob: B;
  /** [rows] entropy, nats. */
  readonly entropy: B;
  /** [rows] log Σ exp(logits / temperature), for the backward pass. */
  readonly logSum: B;
}

/** Per sequence and token; tokens of a sequence are contiguous. */
export interface GrpoArgs<B extends DeviceBuffer> {
  readonly tokens: number;
  readonly sequences: number;
  /** [sequences + 1] first token of each. */
  readonly starts: B;
  /** [tokens] each. `reference` is absent when β = 0. `mask` is 0 where a token counts nothing. */
  readonly logprob: B;
  readonly entropy: B;
  readonly old: B;
  readonly reference: B | null;
  readonly mask: B;
  /** [sequences] */
  readonly advantages: B;
  /** [sequences] w of each token: the loss is Σ w · mask · (per-token loss). */
  readonly weights: B;
  /** Tokens that count, at least 1: divides the entropy. */
  readonly counted: number;
  readonly options: GrpoOptions;
  /** [tokens] = dloss / dlogprob and dloss / dentropy. */
  readonly dLogprob: B;
  readonly dEntropy: B;
  /** [sequences, GRPO_SUMS] = sums over the tokens of each sequence. */
  readonly sums: B;
}

/** Columns of `GrpoArgs.sums`: loss (entropy bonus included), k3, entropy, clipped below, above, tokens. */
export const GRPO_SUMS = 6;

/** Where each weight stands in the flat parameter vector. */
export interface BlockOffsets {
  readonly inputNorm: number;
  /** q, k and v stand together: [Q, d]. */
  readonly qkv: number;
  /** [Q], where there are biases. */
  readonly qkvBias: number | null;
  /** [2, headDim] of queries and of keys, where these are normalised. */
  readonly headNorm: number | null;
  readonly output: number;
  readonly postNorm: number;
  /** Gate and up stand together: [2·F, d]. */
  readonly gateUp: number;
  readonly down: number;
}

export interface WeightOffsets {
  readonly embedding: number;
  readonly blocks: readonly BlockOffsets[];
  readonly norm: number;
  readonly head: number;
  readonly size: number;
}

/** Low-rank adapters of a projection: where they stand in the flat vector of all adapters. */
export interface AdapterOffsets {
  /** A [rank, in] and B [out, rank]. */
  readonly a: number;
  readonly b: number;
  readonly outputs: number;
  /** Its first column in the output of the product that it is part of. */
  readonly column: number;
}

/** Of a block, by the products that `BlockOffsets` lists. */
export interface BlockAdapters {
  readonly qkv: readonly AdapterOffsets[];
  readonly output: readonly AdapterOffsets[];
  readonly gateUp: readonly AdapterOffsets[];
  readonly down: readonly AdapterOffsets[];
}

export interface AdapterLayout {
  readonly rank: number;
  /** alpha / rank. */
  readonly scale: number;
  readonly blocks: readonly BlockAdapters[];
  readonly size: number;
}

/** Shapes that every kernel of a decode step needs. */
export interface DecoderShape extends HeadShape {
  readonly hiddenSize: number;
  readonly innerSize: number;
  readonly vocabSize: number;
  readonly rmsNormEps: number;
  readonly eosId: number;
  readonly padId: number;
}

export interface GenerateArgs<B extends DeviceBuffer> {
  readonly shape: DecoderShape;
  readonly theta: B;
  readonly offsets: WeightOffsets;
  /** The prompts alone, each once. */
  readonly prompts: Sequences<B>;
  /** Per layer [R, Q] queries, keys and values of the prompts, rotated. */
  readonly qkv: readonly B[];
  /** [prompts, d] last hidden state of each prompt, before the final norm. */
  readonly last: B;
  /** [prompts] tokens of each prompt: the position of the first new token. */
  readonly lengths: Int32Array;
  /** [positions, headDim / 2, 2] cosines and sines. */
  readonly rotary: B;
  /** [rows] prompt of each row, ascending. */
  readonly promptOf: Int32Array;
  readonly maxTokens: number;
  /** 0 is greedy. */
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  /** [rows, maxTokens] in [0, 1). */
  readonly uniforms: Float32Array;
}

export interface Kernels<B extends DeviceBuffer = DeviceBuffer> {
  /** Zeros that live until `free`. */
  allocate(length: number): B;
  free(buffer: B): void;
  /** Undefined contents that live until the next `end`. */
  scratch(length: number): B;
  /** Scratch with these contents. */
  upload(values: Float32Array | Int32Array): B;
  part(buffer: B, offset: number, length: number): B;
  write(buffer: B, values: Float32Array | Int32Array): void;
  fill(buffer: B, value: number): void;
  /** The contents as all earlier calls leave them; the buffer may be given back as soon as this returns. */
  read(buffer: B): Promise<Float32Array>;
  /** Gives all scratch back. */
  end(): void;
  /** Buffers that `allocate` gave and `free` has not taken back; bytes that the device holds in all. */
  memory(): KernelMemory;
  /** Makes ready for such calls without doing them: a shader takes seconds to compile. */
  warmUp(calls: () => void): Promise<void>;
  dispose(): void;

  /** out [n, width] = rows `indices` [n] of `table`. */
  gatherRows(args: { table: B; indices: B; rows: number; width: number; out: B }): void;
  /** out [lists, width] += the sum of the rows of `from` in each list. */
  gatherSum(args: { from: B; lists: IndexLists<B>; width: number; out: B }): void;

  /** out [rows, outputs] = x·Wᵀ, plus `residual` [rows, outputs] if given. */
  linear(args: LinearShape & { x: B; weight: B; residual: B | null; out: B }): void;
  /** dx [rows, inputs] = dy·W. */
  linearInput(args: LinearShape & OutputGradient<B> & { weight: B; dx: B }): void;
  /** dWeight [outputs, inputs] += dyᵀ·x. */
  linearWeight(args: LinearShape & OutputGradient<B> & { x: B; dWeight: B }): void;

  /** x [rows, width] += bias [width]. */
  addBias(args: { rows: number; width: number; x: B; bias: B }): void;

  /** y = x · scale · weight with scale [rows] = 1 / √(mean x² + ε). */
  rmsNorm(args: {
    rows: number;
    width: number;
    eps: number;
    x: B;
    weight: B;
    y: B;
    scale: B;
  }): void;
  /** dx += the gradient through the norm (what stands there came through the residual); dWeight +=. */
  rmsNormBackward(args: {
    rows: number;
    width: number;
    x: B;
    weight: B;
    scale: B;
    dy: B;
    dx: B;
    dWeight: B;
  }): void;

  /**
   * y [rows, Q] = x with each query and key normalised as in `rmsNorm`, over headDim; values as they are.
   * weight [2, headDim] of queries and of keys; scale [rows, heads + kvHeads].
   */
  normHeads(args: HeadShape & { rows: number; eps: number; x: B; weight: B; y: B; scale: B }): void;
  /** dx [rows, Q] = the gradient through `normHeads`; dWeight [2, headDim] +=. */
  normHeadsBackward(
    args: HeadShape & {
      rows: number;
      x: B;
      weight: B;
      scale: B;
      dy: B;
      dx: B;
      dWeight: B;
    },
  ): void;

  /**
   * Rotates queries and keys of `qkv` [rows, Q] in place to `positions` [rows], by Hugging Face's
   * halves: (a, b) at i and i + headDim / 2 → (a·cos − b·sin, b·cos + a·sin). `inverse` rotates back.
   */
  rotate(
    args: HeadShape & { rows: number; qkv: B; positions: B; rotary: B; inverse: boolean },
  ): void;

  /** out [R, W]; logSum [R, heads] of the scaled scores, for the backward pass. */
  attention(args: AttentionShape<B> & { qkv: B; out: B; logSum: B }): void;
  /** dQkv [R, Q] =. */
  attentionBackward(
    args: AttentionShape<B> & { qkv: B; out: B; logSum: B; dOut: B; dQkv: B },
  ): void;

  /** out [rows, F] = silu(gate) · up of gateUp [rows, 2·F]. */
  swiglu(args: { rows: number; inner: number; gateUp: B; out: B }): void;
  /** dGateUp [rows, 2·F] =. */
  swigluBackward(args: { rows: number; inner: number; gateUp: B; dOut: B; dGateUp: B }): void;

  score(args: ScoreArgs<B>): void;
  /**
   * dHidden [rows, d] =, dHead [V, d] += unless the head is not trained. `logprob`, `entropy` and `logSum`
   * as `score` left them.
   */
  scoreBackward(
    args: ScoreArgs<B> & { dLogprob: B; dEntropy: B; dHidden: B; dHead: B | null },
  ): void;
  grpo(args: GrpoArgs<B>): void;

  /** One AdamW step, decay on all parameters; norm [1] = the gradient's before clipping. */
  adamW(args: {
    size: number;
    theta: B;
    gradient: B;
    m: B;
    v: B;
    /** Steps taken, this one included. */
    step: number;
    options: AdamWOptions;
    norm: B;
  }): void;
  /** to += scale·from. */
  addScaled(args: { size: number; from: B; to: B; scale: number }): void;
  /** to = mix·to + (1 − mix)·from. */
  blend(args: { size: number; from: B; to: B; mix: number }): void;

  /** [2, rows, maxTokens]: tokens (`padId` after the end), then their log-probabilities (0 after it). */
  generate(args: GenerateArgs<B>): B;
}

/** A device whose memory the program can see: it decodes token by token through `generate.ts`. */
export interface CpuKernels<B extends DeviceBuffer = DeviceBuffer> extends Kernels<B> {
  /** The contents themselves, not a copy; valid until the next allocation of any kind. */
  floats(buffer: B): Float32Array;
  ints(buffer: B): Int32Array;
  /**
   * One new token for each of `rows` sequences in the middle of decoding: writes its key and value to
   * the cache at `time` and attends to its prompt, the cache, and itself.
   */
  attendStep(
    args: HeadShape & {
      rows: number;
      /** [rows, Q], rotated. */
      qkv: B;
      prompts: Sequences<B>;
      /** [R, Q] of the prompts. */
      promptQkv: B;
      /** [rows] each: prompt, and place in the cache. */
      promptOf: B;
      slots: B;
      /** [slots, capacity, 2 · kvHeads · headDim] keys and values. */
      cache: B;
      capacity: number;
      /** New tokens in the cache before this one. */
      time: number;
      /** [rows, W] */
      out: B;
    },
  ): void;
  /**
   * Samples one token per row by inversion of the cumulative distribution: the number of tokens whose
   * cumulative probability is at most uniform · total. Top-k, then top-p set probabilities to 0 (a token
   * stays while the mass before it, in falling order, is below topP; ties with the last that stays
   * stay). Temperature 0 takes the largest logit. `logprobs` [rows] are before top-k and top-p, at the
   * temperature (unscaled logits when it is 0).
   */
  sampleTokens(args: {
    rows: number;
    vocabSize: number;
    logits: B;
    uniforms: B;
    temperature: number;
    topP: number;
    topK: number;
    /** [rows] ids. */
    tokens: B;
    logprobs: B;
  }): void;
}
