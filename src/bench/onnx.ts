/**
 * onnxruntime-web, on wasm and one thread, which only samples: the runtime runs a decoder step after
 * step, and what it gives back is drawn from here, as apps do.
 */
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import type { PolicyConfig } from '../model/policy.ts';
import type { Engine, PreparedEngine, SampleWork, Workload } from './engine.ts';
import { CACHE_PARTS, type CachePart } from '../exports/onnx/decoder.ts';
import { writeModel } from '../exports/onnx/model.ts';
import { cacheName, decoderGraph } from './onnx/decoder.ts';

/** @param wasm where a browser finds the binary; Node finds it itself. */
export function onnxWasm(wasm?: string): Engine {
  return {
    id: 'onnx-wasm',
    label: 'onnxruntime-web, wasm',
    prepare: async (workload) => {
      env.wasm.numThreads = 1;
      if (wasm !== undefined) env.wasm.wasmPaths = { wasm };
      return createOnnxEngine(workload);
    },
  };
}

async function createOnnxEngine({ config, weights, sample }: Workload): Promise<PreparedEngine> {
  const session = await InferenceSession.create(writeModel(decoderGraph(config, weights)), {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  });
  return {
    sample: () => sampleAll(session, config, sample),
    dispose: () => void session.release(),
  };
}

/** What goes in beside the new tokens. */
type Cache = Readonly<Record<string, Tensor>>;

async function sampleAll(
  session: InferenceSession,
  config: PolicyConfig,
  { prompts, newTokens, uniforms }: SampleWork,
): Promise<Int32Array> {
  const rows = prompts.length;
  const drawn = new Int32Array(rows * newTokens);
  let ids = Int32Array.from(prompts.flat());
  let cache = emptyCache(config, rows);
  let earlier = 0;
  for (let t = 0; t < newTokens; t++) {
    const time = ids.length / rows;
    const results = await session.run({
      ids: new Tensor('int32', ids, [rows, time]),
      ...rotaryTables(config, earlier, time),
      mask: causalMask(earlier, time),
      ...cache,
    });
    const logits = floatsOf(results['logits']);
    ids = Int32Array.from({ length: rows }, (_, row) =>
      draw(
        logits.subarray(row * config.vocabSize, (row + 1) * config.vocabSize),
        uniforms[row * newTokens + t]!,
      ),
    );
    ids.forEach((token, row) => {
      drawn[row * newTokens + t] = token;
    });
    cache = grownCache(config, results);
    earlier += time;
  }
  return drawn;
}

function emptyCache(config: PolicyConfig, rows: number): Cache {
  const shape = [rows, config.numHeads, 0, config.headDim];
  return cacheOf(config, () => new Tensor('float32', new Float32Array(), shape));
}

function grownCache(config: PolicyConfig, results: InferenceSession.ReturnType): Cache {
  return cacheOf(config, (layer, part) => {
    const present = results[cacheName('present', layer, part)];
    if (!present) throw new Error(`onnx: layer ${layer} gave no ${part} back`);
    return present;
  });
}

function cacheOf(
  { numLayers }: PolicyConfig,
  tensor: (layer: number, part: CachePart) => Tensor,
): Cache {
  const cache: Record<string, Tensor> = {};
  for (let layer = 0; layer < numLayers; layer++) {
    for (const part of CACHE_PARTS) {
      cache[cacheName('past', layer, part)] = tensor(layer, part);
    }
  }
  return cache;
}

/** By inversion of the cumulative distribution of `logits` [vocab]. */
function draw(logits: Float32Array, uniform: number): number {
  const largest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  const masses = logits.map((logit) => Math.exp(logit - largest));
  const target = uniform * masses.reduce((sum, mass) => sum + mass, 0);
  let [token, before] = [0, masses[0]!];
  while (before <= target && token < masses.length - 1) before += masses[++token]!;
  return token;
}

/** cos and sin [time, headDim] of positions from `start`; both halves alike. */
function rotaryTables(
  { headDim, ropeTheta }: PolicyConfig,
  start: number,
  time: number,
): { cos: Tensor; sin: Tensor } {
  const half = headDim / 2;
  const angles = Array.from({ length: time * headDim }, (_, at) => {
    const i = (at % headDim) % half;
    return (start + Math.floor(at / headDim)) * ropeTheta ** (-i / half);
  });
  const table = (f: (angle: number) => number): Tensor =>
    new Tensor('float32', Float32Array.from(angles, f), [time, headDim]);
  return { cos: table(Math.cos), sin: table(Math.sin) };
}

/** [time, earlier + time]: −1e9 where a token would see a later one. */
function causalMask(earlier: number, time: number): Tensor {
  const keys = earlier + time;
  const values = Float32Array.from({ length: time * keys }, (_, at) => {
    return at % keys > earlier + Math.floor(at / keys) ? -1e9 : 0;
  });
  return new Tensor('float32', values, [time, keys]);
}

function floatsOf(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array))
    throw new TypeError('onnx: the logits are no floats');
  return tensor.data;
}
