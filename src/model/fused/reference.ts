/**
 * The kernels in plain loops: what every device is tested against, and the engine where there is
 * neither WebGPU nor WebAssembly SIMD. Sums are accumulated in float64.
 */
import { sampleToken } from './sample-token.ts';
import { decodeStepwise } from './generate.ts';
import { grpoSlopes } from './grpo.ts';
import { qkvWidth, type CpuKernels, type GenerateArgs, type KernelMemory } from './kernels.ts';
import {
  addScaled,
  attend,
  attentionRowBackward,
  dot,
  firstAndRows,
  keyColumn,
  keysOf,
  logitSlope,
  logSumExp,
  normedHeads,
  range,
  scaledLogits,
  sigmoid,
  type HeapBuffer,
} from './reference-math.ts';

type Args<K extends keyof CpuKernels> = Parameters<CpuKernels<HeapBuffer>[K]>[0];

export class ReferenceKernels implements CpuKernels<HeapBuffer> {
  private readonly kept = new Set<HeapBuffer>();

  allocate(length: number): HeapBuffer {
    const buffer = this.scratch(length);
    this.kept.add(buffer);
    return buffer;
  }

  free(buffer: HeapBuffer): void {
    this.kept.delete(buffer);
  }

  memory(): KernelMemory {
    const bytes = [...this.kept].reduce((sum, { floats }) => sum + floats.byteLength, 0);
    return { buffers: this.kept.size, bytes };
  }

  scratch(length: number): HeapBuffer {
    const floats = new Float32Array(length);
    return { length, floats, ints: new Int32Array(floats.buffer) };
  }

  upload(values: Float32Array | Int32Array): HeapBuffer {
    const buffer = this.scratch(values.length);
    this.write(buffer, values);
    return buffer;
  }

  part(buffer: HeapBuffer, offset: number, length: number): HeapBuffer {
    const at = buffer.floats.byteOffset + offset * Float32Array.BYTES_PER_ELEMENT;
    const { buffer: memory } = buffer.floats;
    return {
      length,
      floats: new Float32Array(memory, at, length),
      ints: new Int32Array(memory, at, length),
    };
  }

  write(buffer: HeapBuffer, values: Float32Array | Int32Array): void {
    (values instanceof Int32Array ? buffer.ints : buffer.floats).set(values);
  }

  fill({ floats }: HeapBuffer, value: number): void {
    floats.fill(value);
  }

  read(buffer: HeapBuffer): Promise<Float32Array> {
    return Promise.resolve(buffer.floats.slice());
  }

  floats(buffer: HeapBuffer): Float32Array {
    return buffer.floats;
  }

  ints(buffer: HeapBuffer): Int32Array {
    return buffer.ints;
  }

  end(): void {
    // Nothing is reused.
  }

  warmUp(): Promise<void> {
    return Promise.resolve();
  }

  dispose(): void {
    this.kept.clear();
  }

  gatherRows({ table, indices, rows, width, out }: Args<'gatherRows'>): void {
    for (let row = 0; row < rows; row++) {
      const from = indices.ints[row]! * width;
      out.floats.set(table.floats.subarray(from, from + width), row * width);
    }
  }

  gatherSum({ from, lists, width, out }: Args<'gatherSum'>): void {
    for (let list = 0; list < lists.count; list++) {
      for (let i = lists.starts.ints[list]!; i < lists.starts.ints[list + 1]!; i++) {
        const row = lists.items.ints[i]! * width;
        for (let c = 0; c < width; c++) out.floats[list * width + c]! += from.floats[row + c]!;
      }
    }
  }

  linear({ rows, inputs, outputs, x, weight, residual, out }: Args<'linear'>): void {
    for (let r = 0; r < rows; r++) {
      for (let o = 0; o < outputs; o++) {
        const sum = dot(x.floats, r * inputs, weight.floats, o * inputs, inputs);
        out.floats[r * outputs + o] = sum + (residual?.floats[r * outputs + o] ?? 0);
      }
    }
  }

