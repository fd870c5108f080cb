/** Where the weights lie, and the constants of a model that kernels need. */
import { keyValueHeads, paramSpecs, sizeOf } from '../parameters.ts';
import type { PolicyConfig } from '../policy.ts';
import { ropeFrequencies, type RopeShape } from '../rope.ts';
import type { BlockOffsets, DecoderShape, WeightOffsets } from './kernels.ts';

/** Offsets into the canonical order of parameters.ts. */
export function weightOffsets(config: PolicyConfig): WeightOffsets {
  const at = new Map<string, number>();
  let size = 0;
  for (const { name, shape } of paramSpecs(config)) {
    at.set(name, size);
    size += sizeOf(shape);
  }
  const of = (name: string, kind = 'weight'): number => at.get(`${name}.${kind}`)!;
  const embedding = of('model.embed_tokens');
  const blocks = Array.from({ length: config.numLayers }, (_, i): BlockOffsets => {
    const part = (name: string, kind?: string): number => of(`model.layers.${i}.${name}`, kind);
    return {
      inputNorm: part('input_layernorm'),
      qkv: part('self_attn.q_proj'),
      qkvBias: config.attentionBias ? part('self_attn.q_proj', 'bias') : null,
      headNorm: config.queryKeyNorm ? part('self_attn.q_norm') : null,
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
    kvHeads: keyValueHeads(config),
    headDim: config.headDim,
    vocabSize: config.vocabSize,
    rmsNormEps: config.rmsNormEps,
    eosId: config.eosId,
    padId: config.padId,
  };
}

/** [positions, headDim / 2, 2] cosines and sines. */
export function rotaryTable(config: RopeShape, positions: number): Float32Array {
  const { headDim } = config;
  const frequencies = ropeFrequencies(config);
  const table = new Float32Array(positions * headDim);
  for (let position = 0; position < positions; position++) {
    frequencies.forEach((frequency, i) => {
      const angle = position * frequency;
      table[position * headDim + 2 * i] = Math.cos(angle);
      table[position * headDim + 2 * i + 1] = Math.sin(angle);
    });
  }
  return table;
}
