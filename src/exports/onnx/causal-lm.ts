/**
 * A policy as an ONNX file that other programs generate with: inputs and outputs are named as Optimum's
 * `text-generation-with-past` names them (https://github.com/huggingface/optimum-onnx), which transformers.js
 * and `ORTModelForCausalLM` look for.
 *
 * Inputs, int64: `input_ids` [batch, time], `attention_mask` [batch, past + time], 1 where a token counts,
 * `position_ids` [batch, time], below `maxPositions`. With a cache also, float32:
 * `past_key_values.<layer>.key` and `.value` [batch, heads, past, headDim], of which `past` may be 0.
 * Outputs, float32: `logits` [batch, time, vocab]; with a cache `present.<layer>.key` and `.value`.
 */
import type { NamedTensor, PolicyConfig } from '../../model/policy.ts';
import { ropeFrequencies } from '../../model/rope.ts';
import { CACHE_PARTS, Decoder, type CachePart, type DecoderInputs } from './decoder.ts';
import { GraphWriter } from './graph-writer.ts';
import { writeModel, type Graph, type GraphTensor } from './model.ts';

interface Options {
  /** Whether keys and values go in and come out; without it, every token is read each time. */
  readonly cache: boolean;
}

/** What the graph follows of a policy's shape: whatever else a policy may say would make other logits. */
const FOLLOWED = {
  vocabSize: true,
  hiddenSize: true,
  intermediateSize: true,
  numLayers: true,
  numHeads: true,
  headDim: true,
  maxPositions: true,
  rmsNormEps: true,
  ropeTheta: true,
  tieEmbeddings: true,
  bosId: true,
  eosId: true,
  padId: true,
  numKeyValueHeads: true,
  attentionBias: true,
  queryKeyNorm: true,
  ropeScaling: true,
} as const satisfies Record<Exclude<keyof PolicyConfig, 'lora'>, true>;

/**
 * @throws Error naming the field that the graph does not follow, or the weight that is missing or that the
 * decoder has no use for.
 */
export function writeCausalLm(
  config: PolicyConfig,
  weights: readonly NamedTensor[],
  options: Options,
): Uint8Array<ArrayBuffer> {
  const other = Object.keys(config).find((field) => !Object.hasOwn(FOLLOWED, field));
  if (other !== undefined) throw new Error(`onnx: a policy with "${other}" cannot be written`);
  return writeModel(causalLmGraph(config, weights, options));
}

function causalLmGraph(
  config: PolicyConfig,
  weights: readonly NamedTensor[],
  { cache }: Options,
): Graph {
  const graph = new GraphWriter();
  const decoder = new Decoder(graph, config, weights);
  const hidden = decoder.layers('input_ids', {
    ...rotaryTables(graph, config),
    mask: causalMask(graph),
    grow: cache ? growingCache(graph) : (_layer, _part, fresh) => fresh,
  });
  decoder.head(hidden, 'logits');
  decoder.refuseUnused();
  const layers = cache ? Array.from({ length: config.numLayers }, (_, layer) => layer) : [];
  const tensors = (name: 'past_key_values' | 'present', length: string): GraphTensor[] =>
    layers.flatMap((layer) => {
      const heads = decoder.keyValueHeads(layer);
      return cacheTensors({ name, length, layer, heads, headDim: config.headDim });
    });
  return {
    name: 'decoder',
    nodes: graph.nodes,
    initializers: graph.initializers,
    inputs: [...TOKEN_INPUTS, ...tensors('past_key_values', 'past_sequence_length')],
    outputs: [
      {
        name: 'logits',
        type: 'float32',
        axes: ['batch_size', 'sequence_length', config.vocabSize],
      },
      ...tensors('present', 'total_sequence_length'),
    ],
  };
}

const TOKEN_INPUTS: readonly GraphTensor[] = [
  { name: 'input_ids', type: 'int64', axes: ['batch_size', 'sequence_length'] },
  { name: 'attention_mask', type: 'int64', axes: ['batch_size', 'total_sequence_length'] },
  { name: 'position_ids', type: 'int64', axes: ['batch_size', 'sequence_length'] },
];

interface CacheTensors {
  readonly name: 'past_key_values' | 'present';
  readonly length: string;
  readonly layer: number;
  readonly heads: number;
  readonly headDim: number;
}

function cacheTensors({ name, length, layer, heads, headDim }: CacheTensors): GraphTensor[] {
  return CACHE_PARTS.map((part) => ({
    name: `${name}.${layer}.${part}`,
    type: 'float32',
    axes: ['batch_size', heads, length, headDim],
  }));
}

function growingCache(graph: GraphWriter): DecoderInputs['grow'] {
  return (layer: number, part: CachePart, fresh: string) =>
    graph.node('Concat', [`past_key_values.${layer}.${part}`, fresh], { axis: 2 }, [
      `present.${layer}.${part}`,
    ]);
}

/** Rows of tables over all positions, computed in float64: [batch, 1, time, headDim]. */
function rotaryTables(graph: GraphWriter, config: PolicyConfig): { cos: string; sin: string } {
  const { headDim, maxPositions } = config;
  const frequencies = ropeFrequencies(config);
  const angles = Array.from(
    { length: maxPositions * headDim },
    (_, at) => Math.floor(at / headDim) * frequencies[(at % headDim) % (headDim / 2)]!,
  );
  const shape = [maxPositions, headDim];
  const axis = graph.integers([1]);
  const rows = (name: string, f: (angle: number) => number): string => {
    const table = graph.constant({ name, shape, values: Float32Array.from(angles, f) });
    return graph.node('Unsqueeze', [graph.node('Gather', [table, 'position_ids']), axis]);
  };
  return { cos: rows('rotary_cos', Math.cos), sin: rows('rotary_sin', Math.sin) };
}

/** Finite, so that a row of padding, which sees nothing, stays a number. */
const UNSEEN = -1e9;

/** [batch, 1, time, keys]: 0 where a token sees a key, which is no later one and counts. */
function causalMask(graph: GraphWriter): string {
  const [zero, one] = [graph.integers([0], []), graph.integers([1], [])];
  const sizeOf = (input: string): string =>
    graph.node('Gather', [graph.node('Shape', [input]), one]);
  const keys = sizeOf('attention_mask');
  const past = graph.node('Sub', [keys, sizeOf('input_ids')]);
  const keyAt = graph.node('Range', [zero, keys, one]); // [keys]
  const queryAt = graph.node('Range', [past, keys, one]); // [time]
  const queries = graph.node('Unsqueeze', [queryAt, graph.integers([1])]); // [time, 1]
  const isNoLater = graph.node('LessOrEqual', [keyAt, queries]); // [time, keys]
  const counts = graph.node('Greater', ['attention_mask', zero]);
  const perKey = graph.node('Unsqueeze', [counts, graph.integers([1, 2])]); // [batch, 1, 1, keys]
  const isSeen = graph.node('And', [isNoLater, perKey]);
  return graph.node('Where', [isSeen, graph.scalar(0), graph.scalar(UNSEEN)]);
}