  linearInput({ rows, inputs, outputs, dy, dyStride, weight, dx }: Args<'linearInput'>): void {
    const stride = dyStride ?? outputs;
    dx.floats.fill(0, 0, rows * inputs);
    for (let r = 0; r < rows; r++) {
      for (let o = 0; o < outputs; o++) {
        addScaled(dx.floats, r * inputs, {
          scale: dy.floats[r * stride + o]!,
          from: weight.floats,
          at: o * inputs,
          count: inputs,
        });
      }
    }
  }

  linearWeight({ rows, inputs, outputs, dy, dyStride, x, dWeight }: Args<'linearWeight'>): void {
    const stride = dyStride ?? outputs;
    for (let r = 0; r < rows; r++) {
      for (let o = 0; o < outputs; o++) {
        addScaled(dWeight.floats, o * inputs, {
          scale: dy.floats[r * stride + o]!,
          from: x.floats,
          at: r * inputs,
          count: inputs,
        });
      }
    }
  }

  /** Source: arXiv 1910.07467. */
  rmsNorm({ rows, width, eps, x, weight, y, scale }: Args<'rmsNorm'>): void {
    for (let r = 0; r < rows; r++) {
      const at = r * width;
      const s = 1 / Math.sqrt(dot(x.floats, at, x.floats, at, width) / width + eps);
      scale.floats[r] = s;
      for (let c = 0; c < width; c++) y.floats[at + c] = x.floats[at + c]! * s * weight.floats[c]!;
    }
  }

  rmsNormBackward(args: Args<'rmsNormBackward'>): void {
    const { rows, width } = args;
    const [x, weight, dy] = [args.x.floats, args.weight.floats, args.dy.floats];
    for (let r = 0; r < rows; r++) {
      const at = r * width;
      const s = args.scale.floats[r]!;
      let mean = 0; // of dn · n
      for (let c = 0; c < width; c++) mean += dy[at + c]! * weight[c]! * x[at + c]! * s;
      mean /= width;
      for (let c = 0; c < width; c++) {
        const n = x[at + c]! * s;
        args.dx.floats[at + c]! += s * (dy[at + c]! * weight[c]! - n * mean);
        args.dWeight.floats[c]! += dy[at + c]! * n;
      }
    }
  }

  addBias({ rows, width, x, bias }: Args<'addBias'>): void {
    for (let r = 0; r < rows; r++) {
      addScaled(x.floats, r * width, { scale: 1, from: bias.floats, at: 0, count: width });
    }
  }

  normHeads({ rows, eps, x, weight, y, scale, ...shape }: Args<'normHeads'>): void {
    y.floats.set(x.floats.subarray(0, rows * qkvWidth(shape)));
    for (const { at, norm, index } of normedHeads(rows, shape)) {
      const { headDim: width } = shape;
      const s = 1 / Math.sqrt(dot(x.floats, at, x.floats, at, width) / width + eps);
      scale.floats[index] = s;
      for (let c = 0; c < width; c++) {
        y.floats[at + c] = x.floats[at + c]! * s * weight.floats[norm + c]!;
      }
    }
  }

  normHeadsBackward({ rows, ...args }: Args<'normHeadsBackward'>): void {
    const { headDim: width } = args;
    args.dx.floats.set(args.dy.floats.subarray(0, rows * qkvWidth(args)));
    const of = (all: HeapBuffer, at: number, length = width) => this.part(all, at, length);
    for (const { at, norm, index } of normedHeads(rows, args)) {
      args.dx.floats.fill(0, at, at + width);
      this.rmsNormBackward({
        rows: 1,
        width,
        x: of(args.x, at),
        weight: of(args.weight, norm),
        scale: of(args.scale, index, 1),
        dy: of(args.dy, at),
        dx: of(args.dx, at),
        dWeight: of(args.dWeight, norm),
      });
    }
  }

