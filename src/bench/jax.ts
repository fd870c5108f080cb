/**
 * The same work on jax-js, another engine for the browser: one jitted program for a whole training step,
 * one that reads the prompts, one that draws a token.
 */
import {
  blockUntilReady,
  defaultDevice,
  init,
  jit,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
} from '@jax-js/jax';
import type { PolicyConfig, TokenIds } from '../model/policy.ts';
import type { Engine, PreparedEngine, SampleWork, TrainWork, Workload } from './engine.ts';
import {
  attention,
  bindWeights,
  causal,
  decode,
  headLogits,
  rotaryTables,
  type KeyValue,
  type Params,
} from './jax-model.ts';

type Device = 'wasm' | 'webgpu';

export const jaxWasm: Engine = {
  id: 'jax-wasm',
  label: 'jax-js, wasm',
  prepare: (workload) => prepare(workload, 'wasm'),
};

export const jaxWebgpu: Engine = {
  id: 'jax-webgpu',
  label: 'jax-js, WebGPU',
  prepare: (workload) => prepare(workload, 'webgpu'),
};

async function prepare(
  { config, weights, ...work }: Workload,
  device: Device,
): Promise<PreparedEngine> {
  if (!config.tieEmbeddings) throw new Error('jax-js: only a tied head is written for it');
  const available = await init(device);
  if (!available.includes(device)) throw new Error(`jax-js: there is no ${device} here`);
  defaultDevice(device);
  const trainer = createTrainer(config, work.train, bindWeights(config, weights));
  const sampler = createSampler(config, work.sample, bindWeights(config, weights));
  // Another engine may have been prepared for another device since.
  const here = <T>(run: () => Promise<T>): Promise<T> => {
    defaultDevice(device);
    return run();
  };
  return {
    train: () => here(trainer.train),
    sample: () => here(sampler.sample),
    dispose: () => {
      trainer.dispose();
      sampler.dispose();
    },
  };
}

interface Trainer {
  readonly train: () => Promise<number>;
  readonly dispose: () => void;
}

/** Weights and their moments. */
type State = { params: Params; m: Params; v: Params };

function createTrainer(config: PolicyConfig, work: TrainWork, params: Params): Trainer {
  const step = jit(trainingStep(config, work));
  const tokens = tokenArray(work.sequences);
  const zeros = (): Params => tree.map((x: np.Array) => np.zerosLike(x), tree.ref(params));
  let state: State = { params, m: zeros(), v: zeros() };
  let steps = 0;
  const train = async (): Promise<number> => {
    steps += 1;
    const rate = work.learningRate / (1 - work.beta1 ** steps);
    const rootScale = 1 / Math.sqrt(1 - work.beta2 ** steps);
    const [loss, next] = step(state, tokens.ref, rate, rootScale);
    state = await blockUntilReady(next);
    const values: unknown = await loss.data();
    if (!(values instanceof Float32Array)) throw new TypeError('jax-js: the loss is no float32');
    return values[0]!;
  };
  const dispose = (): void => {
    tree.dispose([state, tokens]);
    step.dispose();
  };
  return { train, dispose };
}

type Step = (
  state: State,
  tokens: np.Array,
  rate: np.Array,
  rootScale: np.Array,
) => [loss: np.Array, state: State];

/** Loss, gradients and Adam in one program. */
function trainingStep(config: PolicyConfig, { beta1, beta2, epsilon }: TrainWork): Step {
  const lossAndGradients = valueAndGrad((params: Params, tokens: np.Array) =>
    meanCrossEntropy(config, params, tokens),
  );
  const decay = (beta: number) => (mean: np.Array, x: np.Array) =>
    mean.mul(beta).add(x.mul(1 - beta));
  return ({ params, m, v }, tokens, rate, rootScale) => {
    const [loss, g] = lossAndGradients(tree.ref(params), tokens);
    const first = tree.map(decay(beta1), m, tree.ref(g));
    const second = tree.map(decay(beta2), v, tree.map(np.square, g));
    const move = (p: np.Array, m: np.Array, v: np.Array): np.Array =>
      p.sub(m.mul(rate.ref).div(np.sqrt(v).mul(rootScale.ref).add(epsilon)));
    const moved = tree.map(move, params, tree.ref(first), tree.ref(second));
    tree.dispose([rate, rootScale]);
    return [loss, { params: moved, m: first, v: second }];
  };
}

/**
 * Mean over all next-token predictions of tokens [rows, time]. The last token predicts nothing, but runs
 * along: the SIMD of the wasm backend wants a time that is a multiple of 4.
 */
function meanCrossEntropy(config: PolicyConfig, params: Params, tokens: np.Array): np.Array {
  const [rows = 0, time = 0] = tokens.shape;
  const { embedding, blocks, norm } = params;
  const inputs = { embedding: embedding.ref, blocks };
  const { hidden, keyValues } = decode(config, inputs, tokens.ref, causal(config, time));
  tree.dispose(keyValues);
  const logits = headLogits(config, { embedding, norm }, hidden.slice([], [0, time - 1]));
  const targets = tokens.slice([], [1]).reshape([-1, 1]);
  const hit = targets.equal(np.arange(config.vocabSize).astype(np.int32)); // [predictions, vocab]
  return np
    .where(hit, nn.logSoftmax(logits), 0)
    .sum()
    .div(-rows * (time - 1));
}

