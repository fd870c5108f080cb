/** The kernels on WebAssembly SIMD. What they compute stands in `assembly/`; here are their addresses. */
import { sampleToken } from '../../fused/sample-token.ts';
import { decodeStepwise } from '../../fused/generate.ts';
import { grpoSlopes } from '../../fused/grpo.ts';
import {
  qkvWidth,
  type CpuKernels,
  type GenerateArgs,
  type KernelMemory,
} from '../../fused/kernels.ts';
import { Arena, type WasmBuffer } from './arena.ts';
import { instantiateKernels, type KernelExports } from './instance.ts';

type Args<K extends keyof CpuKernels> = Parameters<CpuKernels<WasmBuffer>[K]>[0];

/** Columns of a weight that are packed at once; a multiple of eight. */
const MOST_COLUMNS = 8192;
/** Modes of `multiply`: what the rows of a causal product see. */
const FULL = 0;

export class WasmKernels implements CpuKernels<WasmBuffer> {
  private readonly memoryOf: WebAssembly.Memory;
  private readonly call: KernelExports['call'];
  private readonly arena: Arena;
  /** Work space within a call; as large as any call asked for. */
  private space: WasmBuffer | null = null;

  constructor(exports: KernelExports = instantiateKernels()) {
    this.memoryOf = exports.memory;
    this.call = exports.call;
    this.arena = new Arena(exports.memory);
  }

  allocate(length: number): WasmBuffer {
    return this.arena.allocate(length);
  }

  free(buffer: WasmBuffer): void {
    this.arena.release(buffer);
  }

  scratch(length: number): WasmBuffer {
    return this.arena.scratch(length);
  }

  upload(values: Float32Array | Int32Array): WasmBuffer {
    const buffer = this.scratch(values.length);
    this.write(buffer, values);
    return buffer;
  }

  part({ address }: WasmBuffer, offset: number, length: number): WasmBuffer {
    return { address: address + offset * 4, length };
  }

  write(buffer: WasmBuffer, values: Float32Array | Int32Array): void {
    (values instanceof Int32Array ? this.ints(buffer) : this.floats(buffer)).set(values);
  }

  fill({ address, length }: WasmBuffer, value: number): void {
    this.call.fill(length, address, value);
  }

  read(buffer: WasmBuffer): Promise<Float32Array> {
    return Promise.resolve(this.floats(buffer).slice());
  }

  floats({ address, length }: WasmBuffer): Float32Array {
    return new Float32Array(this.memoryOf.buffer, address, length);
  }

  ints({ address, length }: WasmBuffer): Int32Array {
    return new Int32Array(this.memoryOf.buffer, address, length);
  }

  end(): void {
    this.arena.reset();
  }

  memory(): KernelMemory {
    const { buffers, bytes } = this.arena;
    // The work space is the kernels' own.
    return { buffers: this.space ? buffers - 1 : buffers, bytes };
  }

  warmUp(): Promise<void> {
    return Promise.resolve();
  }

  dispose(): void {
    // The memory goes with its instance.
  }

  gatherRows({ table, indices, rows, width, out }: Args<'gatherRows'>): void {
    this.call.gatherRows(table.address, indices.address, rows, width, out.address);
  }

  gatherSum({ from, lists, width, out }: Args<'gatherSum'>): void {
    const { count, starts, items } = lists;
    this.call.gatherSum(from.address, count, starts.address, items.address, width, out.address);
  }

  linear({ x, weight, residual, out, ...shape }: Args<'linear'>): void {
    const { rows, inputs, outputs } = shape;
    const packed = this.work(this.call.packedSize(inputs, Math.min(outputs, MOST_COLUMNS)));
    // A head of tens of thousands of words is packed in parts; no sum is another.
    for (let from = 0; from < outputs; from += MOST_COLUMNS) {
      const count = Math.min(MOST_COLUMNS, outputs - from);
      const to = out.address + 4 * from;
      this.call.packColumns(weight.address + 4 * from * inputs, inputs, inputs, count, packed);
      const size = [rows, count, inputs, residual ? residual.address + 4 * from : 0, FULL];
      this.call.multiply(x.address, inputs, packed, to, outputs, ...size);
    }
  }

  linearInput({ dy, dyStride, weight, dx, ...shape }: Args<'linearInput'>): void {
    const { rows, inputs, outputs } = shape;
    const packed = this.work(this.call.packedSize(outputs, inputs));
    this.call.packRows(weight.address, inputs, outputs, inputs, packed);
    const size = [rows, inputs, outputs, 0, FULL];
    this.call.multiply(dy.address, dyStride ?? outputs, packed, dx.address, inputs, ...size);
  }

