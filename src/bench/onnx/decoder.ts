/**
 * The decoder as a graph that does no more than sampling needs: new tokens after a cache that goes in and
 * comes out grown, logits of the last one alone.
 *
 * Inputs: `ids` [rows, time]; `cos`, `sin` [time, headDim] of their positions; `mask` [time, keys], added
 * to the scores; `past.<layer>.key` and `.value` [rows, heads, past, headDim].
 * Outputs: `logits` [rows, vocab] of the last token; `present.<layer>.key` and `.value`.
 */
import { CACHE_PARTS, Decoder, type CachePart } from '../../exports/onnx/decoder.ts';
import { GraphWriter } from '../../exports/onnx/graph-writer.ts';
import type { Graph, GraphTensor } from '../../exports/onnx/model.ts';
import type { NamedTensor, PolicyConfig } from '../../model/policy.ts';

export function cacheName(when: 'past' | 'present', layer: number, part: CachePart): string {
  return `${when}.${layer}.${part}`;
}

/** @throws Error naming the weight that is missing. */
export function decoderGraph(config: PolicyConfig, weights: readonly NamedTensor[]): Graph {
  const graph = new GraphWriter();
  const decoder = new Decoder(graph, config, weights);
  const hidden = decoder.layers('ids', {
    cos: 'cos',
    sin: 'sin',
    mask: 'mask',
    grow: (layer, part, fresh) =>
      graph.node('Concat', [cacheName('past', layer, part), fresh], { axis: 2 }, [
        cacheName('present', layer, part),
      ]),
  });
  const last = graph.node('Gather', [hidden, graph.integers([-1], [])], { axis: 1 }); // [rows, d]
  decoder.head(last, 'logits');
  const layers = Array.from({ length: config.numLayers }, (_, layer) => layer);
  return {
    name: 'decoder',
    nodes: graph.nodes,
    initializers: graph.initializers,
    inputs: [...inputs(config), ...layers.flatMap((layer) => cache(config, 'past', layer))],
    outputs: [
      { name: 'logits', type: 'float32', axes: ['rows', config.vocabSize] },
      ...layers.flatMap((layer) => cache(config, 'present', layer)),
    ],
  };
}

function inputs({ headDim }: PolicyConfig): GraphTensor[] {
  return [
    { name: 'ids', type: 'int32', axes: ['rows', 'time'] },
    { name: 'cos', type: 'float32', axes: ['time', headDim] },
    { name: 'sin', type: 'float32', axes: ['time', headDim] },
    { name: 'mask', type: 'float32', axes: ['time', 'present'] },
  ];
}

function cache(
  { numHeads, headDim }: PolicyConfig,
  when: 'past' | 'present',
  layer: number,
): GraphTensor[] {
  return CACHE_PARTS.map((part) => ({
    name: cacheName(when, layer, part),
    type: 'float32',
    axes: ['rows', numHeads, when, headDim],
  }));
}
