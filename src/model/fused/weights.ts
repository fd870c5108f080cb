/** Where the weights lie, and the constants of a model that kernels need. */
import { adapterSpecs, keyValueHeads, paramSpecs, sizeOf, targetName } from '../parameters.ts';
import type { LoraTarget, PolicyConfig } from '../policy.ts';
import { ropeFrequencies, type RopeShape } from '../rope.ts';
import type {
  AdapterLayout,
  AdapterOffsets,
  BlockAdapters,
  BlockOffsets,
  DecoderShape,
  WeightOffsets,
} from './kernels.ts';

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

/** Offsets into the order of `adapterSpecs`; null without adapters. */
export function adapterLayout(config: PolicyConfig): AdapterLayout | null {
  const { lora } = config;
  if (!lora) return null;
  const at = new Map<string, { readonly offset: number; readonly outputs: number }>();
  let size = 0;
  for (const { name, shape } of adapterSpecs(config)) {
    at.set(name, { offset: size, outputs: shape[0]! });
    size += sizeOf(shape);
  }
  const { numHeads, headDim, intermediateSize } = config;
  const [width, keyWidth] = [numHeads * headDim, keyValueHeads(config) * headDim];
  const blocks = Array.from({ length: config.numLayers }, (_, layer): BlockAdapters => {
    const adapter = (target: LoraTarget, column = 0): AdapterOffsets[] => {
      const name = targetName(layer, target);
      const [a, b] = [at.get(`${name}.lora_A.weight`), at.get(`${name}.lora_B.weight`)];
      return a && b ? [{ a: a.offset, b: b.offset, outputs: b.outputs, column }] : [];
    };
    return {
      qkv: [
        ...adapter('q_proj'),
        ...adapter('k_proj', width),
        ...adapter('v_proj', width + keyWidth),
      ],
      output: adapter('o_proj'),
      gateUp: [...adapter('gate_proj'), ...adapter('up_proj', intermediateSize)],
      down: adapter('down_proj'),
    };
  });
  return { rank: lora.rank, scale: lora.alpha / lora.rank, blocks, size };
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