  linearWeight({ dy, dyStride, x, dWeight, ...shape }: Args<'linearWeight'>): void {
    const { rows, inputs, outputs } = shape;
    this.call.multiplyTransposed(
      dy.address,
      dyStride ?? outputs,
      x.address,
      inputs,
      dWeight.address,
      inputs,
      outputs,
      inputs,
      rows,
      this.work(this.call.transposedSpace(outputs, inputs)),
    );
  }

  rmsNorm({ rows, width, eps, x, weight, y, scale }: Args<'rmsNorm'>): void {
    this.call.rmsNorm(rows, width, eps, x.address, weight.address, y.address, scale.address);
  }

  rmsNormBackward({ rows, width, ...buffers }: Args<'rmsNormBackward'>): void {
    const { x, weight, scale, dy, dx, dWeight } = buffers;
    this.call.rmsNormBackward(
      rows,
      width,
      x.address,
      weight.address,
      scale.address,
      dy.address,
      dx.address,
      dWeight.address,
    );
  }

  addBias({ rows, width, x, bias }: Args<'addBias'>): void {
    this.call.addBias(rows, width, x.address, bias.address);
  }

  normHeads({ rows, eps, x, weight, y, scale, ...shape }: Args<'normHeads'>): void {
    const { heads, kvHeads, headDim } = shape;
    const addresses = [x, weight, y, scale].map(({ address }) => address);
    this.call.normHeads(rows, heads, kvHeads, headDim, eps, ...addresses);
  }

  normHeadsBackward({ rows, heads, kvHeads, headDim, ...args }: Args<'normHeadsBackward'>): void {
    const { x, weight, scale, dy, dx, dWeight } = args;
    const addresses = [x, weight, scale, dy, dx, dWeight].map(({ address }) => address);
    this.call.normHeadsBackward(rows, heads, kvHeads, headDim, ...addresses);
  }

  rotate({ rows, heads, kvHeads, headDim, inverse, ...buffers }: Args<'rotate'>): void {
    const { qkv, positions, rotary } = buffers;
    const addresses = [qkv, positions, rotary].map(({ address }) => address);
    this.call.rotate(rows, heads, kvHeads, headDim, ...addresses, inverse ? -1 : 1);
  }

  attention({ sequences, heads, kvHeads, headDim, ...buffers }: Args<'attention'>): void {
    const { qkv, out, logSum } = buffers;
    const { table, count } = sequences;
    const work = this.work(this.call.attentionSpace(table.address, count, headDim));
    this.call.attention(
      table.address,
      count,
      heads,
      kvHeads,
      headDim,
      qkv.address,
      out.address,
      logSum.address,
      work,
    );
  }

  attentionBackward({ sequences, ...args }: Args<'attentionBackward'>): void {
    const { heads, kvHeads, headDim, ...buffers } = args;
    const { table, count, rows } = sequences;
    const { qkv, out, logSum, dOut, dQkv } = buffers;
    const work = this.work(this.call.attentionBackwardSpace(table.address, count, headDim));
    this.call.fill(rows * qkvWidth(args), dQkv.address, 0);
    this.call.attentionBackward(
      table.address,
      count,
      heads,
      kvHeads,
      headDim,
      qkv.address,
      out.address,
      logSum.address,
      dOut.address,
      dQkv.address,
      work,
    );
  }

  swiglu({ rows, inner, gateUp, out }: Args<'swiglu'>): void {
    this.call.swiglu(rows, inner, gateUp.address, out.address);
  }

  swigluBackward({ rows, inner, gateUp, dOut, dGateUp }: Args<'swigluBackward'>): void {
    this.call.swigluBackward(rows, inner, gateUp.address, dOut.address, dGateUp.address);
  }

  score({ rows, hiddenSize, vocabSize, temperature, ...buffers }: Args<'score'>): void {
    const { hidden, head, targets, logprob, entropy, logSum } = buffers;
    this.call.score(
      rows,
      hiddenSize,
      vocabSize,
      hidden.address,
      head.address,
      targets.address,
      1 / temperature,
      logprob.address,
      entropy.address,
      logSum.address,
      this.work(this.call.scoreSpace(rows, hiddenSize, vocabSize)),
    );
  }

  scoreBackward({
    rows,
    hiddenSize,
    vocabSize,
    temperature,
    ...buffers
  }: Args<'scoreBackward'>): void {
    const { hidden, head, targets, entropy, logSum, dLogprob, dEntropy, dHidden, dHead } = buffers;
    this.call.scoreBackward(
      rows,
      hiddenSize,
      vocabSize,
      hidden.address,
      head.address,
      targets.address,
      1 / temperature,
      entropy.address,
      logSum.address,
      dLogprob.address,
      dEntropy.address,
      dHidden.address,
      dHead?.address ?? 0,
      this.work(this.call.scoreSpace(rows, hiddenSize, vocabSize)),
    );
  }