interface Sampler {
  readonly sample: () => Promise<Int32Array>;
  readonly dispose: () => void;
}

function createSampler(config: PolicyConfig, work: SampleWork, params: Params): Sampler {
  const { newTokens } = work;
  const rows = work.prompts.length;
  const prompts = tokenArray(work.prompts);
  const time = prompts.shape[1] ?? 0;
  const read = jit(promptReader(config, time, time + newTokens));
  const advance = jit(tokenStep(config, time + newTokens));
  const uniformsAt = (t: number): np.Array =>
    np.array(Float32Array.from({ length: rows }, (_, row) => work.uniforms[row * newTokens + t]!));
  const sample = async (): Promise<Int32Array> => {
    let [token, cache] = read(tree.ref(params), prompts.ref, uniformsAt(0));
    const tokens = [token.ref];
    for (let t = 1; t < newTokens; t++) {
      const position = np.array(time + t - 1, { dtype: np.int32 });
      const [next, written, fresh] = advance(
        tree.ref(params),
        token,
        uniformsAt(t),
        position,
        cache,
      );
      tree.dispose(fresh);
      [token, cache] = [next, written];
      tokens.push(token.ref);
      // Not a readback: what is queued but not run holds the memory of all its intermediate results.
      if (t % QUEUED_TOKENS === 0) await blockUntilReady(token);
    }
    tree.dispose([token, cache]);
    const drawn: unknown = await np.stack(tokens, 1).data();
    if (!(drawn instanceof Int32Array)) throw new TypeError('jax-js: the tokens are no int32');
    return drawn;
  };
  const dispose = (): void => {
    tree.dispose([params, prompts]);
    read.dispose();
    advance.dispose();
  };
  return { sample, dispose };
}

const QUEUED_TOKENS = 8;

/** Reads prompts [rows, time] into a cache of `total` slots and draws the first token. */
function promptReader(
  config: PolicyConfig,
  time: number,
  total: number,
): (params: Params, prompts: np.Array, uniforms: np.Array) => [np.Array, KeyValue[]] {
  const grow = (x: np.Array): np.Array => np.pad(x, { 1: [0, total - time] });
  return ({ embedding, blocks, norm }, prompts, uniforms) => {
    const inputs = { embedding: embedding.ref, blocks };
    const { hidden, keyValues } = decode(config, inputs, prompts, causal(config, time));
    const logits = headLogits(config, { embedding, norm }, hidden.slice([], -1));
    return [draw(logits, uniforms), tree.map(grow, keyValues)];
  };
}

type TokenStep = (
  params: Params,
  token: np.Array,
  uniforms: np.Array,
  position: np.Array,
  cache: KeyValue[],
) => [token: np.Array, cache: KeyValue[], fresh: KeyValue[]];

/**
 * Writes one token into slot `position` of the cache and draws the next. The token's own keys and values
 * are results too, though nobody wants them: so they are computed once, not once per slot, as they would
 * be when fused into the writing.
 */
function tokenStep(config: PolicyConfig, total: number): TokenStep {
  return ({ embedding, blocks, norm }, token, uniforms, position, cache) => {
    const tables = rotaryTables(config, total);
    const row = (table: np.Array): np.Array => np.take(table, position.ref.reshape([1]), 0);
    const slots = np.arange(total).astype(np.int32);
    const here = slots.ref.equal(position.ref).reshape([total, 1, 1]);
    const seen = slots.lessEqual(position.ref);
    const added: KeyValue[] = [];
    const inputs = { embedding: embedding.ref, blocks };
    const { hidden, keyValues } = decode(config, inputs, token.reshape([-1, 1]), {
      rotary: tree.map(row, tables),
      attend: (i, query, fresh) => {
        added.push(tree.ref(fresh));
        const write = (x: np.Array, old: np.Array): np.Array => np.where(here.ref, x, old);
        const { key, value } = tree.map(write, fresh, cache[i]!);
        const attentionOut = attention(query, key.ref, value.ref, seen.ref);
        return { attentionOut, keyValue: { key, value } };
      },
    });
    tree.dispose([here, seen, position]);
    return [draw(headLogits(config, { embedding, norm }, hidden), uniforms), keyValues, added];
  };
}

/** One token per row of logits [rows, vocab]: the number of cumulative probabilities at most its uniform. */
function draw(logits: np.Array, uniforms: np.Array): np.Array {
  const vocabSize = logits.shape[1] ?? 0;
  const cumulative = np.matmul(nn.softmax(logits), triangle(vocabSize));
  const passed = cumulative.lessEqual(uniforms.slice([], null));
  // Counted in floats: the wasm backend of 0.1.25 cannot sum these as integers.
  const count = passed.astype(np.float32).sum(1);
  return np.minimum(count, vocabSize - 1).astype(np.int32);
}

/** Ones on and above the diagonal: the product with it is a cumulative sum, and faster than theirs. */
function triangle(n: number): np.Array {
  const values = Float32Array.from({ length: n * n }, (_, at) => Number(at / n < (at % n) + 1));
  return np.array(values, { shape: [n, n] });
}

/** Equally long rows of tokens, [rows, time]. */
function tokenArray(rows: readonly TokenIds[]): np.Array {
  return np.array(Int32Array.from(rows.flat()), { shape: [rows.length, rows[0]?.length ?? 0] });
}
