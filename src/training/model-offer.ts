/** What a pretrained model would take here, said before any of its weights is read. */
import { createRng } from '../base/rng.ts';
import { startEngine, WASM_LIMIT } from '../model/engine.ts';
import { parameterCount, sizeOf, trainableSpecs } from '../model/parameters.ts';
import type { LoraConfig, OpenPolicy, PolicyConfig } from '../model/policy.ts';
import { ADAPTER_WEIGHTS } from '../runs/adapters.ts';
import { modelBytes, readerOf, type ModelFiles } from '../runs/model-files.ts';
import { readModelHeads } from '../runs/model-heads.ts';
import type { Config } from '../schema/params.ts';
import { taskInWords } from '../tasks/in-words.ts';
import { taskFor } from '../tasks/registry.ts';
import type { Task } from '../tasks/task.ts';
import { automaticReplicas } from './create-session.ts';
import {
  MemoryLimitError,
  requireMemory,
  trainingFootprint,
  type Planned,
} from './memory-limit.ts';
import { checkPositions } from './open-bundle.ts';

/** How a pretrained model is trained. */
export interface ModelTraining {
  /** Of an answer, the token that ends it included. */
  readonly maxTokens: number;
  /** New adapters, where the model brings none; null trains all weights. */
  readonly lora: LoraConfig | null;
  /** Supervised steps on demonstrations before the first. */
  readonly warmStartSteps?: number;
}

export interface ModelOffer {
  readonly name: string;
  /** As config.json names it. */
  readonly architecture: string;
  readonly parameters: number;
  /** Of those, or of adapters beside them. */
  readonly trained: number;
  /** Tokens that it can read and write together. */
  readonly positions: number;
  readonly vocabulary: number;
  /** Of its files. */
  readonly bytes: number;
  /** At most, over all workers that share the work. */
  readonly memoryBytes: number;
  /** Of one training step, all prompts and answers as long as they may be; an estimate. */
  readonly stepSeconds: number;
  /** Null where the model card says none. */
  readonly licence: string | null;
  /** Why it cannot be trained with these parameters, and which would do; null where it can. */
  readonly problem: string | null;
}

export interface OfferOptions {
  readonly config: Config;
  readonly cores: number | undefined;
  /** Milliseconds. */
  readonly clock: () => number;
}

interface Offered {
  readonly files: ModelFiles;
  readonly name: string;
  readonly training: ModelTraining;
}

/**
 * @throws RunFormatError naming the file of the model that is not as expected, and the field.
 * @throws RefusedError if the domain is not said in words.
 */
export async function offerOf(
  { files, name, training }: Offered,
  { config, cores, clock }: OfferOptions,
): Promise<ModelOffer> {
  const read = readerOf(files);
  const { config: own, architecture, licence } = await readModelHeads(read, files);
  const { readTextTokenizer } = await import('../runs/text-tokenizer.ts');
  const text = await readTextTokenizer(read, own);
  const words = { ...text, words: text.pieces.words };
  const task = taskInWords(
    taskFor(config, () => config),
    words,
    training.maxTokens,
  );
  checkPositions(task, own);
  // Adapters that the model brings have ranks of their own, which are told when it is read.
  const { lora } = training;
  const shape = lora && !files.has(ADAPTER_WEIGHTS) ? { ...own, lora } : own;
  const pace = await paceOf(config, clock);
  const isShared = pace.backend === 'wasm';
  const holders = isShared ? config.replicas || automaticReplicas(cores) : 1;
  const planned = { shape, task, holders };
  return {
    ...{ name, architecture, licence },
    parameters: parameterCount(own),
    trained: trainableSpecs(shape).reduce((sum, spec) => sum + sizeOf(spec.shape), 0),
    positions: own.maxPositions,
    vocabulary: own.vocabSize,
    bytes: modelBytes(files),
    memoryBytes: holders * 4 * trainingFootprint(config, planned).numbers,
    stepSeconds: stepWork(config, shape, task, pace) / holders,
    problem: isShared ? memoryProblemOf(config, planned) : null,
  };
}

