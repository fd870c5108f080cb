/**
 * Decoding in single steps of the layers' own kernels, where a sequence does not fit into the memory of a
 * workgroup: real vocabularies and wide models. Nothing is read back in between, so that rows which have
 * ended stay in the batch.
 */
import { decodingState, logitsOf } from '../../fused/generate.ts';
import type { GenerateArgs, Kernels } from '../../fused/kernels.ts';
import { layerForward } from '../../fused/layer.ts';
import { attendStep } from './attend-step.ts';
import type { GpuDevice, GpuSlice } from './device.ts';
import { sample } from './sample.ts';

type Device = Kernels<GpuSlice> & { readonly gpu: GpuDevice };

/** [2, rows, maxTokens] as `Kernels.generate` says. */
export function generateStepwise(kernels: Device, args: GenerateArgs<GpuSlice>): GpuSlice {
  const { shape, offsets, maxTokens, theta } = args;
  const { hiddenSize: width, vocabSize, kvHeads, headDim } = shape;
  const rows = args.promptOf.length;
  const matrix = (columns: number): GpuSlice => kernels.scratch(rows * columns);
  const state = decodingState(args, matrix);
  const [logits, tokens] = [matrix(vocabSize), matrix(1)];
  const result = kernels.scratch(2 * rows * maxTokens + rows);
  const caches = args.qkv.map(() => matrix(maxTokens * 2 * kvHeads * headDim));
  const uniforms = kernels.upload(args.uniforms.subarray(0, rows * maxTokens));
  const promptOf = kernels.upload(args.promptOf);
  const positions = kernels.upload(positionsOf(args));
  const table = kernels.part(theta, offsets.embedding, vocabSize * width);

  const layer = (at: number, time: number): void => {
    const context = {
      ...{ kernels, shape, rotary: args.rotary, rows, theta, at: offsets.blocks[at]! },
      positions: kernels.part(positions, time * rows, rows),
      scratch: (length: number) => kernels.scratch(length),
      attend: ({ qkv, attentionOut }: { qkv: GpuSlice; attentionOut: GpuSlice }) =>
        attendStep(kernels.gpu, {
          ...{ rows, heads: shape.heads, kvHeads, headDim, qkv, time, out: attentionOut },
          ...{ prompts: args.prompts, promptQkv: args.qkv[at]!, promptOf },
          ...{ cache: caches[at]!, capacity: maxTokens },
        }),
    };
    layerForward(context, state, state.x);
  };

  // Once for each prompt, then for each of its rows.
  const { count } = args.prompts;
  const last = kernels.scratch(count * vocabSize);
  logitsOf(kernels, args, { rows: count, x: args.last, state, out: last });
  kernels.gatherRows({ table: last, indices: promptOf, rows, width: vocabSize, out: logits });
  for (let time = 0; time < maxTokens; time++) {
    sample(kernels.gpu, { ...args, ...shape, rows, time, logits, uniforms, tokens, result });
    if (time + 1 === maxTokens) break;
    kernels.gatherRows({ table, indices: tokens, rows, width, out: state.x });
    offsets.blocks.forEach((_, at) => layer(at, time));
    logitsOf(kernels, args, { rows, x: state.x, state, out: logits });
  }
  return kernels.part(result, 0, 2 * rows * maxTokens);
}

/** [maxTokens, rows] */
function positionsOf({ promptOf, lengths, maxTokens }: GenerateArgs<GpuSlice>): Int32Array {
  const starts = Array.from(promptOf, (prompt) => lengths[prompt]!);
  return Int32Array.from({ length: maxTokens * starts.length }, (_, i) => {
    return starts[i % starts.length]! + Math.floor(i / starts.length);
  });
}