  rotate({ rows, qkv, positions, rotary, inverse, ...shape }: Args<'rotate'>): void {
    const { heads, kvHeads, headDim } = shape;
    const [half, sign] = [headDim / 2, inverse ? -1 : 1];
    for (let r = 0; r < rows; r++) {
      for (let head = 0; head < heads + kvHeads; head++) {
        const at = r * qkvWidth(shape) + head * headDim;
        for (let i = 0; i < half; i++) {
          const angle = positions.ints[r]! * headDim + 2 * i;
          const cos = rotary.floats[angle]!;
          const sin = sign * rotary.floats[angle + 1]!;
          const [a, b] = [qkv.floats[at + i]!, qkv.floats[at + i + half]!];
          qkv.floats[at + i] = a * cos - b * sin;
          qkv.floats[at + i + half] = b * cos + a * sin;
        }
      }
    }
  }

  attention({ sequences, qkv, out, logSum, ...shape }: Args<'attention'>): void {
    const [{ heads, headDim }, stride] = [shape, qkvWidth(shape)];
    for (let r = 0; r < sequences.rows; r++) {
      const keys = keysOf(sequences, r);
      for (let head = 0; head < heads; head++) {
        const column = keyColumn(shape, head);
        const to = (r * heads + head) * headDim;
        logSum.floats[r * heads + head] = attend({
          query: { from: qkv.floats, at: r * stride + head * headDim },
          keys: keys.map((row) => ({ from: qkv.floats, at: row * stride + column })),
          headDim,
          toValue: shape.kvHeads * headDim,
          out: out.floats.subarray(to, to + headDim),
        });
      }
    }
  }

  attentionBackward(args: Args<'attentionBackward'>): void {
    const { sequences, heads } = args;
    args.dQkv.floats.fill(0);
    for (let row = 0; row < sequences.rows; row++) {
      const keys = keysOf(sequences, row);
      for (let head = 0; head < heads; head++) attentionRowBackward(args, { row, head, keys });
    }
  }

