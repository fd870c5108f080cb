/**
 * Decoding token by token on a device whose memory the program can see. Rows that have ended leave the
 * batch, so that a step costs what is still being written.
 */
import type { DeviceBuffer, CpuKernels, GenerateArgs } from './kernels.ts';

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

/** The same, that awaits `turn` before each step. */
export async function decodeInTurns<B extends DeviceBuffer>(
  kernels: CpuKernels<B>,
  args: GenerateArgs<B>,
  turn: () => Promise<void>,
): Promise<B> {
  const steps = decodeSteps(kernels, args);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await turn();
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
  private readonly x: B;
  private readonly middle: B;
  private readonly normal: B;
  private readonly scale: B;
  private readonly qkv: B;
  private readonly attentionOut: B;
  private readonly gateUp: B;
  private readonly gated: B;
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
    const { hiddenSize: d, innerSize, vocabSize, heads, headDim } = args.shape;
    const rows = args.promptOf.length;
    const width = heads * headDim;
    const matrix = (columns: number): B => kernels.scratch(rows * columns);
    this.caches = args.qkv.map(() => matrix(args.maxTokens * 2 * width));
    [this.x, this.middle, this.normal] = [matrix(d), matrix(d), matrix(d)];
    [this.qkv, this.attentionOut] = [matrix(3 * width), matrix(width)];
    [this.gateUp, this.gated] = [matrix(2 * innerSize), matrix(innerSize)];
    this.logits = matrix(vocabSize);
    [this.scale, this.uniforms] = [matrix(1), matrix(1)];
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
    kernels.gatherRows({ table, indices: this.tokens, rows, width, out: this.x });
    args.offsets.blocks.forEach((_, layer) => this.layer(layer, rows, time));
    this.head(this.x, this.logits, rows);
  }

  private layer(layer: number, rows: number, time: number): void {
    const { kernels, args, x, middle, normal, qkv, attentionOut, gateUp, gated } = this;
    const { hiddenSize: d, innerSize: inner, heads, headDim } = args.shape;
    const at = args.offsets.blocks[layer]!;
    const width = heads * headDim;
    this.norm(x, at.inputNorm, rows);
    this.linear({ rows, inputs: d, outputs: 3 * width }, normal, at.qkv, qkv);
    const { positions } = this;
    kernels.rotate({ rows, heads, headDim, qkv, positions, rotary: args.rotary, inverse: false });
    kernels.attendStep({
      rows,
      heads,
      headDim,
      qkv,
      prompts: args.prompts,
      promptQkv: args.qkv[layer]!,
      promptOf: this.promptOf,
      slots: this.slots,
      cache: this.caches[layer]!,
      capacity: args.maxTokens,
      time,
      out: attentionOut,
    });
    this.linear({ rows, inputs: width, outputs: d, residual: x }, attentionOut, at.output, middle);
    this.norm(middle, at.postNorm, rows);
    this.linear({ rows, inputs: d, outputs: 2 * inner }, normal, at.gateUp, gateUp);
    kernels.swiglu({ rows, inner, gateUp, out: gated });
    this.linear({ rows, inputs: inner, outputs: d, residual: middle }, gated, at.down, x);
  }

  private head(x: B, logits: B, rows: number): void {
    const { hiddenSize: inputs, vocabSize: outputs } = this.args.shape;
    this.norm(x, this.args.offsets.norm, rows);
    this.linear({ rows, inputs, outputs }, this.normal, this.args.offsets.head, logits);
  }

  /** Into `this.normal`. */
  private norm(x: B, offset: number, rows: number): void {
    const { hiddenSize: width, rmsNormEps: eps } = this.args.shape;
    const weight = this.weight(offset, width);
    this.kernels.rmsNorm({ rows, width, eps, x, weight, y: this.normal, scale: this.scale });
  }

  private linear(
    shape: { rows: number; inputs: number; outputs: number; residual?: B },
    x: B,
    offset: number,
    out: B,
  ): void {
    const weight = this.weight(offset, shape.inputs * shape.outputs);
    this.kernels.linear({ residual: null, ...shape, x, weight, out });
  }

  private weight(offset: number, length: number): B {
    return this.kernels.part(this.args.theta, offset, length);
  }
}