  grpo({ tokens, sequences, options, counted, ...buffers }: Args<'grpo'>): void {
    this.fill(buffers.sums, 0);
    grpoSlopes({
      options,
      counted,
      starts: this.ints(buffers.starts).subarray(0, sequences + 1),
      logprob: this.floats(buffers.logprob).subarray(0, tokens),
      entropy: this.floats(buffers.entropy),
      old: this.floats(buffers.old),
      reference: buffers.reference && this.floats(buffers.reference),
      mask: this.floats(buffers.mask),
      advantages: this.floats(buffers.advantages),
      weights: this.floats(buffers.weights),
      dLogprob: this.floats(buffers.dLogprob),
      dEntropy: this.floats(buffers.dEntropy),
      sums: this.floats(buffers.sums),
    });
  }

  adamW({ size, theta, gradient, m, v, step, options, norm }: Args<'adamW'>): void {
    const { learningRate, beta1, beta2, epsilon, weightDecay, maxGradNorm } = options;
    const length = Math.sqrt(this.call.sumOfSquares(gradient.address, size));
    this.floats(norm)[0] = length;
    const clip = maxGradNorm > 0 ? Math.min(1, maxGradNorm / (length + 1e-6)) : 1;
    this.call.adamW(
      size,
      theta.address,
      gradient.address,
      m.address,
      v.address,
      clip,
      beta1,
      beta2,
      learningRate / (1 - beta1 ** step),
      Math.sqrt(1 - beta2 ** step),
      epsilon,
      1 - learningRate * weightDecay,
    );
  }

  addScaled({ size, from, to, scale }: Args<'addScaled'>): void {
    this.call.addVector(size, from.address, to.address, scale);
  }

  blend({ size, from, to, mix }: Args<'blend'>): void {
    this.call.blend(size, from.address, to.address, mix);
  }

  generate(args: GenerateArgs<WasmBuffer>): WasmBuffer {
    return decodeStepwise(this, args);
  }

  attendStep({ rows, capacity, time, ...args }: Args<'attendStep'>): void {
    const { heads, kvHeads, headDim, ...buffers } = args;
    const { qkv, prompts, promptQkv, promptOf, slots, cache, out } = buffers;
    const work = this.work(this.call.attendStepSpace(rows, headDim, prompts.longest, time));
    this.call.attendStep(
      rows,
      heads,
      kvHeads,
      headDim,
      qkv.address,
      prompts.table.address,
      promptQkv.address,
      promptOf.address,
      slots.address,
      cache.address,
      capacity,
      time,
      out.address,
      work,
    );
  }

  sampleTokens({
    rows,
    vocabSize,
    logits,
    uniforms,
    tokens,
    logprobs,
    ...options
  }: Args<'sampleTokens'>): void {
    const { temperature, topP, topK } = options;
    const all = topP >= 1 && (topK === 0 || topK >= vocabSize);
    if (!all && temperature > 0) {
      return this.sampleTokensFiltered({
        rows,
        vocabSize,
        logits,
        uniforms,
        tokens,
        logprobs,
        ...options,
      });
    }
    this.call.sampleTokens(
      rows,
      vocabSize,
      logits.address,
      uniforms.address,
      1 / (temperature || 1),
      temperature === 0 ? 1 : 0,
      tokens.address,
      logprobs.address,
    );
  }

  /** Top-k and top-p need an order, and are rarely on. */
  private sampleTokensFiltered({ rows, vocabSize, ...args }: Args<'sampleTokens'>): void {
    const [logits, uniforms] = [this.floats(args.logits), this.floats(args.uniforms)];
    const [tokens, logprobs] = [this.ints(args.tokens), this.floats(args.logprobs)];
    for (let row = 0; row < rows; row++) {
      const own = logits.subarray(row * vocabSize, (row + 1) * vocabSize);
      const { token, logprob } = sampleToken(own, uniforms[row]!, args);
      tokens[row] = token;
      logprobs[row] = logprob;
    }
  }

  /** Address of at least so many numbers, valid within one call. */
  private work(length: number): number {
    if (!this.space || this.space.length < length) {
      const before = this.space;
      // Not ours any more, even where there is none to take its place.
      this.space = null;
      if (before) this.arena.release(before);
      this.space = this.arena.allocate(Math.max(length, 2 * (before?.length ?? 0)));
    }
    return this.space.address;
  }
}