  swiglu({ rows, inner, gateUp, out }: Args<'swiglu'>): void {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < inner; c++) {
        const gate = gateUp.floats[r * 2 * inner + c]!;
        out.floats[r * inner + c] = gate * sigmoid(gate) * gateUp.floats[(r * 2 + 1) * inner + c]!;
      }
    }
  }

  swigluBackward({ rows, inner, gateUp, dOut, dGateUp }: Args<'swigluBackward'>): void {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < inner; c++) {
        const [g, u] = [r * 2 * inner + c, (r * 2 + 1) * inner + c];
        const d = dOut.floats[r * inner + c]!;
        const s = sigmoid(gateUp.floats[g]!);
        const silu = gateUp.floats[g]! * s;
        dGateUp.floats[g] = d * gateUp.floats[u]! * (s + silu * (1 - s));
        dGateUp.floats[u] = d * silu;
      }
    }
  }

  score(args: Args<'score'>): void {
    for (let r = 0; r < args.rows; r++) {
      const logits = scaledLogits(args, r);
      const total = logSumExp(logits);
      args.logSum.floats[r] = total;
      args.logprob.floats[r] = logits[args.targets.ints[r]!]! - total;
      args.entropy.floats[r] = -logits.reduce(
        (sum, logit) => sum + Math.exp(logit - total) * (logit - total),
        0,
      );
    }
  }

  scoreBackward(args: Args<'scoreBackward'>): void {
    const { hiddenSize: d, hidden, head, dHidden, dHead } = args;
    for (let r = 0; r < args.rows; r++) {
      dHidden.floats.fill(0, r * d, (r + 1) * d);
      scaledLogits(args, r).forEach((logit, token) => {
        const scale = logitSlope(args, { row: r, token, logit });
        const at = token * d;
        addScaled(dHidden.floats, r * d, { scale, from: head.floats, at, count: d });
        if (dHead) addScaled(dHead.floats, at, { scale, from: hidden.floats, at: r * d, count: d });
      });
    }
  }

  grpo({ tokens, sequences, options, counted, ...args }: Args<'grpo'>): void {
    args.sums.floats.fill(0);
    grpoSlopes({
      options,
      counted,
      starts: args.starts.ints.subarray(0, sequences + 1),
      logprob: args.logprob.floats.subarray(0, tokens),
      entropy: args.entropy.floats,
      old: args.old.floats,
      reference: args.reference?.floats ?? null,
      mask: args.mask.floats,
      advantages: args.advantages.floats,
      weights: args.weights.floats,
      dLogprob: args.dLogprob.floats,
      dEntropy: args.dEntropy.floats,
      sums: args.sums.floats,
    });
  }

  /** Source: arXiv 1711.05101; order of operations as in `torch.optim.AdamW`. */
  adamW({ size, theta, gradient, m, v, step, options, norm }: Args<'adamW'>): void {
    const { learningRate, beta1, beta2, epsilon, weightDecay, maxGradNorm } = options;
    const length = Math.sqrt(dot(gradient.floats, 0, gradient.floats, 0, size));
    norm.floats[0] = length;
    const scale = maxGradNorm > 0 ? Math.min(1, maxGradNorm / (length + 1e-6)) : 1;
    const rate = learningRate / (1 - beta1 ** step);
    const correction = Math.sqrt(1 - beta2 ** step);
    for (let i = 0; i < size; i++) {
      const g = gradient.floats[i]! * scale;
      const first = beta1 * m.floats[i]! + (1 - beta1) * g;
      const second = beta2 * v.floats[i]! + (1 - beta2) * g * g;
      m.floats[i] = first;
      v.floats[i] = second;
      const update = (rate * first) / (Math.sqrt(second) / correction + epsilon);
      theta.floats[i] = theta.floats[i]! * (1 - learningRate * weightDecay) - update;
    }
  }

  addScaled({ size, from, to, scale }: Args<'addScaled'>): void {
    addScaled(to.floats, 0, { scale, from: from.floats, at: 0, count: size });
  }

  blend({ size, from, to, mix }: Args<'blend'>): void {
    for (let i = 0; i < size; i++) {
      to.floats[i] = mix * to.floats[i]! + (1 - mix) * from.floats[i]!;
    }
  }

  generate(args: GenerateArgs<HeapBuffer>): HeapBuffer {
    return decodeStepwise(this, args);
  }

  attendStep(args: Args<'attendStep'>): void {
    const { heads, kvHeads, headDim, capacity, time, cache, qkv, promptQkv } = args;
    const [width, kvWidth, stride] = [heads * headDim, kvHeads * headDim, qkvWidth(args)];
    for (let r = 0; r < args.rows; r++) {
      const slot = args.slots.ints[r]! * capacity;
      const own = qkv.floats.subarray(r * stride + width, (r + 1) * stride);
      cache.floats.set(own, (slot + time) * 2 * kvWidth);
      const [start, length] = firstAndRows(args.prompts, args.promptOf.ints[r]!);
      const keys = [
        ...range(start, length).map((row) => ({
          from: promptQkv.floats,
          at: row * stride + width,
        })),
        ...range(slot, time + 1).map((row) => ({ from: cache.floats, at: row * 2 * kvWidth })),
      ];
      for (let head = 0; head < heads; head++) {
        const at = r * width + head * headDim;
        const column = keyColumn(args, head) - width;
        attend({
          query: { from: qkv.floats, at: r * stride + head * headDim },
          keys: keys.map((key) => ({ from: key.from, at: key.at + column })),
          headDim,
          toValue: kvWidth,
          out: args.out.floats.subarray(at, at + headDim),
        });
      }
    }
  }

  sampleTokens({ rows, vocabSize, logits, ...args }: Args<'sampleTokens'>): void {
    for (let r = 0; r < rows; r++) {
      const row = logits.floats.subarray(r * vocabSize, (r + 1) * vocabSize);
      const { token, logprob } = sampleToken(row, args.uniforms.floats[r]!, args);
      args.tokens.ints[r] = token;
      args.logprobs.floats[r] = logprob;
    }
  }
}
