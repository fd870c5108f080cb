/** Whole completions, decoded by every device. */
import type { Rng } from '../../base/rng.ts';
import type { PolicyConfig } from '../policy.ts';
import {
  random,
  randomTokens,
  sequencesOf,
  type ConformanceCase,
} from './kernel-conformance.testing.ts';
import { qkvWidth, type DeviceBuffer, type GenerateArgs, type Kernels } from './kernels.ts';
import { packPrompts } from './packing.ts';
import { decoderShape, rotaryTable, weightOffsets } from './weights.ts';

const MODEL = {
  vocabSize: 23,
  numLayers: 2,
  numHeads: 2,
  maxPositions: 64,
  rmsNormEps: 1e-5,
  ropeTheta: 10000,
  bosId: 0,
  eosId: 1,
  padId: 2,
};

const GROUPED = {
  numHeads: 4,
  numKeyValueHeads: 2,
  attentionBias: true,
  queryKeyNorm: true,
};

/** Tokens and log-probabilities of whole completions, some of which end early. */
export const DECODE_CASES = [
  { temperature: 1, topP: 1, topK: 0 },
  { temperature: 0, topP: 1, topK: 0 },
  { temperature: 1.5, topP: 0.6, topK: 0 },
  { temperature: 0.5, topP: 1, topK: 3 },
  { temperature: 1, topP: 0.8, topK: 5 },
].flatMap((drawing) =>
  [
    { headDim: 8, hiddenSize: 16, intermediateSize: 24, tieEmbeddings: true },
    { headDim: 6, hiddenSize: 10, intermediateSize: 14, tieEmbeddings: false },
    { headDim: 8, hiddenSize: 12, intermediateSize: 20, tieEmbeddings: true, ...GROUPED },
  ].map((sizes): ConformanceCase => ({
    name: `a decoder of ${sizes.hiddenSize} at ${JSON.stringify(drawing)}`,
    run: (kernels, rng) => [kernels.generate(decodeArgs(kernels, rng, { ...sizes, ...drawing }))],
  })),
);

interface Decoding extends Partial<PolicyConfig> {
  readonly headDim: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly tieEmbeddings: boolean;
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
}

function decodeArgs<B extends DeviceBuffer>(
  kernels: Kernels<B>,
  rng: Rng,
  { temperature, topP, topK, ...sizes }: Decoding,
): GenerateArgs<B> {
  const config = { ...MODEL, ...sizes };
  const shape = decoderShape(config);
  const lengths = Int32Array.of(3, 40, 11);
  const packing = packPrompts([...lengths].map((length) => randomTokens(length, rng)));
  const offsets = weightOffsets(config);
  const promptOf = Int32Array.of(0, 0, 0, 1, 1, 1, 2, 2, 2);
  const maxTokens = 19;
  return {
    shape,
    theta: kernels.upload(random(rng, offsets.size, 0.8)),
    offsets,
    prompts: sequencesOf(kernels, packing),
    qkv: offsets.blocks.map(() => kernels.upload(random(rng, packing.rows * qkvWidth(shape)))),
    last: kernels.upload(random(rng, lengths.length * shape.hiddenSize)),
    lengths,
    rotary: kernels.upload(rotaryTable(config, config.maxPositions)),
    promptOf,
    maxTokens,
    temperature,
    topP,
    topK,
    uniforms: rng.uniforms(promptOf.length * maxTokens),
  };
}
