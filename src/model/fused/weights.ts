/** Where the weights lie, and the constants of a model that kernels need. */
import { paramSpecs, sizeOf } from '../parameters.ts';
import type { PolicyConfig } from '../policy.ts';
import type { BlockOffsets, DecoderShape, WeightOffsets } from './kernels.ts';

/** Offsets into the canonical order of parameters.ts. */
export function weightOffsets(config: PolicyConfig): WeightOffsets {
  const at = new Map<string, number>();
  let size = 0;
  for (const { name, shape } of paramSpecs(config)) {
    at.set(name, size);
    size += sizeOf(shape);
  }
  const of = (name: string): number => at.get(`${name}.weight`)!;
  const embedding = of('model.embed_tokens');
  const blocks = Array.from({ length: config.numLayers }, (_, i): BlockOffsets => {
    const part = (name: string): number => of(`model.layers.${i}.${name}`);
    return {
      inputNorm: part('input_layernorm'),
      qkv: part('self_attn.q_proj'),
      output: part('self_attn.o_proj'),
      postNorm: part('post_attention_layernorm'),
      gateUp: part('mlp.gate_proj'),
      down: part('mlp.down_proj'),
    };
  });
  const head = config.tieEmbeddings ? embedding : of('lm_head');
  return { embedding, blocks, norm: of('model.norm'), head, size };
}

export function decoderShape(config: PolicyConfig): DecoderShape {
  return {
    hiddenSize: config.hiddenSize,
    innerSize: config.intermediateSize,
    heads: config.numHeads,
    headDim: config.headDim,
    vocabSize: config.vocabSize,
    rmsNormEps: config.rmsNormEps,
    eosId: config.eosId,
    padId: config.padId,
  };
}

/**
 * [positions, headDim / 2, 2] cosines and sines. In float64 first: float32 sines of large angles differ
 * between devices.
 */
export function rotaryTable(
  { headDim, ropeTheta }: Pick<PolicyConfig, 'headDim' | 'ropeTheta'>,
  positions: number,
): Float32Array {
  const table = new Float32Array(positions * headDim);
  for (let position = 0; position < positions; position++) {
    for (let i = 0; i < headDim; i += 2) {
      const angle = position * ropeTheta ** (-i / headDim);
      table[position * headDim + i] = Math.cos(angle);
      table[position * headDim + i + 1] = Math.sin(angle);
    }
  }
  return table;
}
