/**
 * A stand-in policy: per prompt a table of logits [position, column], every position independent of the
 * words before it, trained by exact gradient ascent on the prompt's mean of A·log π + entropy. No
 * network, so what it can reach is known.
 */
import type {
  Policy,
  PolicyConfig,
  PolicySnapshot,
  SampleRequest,
  UpdateBatch,
  UpdateOptions,
  UpdateStats,
} from '../../model/policy.ts';
import type { Tokenizer } from '../../base/tokenizer.ts';

export interface TabularPolicy extends Policy {
  /** What the algorithm asked for, in order. */
  readonly requests: SampleRequest[];
  readonly updates: { readonly batch: UpdateBatch; readonly options: UpdateOptions }[];
  readonly referenceMixes: number[];
}

export interface TabularOptions {
  readonly tokenizer: Tokenizer;
  /** What it ever writes, beside `<eos>`. */
  readonly words: readonly string[];
  /** Positions in a table: the task's longest completion. */
  readonly maxTokens: number;
}

export function createTabularPolicy({
  tokenizer,
  words,
  maxTokens,
}: TabularOptions): TabularPolicy {
  const columns = [tokenizer.eosId, ...tokenizer.encode(words)];
  const width = columns.length;
  const tables = new Map<string, Float32Array>();
  const tableOf = (prompt: readonly number[]): Float32Array => {
    const key = prompt.join(' ');
    const table = tables.get(key) ?? new Float32Array(maxTokens * width);
    tables.set(key, table);
    return table;
  };
  const probabilitiesAt = (prompt: readonly number[], t: number, temperature = 1): number[] =>
    softmax(tableOf(prompt).subarray(t * width, (t + 1) * width), temperature);

  const policy: TabularPolicy = {
    config: tabularConfig(tokenizer.words.length),
    requests: [],
    updates: [],
    referenceMixes: [],
    async sample(request) {
      policy.requests.push(request);
      const { prompts, samplesPerPrompt, uniforms, temperature } = request;
      const rows = prompts.length * samplesPerPrompt;
      const tokens = new Int32Array(rows * maxTokens);
      const logprobs = new Float32Array(rows * maxTokens);
      const lengths = new Int32Array(rows);
      const truncated = new Uint8Array(rows).fill(1);
      for (let row = 0; row < rows; row++) {
        const prompt = prompts[Math.floor(row / samplesPerPrompt)]!;
        for (let t = 0; t < maxTokens && truncated[row]; t++) {
          const at = row * maxTokens + t;
          const p = probabilitiesAt(prompt, t, temperature);
          const column = inverse(p, uniforms[at]!);
          tokens[at] = columns[column]!;
          logprobs[at] = Math.log(p[column]!);
          lengths[row] = t + 1;
          if (tokens[at] === tokenizer.eosId) truncated[row] = 0;
        }
      }
      return { tokens, logprobs, lengths, truncated };
    },
    async update(batch, options) {
      policy.updates.push({ batch, options });
      let entropy = 0;
      let count = 0;
      const rows = options.epochs.flat();
      const visits = countBy(rows.map((row) => batch.prompts[row]!.join(' ')));
      for (const row of rows) {
        const prompt = batch.prompts[row]!;
        const table = tableOf(prompt);
        const rate = options.learningRate / visits.get(prompt.join(' '))!;
        batch.completions[row]!.forEach((token, t) => {
          const p = probabilitiesAt(prompt, t);
          const h = -p.reduce((sum, value) => sum + value * Math.log(value), 0);
          p.forEach((value, column) => {
            const policyGradient =
              batch.advantages[row]! * (Number(columns[column] === token) - value);
            const entropyGradient = -value * (Math.log(value) + h);
            table[t * width + column]! +=
              rate * (policyGradient + options.entropyCoefficient * entropyGradient);
          });
          entropy += h;
          count++;
        });
      }
      return { ...NO_STATS, entropy: entropy / count };
    },
    updateReference: async (mix) => {
      policy.referenceMixes.push(mix);
    },
    sftStep: () => Promise.reject(new Error('the tabular policy is not warm-started')),
    logits: () => Promise.reject(new Error('the tabular policy has no logits of sequences')),
    async save() {
      const weights = [...tables].map(([name, values]) => ({
        name,
        shape: [maxTokens, width],
        values: values.slice(),
      }));
      return { config: policy.config, weights };
    },
    async load({ weights }: PolicySnapshot) {
      tables.clear();
      for (const { name, values } of weights) tables.set(name, values.slice());
    },
    dispose: () => tables.clear(),
  };
  return policy;
}

const NO_STATS: UpdateStats = {
  loss: 0,
  kl: 0,
  entropy: 0,
  clipRatioLow: 0,
  clipRatioHigh: 0,
  clipRatioRegion: 0,
  gradNorm: 0,
};

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function softmax(logits: Float32Array, temperature: number): number[] {
  const weights = Array.from(logits, (value) => Math.exp(value / temperature));
  const total = weights.reduce((sum, value) => sum + value, 0);
  return weights.map((value) => value / total);
}

function inverse(probabilities: readonly number[], uniform: number): number {
  let left = uniform;
  const index = probabilities.findIndex((p) => (left -= p) < 0);
  return index < 0 ? probabilities.length - 1 : index;
}

function tabularConfig(vocabSize: number): PolicyConfig {
  return {
    vocabSize,
    hiddenSize: 0,
    intermediateSize: 0,
    numLayers: 0,
    numHeads: 0,
    headDim: 0,
    maxPositions: 64,
    rmsNormEps: 0,
    ropeTheta: 0,
    tieEmbeddings: false,
    bosId: 1,
    eosId: 2,
    padId: 0,
  };
}
