/**
 * Decoding token by token on a device whose memory the program can see. Rows that have ended leave the
 * batch, so that a step costs what is still being written.
 */
import {
  qkvWidth,
  type CpuKernels,
  type DeviceBuffer,
  type GenerateArgs,
  type Kernels,
} from './kernels.ts';
import { layerForward, newHeadNorm, type LayerContext, type LayerState } from './layer.ts';

/** `Kernels.generate` over single steps. */
export function decodeStepwise<B extends DeviceBuffer>(
  kernels: CpuKernels<B>,
  args: GenerateArgs<B>,
): B {
  const steps = decodeSteps(kernels, args);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** The same, that awaits `turn` before each step, with the number of tokens that each row has so far. */
export async function decodeInTurns<B extends DeviceBuffer>(
  kernels: CpuKernels<B>,
  args: GenerateArgs<B>,
  turn: (tokens: number) => Promise<void>,
): Promise<B> {
  const steps = decodeSteps(kernels, args);
  for (let tokens = 0; ; tokens++) {
    const { done, value } = steps.next();
    if (done) return value;
    await turn(tokens);
  }
}

/** Yields before each step. */
function* decodeSteps<B extends DeviceBuffer>(
  kernels: CpuKernels<B>,
  args: GenerateArgs<B>,
): Generator<undefined, B> {
  const { promptOf, maxTokens, shape } = args;
  const rows = promptOf.length;
  const result = new Float32Array(2 * rows * maxTokens);
  result.fill(shape.padId, 0, rows * maxTokens);
  const decoder = new Decoder(kernels, args);
  decoder.begin();
  // Rows still being written; the cache keeps them where they began.
  let slots: Int32Array = Int32Array.from(promptOf.keys());
  for (let time = 0; slots.length > 0; time++) {
    yield;
    const { tokens, logprobs } = decoder.sampleTokens(slots, time);
    slots.forEach((slot, i) => {
      result[slot * maxTokens + time] = tokens[i]!;
      result[(rows + slot) * maxTokens + time] = logprobs[i]!;
    });
    if (time + 1 === maxTokens) break;
    const open = (_: number, i: number): boolean => tokens[i] !== shape.eosId;
    slots = slots.filter(open);
    if (slots.length > 0) decoder.step(slots, tokens.filter(open), time);
  }
  return kernels.upload(result);
}

/** One set of buffers for all steps, so that they stay in the processor's caches. */
class Decoder<B extends DeviceBuffer> {
  private readonly caches: readonly B[];
  /** Of whichever layer is computed; its `x` becomes the layer's output. */
  private readonly state: LayerState<B>;
  private readonly logits: B;
  private readonly tokens: B;
  private readonly logprobs: B;
  private readonly uniforms: B;
  private readonly promptOf: B;
  private readonly positions: B;
  private readonly slots: B;

  constructor(
    private readonly kernels: CpuKernels<B>,
    private readonly args: GenerateArgs<B>,
  ) {
    const { kvHeads, headDim, vocabSize } = args.shape;
    const rows = args.promptOf.length;
    const matrix = (columns: number): B => kernels.scratch(rows * columns);
    this.caches = args.qkv.map(() => matrix(args.maxTokens * 2 * kvHeads * headDim));
    this.state = decodingState(args, matrix);
    this.logits = matrix(vocabSize);
    this.uniforms = matrix(1);
    [this.tokens, this.logprobs] = [matrix(1), matrix(1)];
    [this.promptOf, this.positions, this.slots] = [matrix(1), matrix(1), matrix(1)];
  }

  /** Logits after each prompt, once for each of its rows. */
  begin(): void {
    const { kernels, args } = this;
    const { vocabSize } = args.shape;
    const { count } = args.prompts;
    const perPrompt = kernels.scratch(count * vocabSize);
    this.head(args.last, perPrompt, count);
    kernels.write(this.promptOf, args.promptOf);
    kernels.gatherRows({
      table: perPrompt,
      indices: this.promptOf,
      rows: args.promptOf.length,
      width: vocabSize,
      out: this.logits,
    });
  }

  /** The next token of each row and its log-probability. */
  sampleTokens(slots: Int32Array, time: number): { tokens: Int32Array; logprobs: Float32Array } {
    const { kernels, tokens, logprobs, logits, uniforms, args } = this;
    const { temperature, topP, topK, maxTokens } = args;
    const rows = slots.length;
    const column = Float32Array.from(slots, (slot) => args.uniforms[slot * maxTokens + time] ?? 0);
    kernels.write(uniforms, column);
    const { vocabSize } = args.shape;
    kernels.sampleTokens({
      rows,
      vocabSize,
      logits,
      uniforms,
      temperature,
      topP,
      topK,
      tokens,
      logprobs,
    });
    return {
      tokens: kernels.ints(tokens).slice(0, rows),
      logprobs: kernels.floats(logprobs).slice(0, rows),
    };
  }

  /** Runs all layers on the last tokens; leaves the logits of the next ones. */
  step(slots: Int32Array, last: Int32Array, time: number): void {
    const { kernels, args } = this;
    const { hiddenSize: width, vocabSize } = args.shape;
    const rows = slots.length;
    const owners = slots.map((slot) => args.promptOf[slot]!);
    kernels.write(this.slots, slots);
    kernels.write(this.promptOf, owners);
    kernels.write(
      this.positions,
      owners.map((prompt) => args.lengths[prompt]! + time),
    );
    kernels.write(this.tokens, last);
    const table = this.weight(args.offsets.embedding, vocabSize * width);
    kernels.gatherRows({ table, indices: this.tokens, rows, width, out: this.state.x });
    args.offsets.blocks.forEach((_, layer) => this.layer(layer, rows, time));
    this.head(this.state.x, this.logits, rows);
  }

  private layer(layer: number, rows: number, time: number): void {
    const { kernels, args, positions, state } = this;
    const { shape, theta, rotary } = args;
    const { heads, kvHeads, headDim } = shape;
    const at = args.offsets.blocks[layer]!;
    const context: LayerContext<B> = {
      ...{ kernels, shape, rotary, rows, positions, theta, at },
      scratch: (length) => kernels.scratch(length),
      attend: ({ qkv, attentionOut }) =>
        kernels.attendStep({
          ...{ rows, heads, kvHeads, headDim, qkv, time, out: attentionOut },
          prompts: args.prompts,
          promptQkv: args.qkv[layer]!,
          promptOf: this.promptOf,
          slots: this.slots,
          cache: this.caches[layer]!,
          capacity: args.maxTokens,
        }),
    };
    layerForward(context, state, state.x);
  }

  private head(x: B, out: B, rows: number): void {
    logitsOf(this.kernels, this.args, { rows, x, state: this.state, out });
  }

  private weight(offset: number, length: number): B {
    return this.kernels.part(this.args.theta, offset, length);
  }
}

interface LogitsArgs<B extends DeviceBuffer> {
  readonly rows: number;
  /** [rows, d] before the final norm. */
  readonly x: B;
  /** Its input norm is used up. */
  readonly state: LayerState<B>;
  /** [rows, V] */
  readonly out: B;
}

/** The final norm and the head. */
export function logitsOf<B extends DeviceBuffer>(
  kernels: Kernels<B>,
  { shape, theta, offsets }: GenerateArgs<B>,
  { rows, x, state, out }: LogitsArgs<B>,
): void {
  const { hiddenSize: width, vocabSize: outputs, rmsNormEps: eps } = shape;
  const { inputNormal: y, inputScale: scale } = state;
  const norm = kernels.part(theta, offsets.norm, width);
  kernels.rmsNorm({ rows, width, eps, x, weight: norm, y, scale });
  const weight = kernels.part(theta, offsets.head, width * outputs);
  kernels.linear({ rows, inputs: width, outputs, x: y, weight, residual: null, out });
}

/** Without what only a gradient needs: both norms leave their results in the same place. */
export function decodingState<B extends DeviceBuffer>(
  { shape, offsets }: GenerateArgs<B>,
  matrix: (columns: number) => B,
): LayerState<B> {
  const { hiddenSize: d, innerSize, heads, headDim } = shape;
  const [x, middle, normal] = [matrix(d), matrix(d), matrix(d)];
  const hasNorm = offsets.blocks.some(({ headNorm }) => headNorm !== null);
  const headNorm = hasNorm ? newHeadNorm(shape, matrix) : null;
  const [qkv, attentionOut] = [matrix(qkvWidth(shape)), matrix(heads * headDim)];
  const [gateUp, gated, scale] = [matrix(2 * innerSize), matrix(innerSize), matrix(1)];
  return {
    ...{ x, middle, headNorm, qkv, attentionOut, gateUp, gated, logSum: scale },
    ...{ inputNormal: normal, postNormal: normal, inputScale: scale, postScale: scale },
  };
}
