/**
 * The transformer in jax-js. A function of jax-js consumes the arrays that it is given: `.ref` keeps one
 * for another use. The functions here follow the same rule.
 */
import { nn, numpy as np, tree } from '@jax-js/jax';
import type { NamedTensor, PolicyConfig } from '../model/policy.ts';

// Types, not interfaces: only those are trees of arrays to the library.
type Block = {
  inputNorm: np.Array;
  query: np.Array;
  key: np.Array;
  value: np.Array;
  output: np.Array;
  postNorm: np.Array;
  gate: np.Array;
  up: np.Array;
  down: np.Array;
};

/** Weights by their roles; every projection is [out, in]. */
export type Params = { embedding: np.Array; blocks: Block[]; norm: np.Array };

/** Keys, rotated already, and values of one block: [rows, time, heads, headDim]. */
export type KeyValue = { key: np.Array; value: np.Array };

/** cos and sin of the rotary angles: [time, 1, headDim]. */
export type Rotary = { cos: np.Array; sin: np.Array };

/** What decides how far the tokens of one pass see. */
export interface Context {
  readonly rotary: Rotary;
  /** Mixed values [rows, time, heads, headDim], and what a later token needs. */
  readonly attend: (
    block: number,
    query: np.Array,
    fresh: KeyValue,
  ) => { attentionOut: np.Array; keyValue: KeyValue };
}

/** Puts weights on the default device. */
export function bindWeights({ numLayers }: PolicyConfig, weights: readonly NamedTensor[]): Params {
  const byName = new Map(weights.map((tensor) => [tensor.name, tensor]));
  const at = (part: string): np.Array => {
    const tensor = byName.get(`model.${part}.weight`);
    if (!tensor) throw new RangeError(`jax-js: the weights lack "model.${part}.weight"`);
    return np.array(tensor.values, { shape: [...tensor.shape] });
  };
  const blocks = Array.from({ length: numLayers }, (_, i) => ({
    inputNorm: at(`layers.${i}.input_layernorm`),
    query: at(`layers.${i}.self_attn.q_proj`),
    key: at(`layers.${i}.self_attn.k_proj`),
    value: at(`layers.${i}.self_attn.v_proj`),
    output: at(`layers.${i}.self_attn.o_proj`),
    postNorm: at(`layers.${i}.post_attention_layernorm`),
    gate: at(`layers.${i}.mlp.gate_proj`),
    up: at(`layers.${i}.mlp.up_proj`),
    down: at(`layers.${i}.mlp.down_proj`),
  }));
  return { embedding: at('embed_tokens'), blocks, norm: at('norm') };
}

/**
 * Runs all blocks over ids [rows, time]: hidden states [rows, time, d] before the final norm. Leaves
 * `params.norm` to the head. The residual stream is flat, [rows · time, d]: products of matrices are
 * tiled better than those of stacks of matrices.
 */
export function decode(
  config: PolicyConfig,
  { embedding, blocks }: Pick<Params, 'embedding' | 'blocks'>,
  ids: np.Array,
  { rotary, attend }: Context,
): { hidden: np.Array; keyValues: KeyValue[] } {
  const { numHeads, headDim, hiddenSize, rmsNormEps: eps } = config;
  const [rows = 0, time = 0] = ids.shape;
  const heads = (x: np.Array): np.Array => x.reshape([rows, time, numHeads, headDim]);
  const keyValues: KeyValue[] = [];
  let x = np.take(embedding, ids.reshape([-1]), 0);
  blocks.forEach((block, i) => {
    const normal = rmsNorm(x.ref, block.inputNorm, eps);
    const query = rotate(heads(linear(normal.ref, block.query)), tree.ref(rotary));
    const key = rotate(heads(linear(normal.ref, block.key)), tree.ref(rotary));
    const value = heads(linear(normal, block.value));
    const { attentionOut, keyValue } = attend(i, query, { key, value });
    keyValues.push(keyValue);
    x = x.add(linear(attentionOut.reshape([rows * time, numHeads * headDim]), block.output));
    const inner = rmsNorm(x.ref, block.postNorm, eps);
    const gated = nn.silu(linear(inner.ref, block.gate)).mul(linear(inner, block.up));
    x = x.add(linear(gated, block.down));
  });
  tree.dispose(rotary);
  return { hidden: x.reshape([rows, time, hiddenSize]), keyValues };
}

/** Logits [rows, vocab] of hidden states, whatever their leading axes; the head is the embedding. */
export function headLogits(
  { hiddenSize, rmsNormEps }: PolicyConfig,
  { embedding, norm }: Pick<Params, 'embedding' | 'norm'>,
  hidden: np.Array,
): np.Array {
  return linear(rmsNorm(hidden.reshape([-1, hiddenSize]), norm, rmsNormEps), embedding);
}

/** x · wᵀ */
function linear(x: np.Array, w: np.Array): np.Array {
  return np.matmul(x, w.transpose());
}

function rmsNorm(x: np.Array, w: np.Array, eps: number): np.Array {
  const root = np.sqrt(np.square(x.ref).mean(-1, { keepdims: true }).add(eps));
  return x.div(root).mul(w);
}

/** Rotary positions, rotate-half, of x [rows, time, heads, headDim]. */
function rotate(x: np.Array, { cos, sin }: Rotary): np.Array {
  const half = (x.shape[3] ?? 0) / 2;
  const a = x.ref.slice([], [], [], [0, half]);
  const b = x.ref.slice([], [], [], [half]);
  return x.mul(cos).add(np.concatenate([b.neg(), a], -1).mul(sin));
}

/** Rotary angles of positions 0 … time − 1, in float64 as ours are. */
export function rotaryTables({ headDim, ropeTheta }: PolicyConfig, time: number): Rotary {
  const angles = Array.from({ length: time * headDim }, (_, at) => {
    const i = (at % headDim) % (headDim / 2);
    return Math.floor(at / headDim) * ropeTheta ** (-(2 * i) / headDim);
  });
  const table = (f: (angle: number) => number): np.Array =>
    np.array(Float32Array.from(angles, f), { shape: [time, 1, headDim] });
  return { cos: table(Math.cos), sin: table(Math.sin) };
}

/** A whole sequence at once: each token sees itself and those before it. */
export function causal(config: PolicyConfig, time: number): Context {
  return {
    rotary: rotaryTables(config, time),
    attend: (_, query, { key, value }) => {
      const seen = np.tri(time, time, 0, { dtype: np.bool });
      return { attentionOut: attention(query, key.ref, value.ref, seen), keyValue: { key, value } };
    },
  };
}

/**
 * Attention over keys and values [rows, keys, heads, headDim] where `seen` broadcasts to [time, keys].
 * The library's `dotProductAttention` does these very steps, but through `einsum`, which asks for
 * Node 22.
 */
export function attention(
  query: np.Array,
  key: np.Array,
  value: np.Array,
  seen: np.Array,
): np.Array {
  const scale = 1 / Math.sqrt(query.shape[3] ?? 1);
  const scores = np.matmul(query.transpose([0, 2, 1, 3]), key.transpose([0, 2, 3, 1])).mul(scale);
  const p = nn.softmax(np.where(seen, scores, -Infinity)); // [rows, heads, time, keys]
  return np.matmul(p, value.transpose([0, 2, 1, 3])).transpose([0, 2, 1, 3]);
}
