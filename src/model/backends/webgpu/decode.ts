/** Decoding on the device: one dispatch writes several tokens, and nothing is read back in between. */
import { qkvWidth, type DecoderShape, type GenerateArgs } from '../../fused/kernels.ts';
import { decodePlan } from './decode-plan.ts';
import { decodeProgram } from './decode-shader.ts';
import type { GpuSlice, GpuDevice } from './device.ts';
import { isAligned } from './program.ts';

/** Tokens of one dispatch: a few, since a device may stop what runs for seconds. */
const TOKENS = 8;

/** Whether a sequence's state fits into the memory of a workgroup of this device. */
export function fitsWorkgroup({ device }: GpuDevice, shape: DecoderShape): boolean {
  const { hiddenSize, innerSize, heads, headDim, vocabSize } = shape;
  const needed = 2 * hiddenSize + innerSize + qkvWidth(shape) + heads * headDim + 2 * vocabSize;
  const most = device.limits.maxComputeWorkgroupStorageSize / Float32Array.BYTES_PER_ELEMENT;
  return needed <= most;
}

/** [2, rows, maxTokens] as `Kernels.generate` says, of a shape that `fitsWorkgroup`. */
export function generate(gpu: GpuDevice, args: GenerateArgs<GpuSlice>): GpuSlice {
  const { shape, theta, offsets, maxTokens, temperature, topP, topK } = args;
  const { hiddenSize: d, innerSize: inner, heads, kvHeads, headDim, vocabSize: vocab } = shape;
  const rows = args.promptOf.length;
  const layers = offsets.blocks.length;
  const cells = rows * maxTokens;
  const width = qkvWidth(shape);
  const promptLength = args.prompts.rows * width;
  const prompt = gpu.scratch(layers * promptLength + args.last.length);
  args.qkv.forEach((qkv, layer) =>
    gpu.copy(qkv, gpu.part(prompt, layer * promptLength, promptLength)),
  );
  gpu.copy(args.last, gpu.part(prompt, layers * promptLength, args.last.length));
  const tables = gpu.scratch(cells + args.rotary.length);
  gpu.write(gpu.part(tables, 0, cells), args.uniforms.subarray(0, cells));
  gpu.copy(args.rotary, gpu.part(tables, cells, args.rotary.length));
  const numbers = decodePlan(args);
  const plan = gpu.scratch(numbers.length);
  gpu.write(plan, numbers);
  const result = gpu.scratch(2 * cells + rows);
  const buffers = {
    theta,
    plan,
    prompt,
    tables,
    cache: gpu.scratch(layers * cells * 2 * kvHeads * headDim),
    result,
  };
  const [first] = offsets.blocks;
  const has = (offset: number | null | undefined): boolean => typeof offset === 'number';
  const parts = { bias: has(first?.qkvBias), headNorm: has(first?.headNorm) };
  const widths = [width, heads * headDim, inner, parts.headNorm ? headDim : 0];
  const aligned = isAligned(d, theta) && widths.every((size) => size % 4 === 0);
  const sizes = { d, inner, heads, kvHeads, headDim, vocab, layers, ...parts };
  const program = decodeProgram(sizes, aligned);
  for (let begin = 0; begin < maxTokens; begin += TOKENS) {
    gpu.run(program, {
      params: {
        rows,
        maxTokens,
        first: begin,
        end: Math.min(begin + TOKENS, maxTokens),
        promptRows: args.prompts.rows,
        eps: shape.rmsNormEps,
        temperature,
        topP,
        topK,
        eos: shape.eosId,
        pad: shape.padId,
      },
      buffers,
      groups: [rows],
    });
  }
  return gpu.part(result, 0, 2 * cells);
}