function memoryProblemOf(config: Config, planned: Planned): string | null {
  try {
    requireMemory(config, planned, WASM_LIMIT);
    return null;
  } catch (error) {
    if (error instanceof MemoryLimitError) return error.message;
    throw error;
  }
}

/** Seconds for a multiplication and an addition, by what is done. */
interface Pace {
  readonly backend: string;
  readonly sampling: number;
  readonly training: number;
}

/** Wide enough that products of matrices are most of the work, small enough to take no time. */
const PROBE: PolicyConfig = {
  ...{ vocabSize: 1024, hiddenSize: 256, intermediateSize: 768, numLayers: 2, numHeads: 4 },
  ...{ headDim: 64, maxPositions: 64, rmsNormEps: 1e-5, ropeTheta: 10000, tieEmbeddings: true },
  ...{ bosId: 0, eosId: 1, padId: 2 },
};
const PROBE_SIZE = { prompts: 4, samples: 4, promptTokens: 32, tokens: 16 } as const;

/** By what was asked for: a machine is timed once, whatever is then looked at. */
const PACES = new Map<Config['backend'], Pace>();

async function paceOf({ backend }: Config, clock: () => number): Promise<Pace> {
  const known = PACES.get(backend) ?? (await timeEngine(backend, clock));
  PACES.set(backend, known);
  return known;
}

/** A moment's timing of the engine on a decoder of its own; what is trained stays as it is. */
async function timeEngine(backend: Config['backend'], clock: () => number): Promise<Pace> {
  const engine = await startEngine({ requested: backend });
  try {
    const policy = await engine.initialise(PROBE, createRng(0));
    const work = workOf(PROBE, PROBE_SIZE);
    const seconds = await timeProbe(policy, clock);
    policy.dispose();
    return {
      backend: engine.backend.name,
      sampling: seconds.sampling / work.reading,
      training: seconds.training / (TRAINING_TIMES * work.reading),
    };
  } finally {
    engine.dispose();
  }
}

async function timeProbe(policy: OpenPolicy, clock: () => number) {
  const { prompts: count, samples, promptTokens, tokens: maxTokens } = PROBE_SIZE;
  const prompts = Array.from({ length: count }, () => new Array<number>(promptTokens).fill(3));
  const uniforms = new Float32Array(count * samples * maxTokens).fill(0.5);
  const began = clock();
  await policy.sample({
    ...{ prompts, samplesPerPrompt: samples, maxTokens, uniforms },
    ...{ temperature: 1, topP: 1, topK: 0 },
  });
  const sampled = clock();
  const rows = prompts.flatMap((prompt) => new Array<number[]>(samples).fill(prompt));
  await policy.sftStep(
    { prompts: rows, completions: rows.map(() => new Array<number>(maxTokens).fill(3)) },
    { learningRate: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 0 },
  );
  const done = clock();
  const least = 1e-3;
  return {
    sampling: Math.max(least, sampled - began) / 1000,
    training: Math.max(least, done - sampled) / 1000,
  };
}

/** Forward once and backward about twice that. */
const TRAINING_TIMES = 3;

/** Multiplications and additions of reading all prompts and answers once. */
function workOf(
  shape: PolicyConfig,
  size: { prompts: number; samples: number; promptTokens: number; tokens: number },
): { readonly reading: number } {
  const { vocabSize, hiddenSize, lora: _, ...rest } = shape;
  const embedding = vocabSize * hiddenSize;
  const layers =
    parameterCount({ ...rest, vocabSize, hiddenSize, tieEmbeddings: true }) - embedding;
  const answers = size.prompts * size.samples * size.tokens;
  const all = size.prompts * size.promptTokens + answers;
  return { reading: all * layers + answers * embedding };
}

function stepWork(config: Config, shape: PolicyConfig, task: Task, pace: Pace): number {
  const { batchGroups: prompts, groupSize: samples, innerEpochs } = config;
  const size = { promptTokens: task.maxPromptTokens, tokens: task.maxCompletionTokens };
  const { reading } = workOf(shape, { prompts, samples, ...size });
  return reading * (pace.sampling + innerEpochs * TRAINING_TIMES * pace.training);
}
