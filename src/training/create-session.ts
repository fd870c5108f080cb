/** Builds sessions: the backend, the policy (shipped, warm-started here, or from files) and the run. */
import type { ExitContext } from '../exit/exit.ts';
import { createRng } from '../base/rng.ts';
import { createTokenizer, type Tokenizer } from '../base/tokenizer.ts';
import { startEngine, type Engine, type EngineOptions } from '../model/engine.ts';
import type { LoraConfig, Policy, PolicyConfig, PolicySnapshot } from '../model/policy.ts';
import type { BaseModel } from '../runs/adapter-run.ts';
import { BASE_FILES, baseCheckpointFor } from '../runs/base-checkpoints.ts';
import { fromFiles, type RunBundle } from '../runs/bundle.ts';
import { readCheckpoint, type ReadFile } from '../runs/checkpoint.ts';
import type { TextTokenizer } from '../runs/text-tokenizer.ts';
import type { Config } from '../schema/params.ts';
import { taskInWords } from '../tasks/in-words.ts';
import { taskFor } from '../tasks/registry.ts';
import type { Task } from '../tasks/task.ts';
import { memoryProblem, MemoryLimitError, requireMemory, type Planned } from './memory-limit.ts';
import { checkPositions, historyOf, openBundle, tokenizerFor } from './open-bundle.ts';
import { Session } from './session.ts';
import { WARM_START, warmStart, warmStartRate } from './warm-start.ts';
import { yieldingPolicy } from './yielding-policy.ts';

/** Reads a shipped file by its path below `public/`. Rejects if it is not there. */
export type AssetSource = (path: string) => Promise<Uint8Array<ArrayBuffer>>;

export interface Platform extends Omit<EngineOptions, 'requested' | 'replicas' | 'admit'> {
  readonly assets: AssetSource;
  /** Processor cores; 1 where it is not known. */
  readonly cores?: number;
  /** Milliseconds. */
  readonly clock: () => number;
  /** Told what is being done, and how far it is. May reject, to stop. */
  readonly onLoading: (message: string, done: number, total: number) => void | Promise<void>;
}

/** The policy's shape for a task's vocabulary. */
export function policyConfigFor(config: Config, task: Task, tokenizer: Tokenizer): PolicyConfig {
  const { hiddenSize, intermediateSize, numLayers, numHeads, tieEmbeddings } = config;
  return {
    vocabSize: tokenizer.words.length,
    hiddenSize,
    intermediateSize,
    numLayers,
    numHeads,
    headDim: hiddenSize / numHeads,
    maxPositions: Math.max(128, 1 + task.maxPromptTokens + task.maxCompletionTokens),
    rmsNormEps: 1e-5,
    ropeTheta: 10000,
    tieEmbeddings,
    bosId: tokenizer.bosId,
    eosId: tokenizer.eosId,
    padId: tokenizer.padId,
  };
}

/**
 * A new run.
 * @param adapt makes of the configured task what is trained on, for experiments.
 */
export async function createSession(
  config: Config,
  platform: Platform,
  adapt: (task: Task) => Task = (task) => task,
): Promise<Session> {
  const live = { config };
  const task = adapt(taskFor(config, () => live.config));
  const shape = policyConfigFor(config, task, createTokenizer(task.vocabulary));
  const { engine, admit } = await start(config, platform, { shape, task });
  const folder = config.init === 'base' ? baseCheckpointFor(config) : undefined;
  const { policy, tokenizer, origin } = await orClose(engine, () =>
    folder === undefined
      ? fromScratch(config, { task, engine, platform })
      : fromFolder(folder, { task, engine, platform }),
  );
  const context = contextOf({ task, tokenizer, policy }, platform);
  return new Session({ config, live, engine, admit, context, origin });
}

/**
 * A run from exported files: an interrupted one goes on where it was, bare weights begin a new run
 * with `fallback`.
 * @param adapt as for a new run: files do not tell.
 * @throws RunFormatError that says what does not fit; nothing is left behind.
 */
export async function restoreSession(
  bundle: RunBundle,
  fallback: Config,
  platform: Platform,
  adapt: (task: Task) => Task = (task) => task,
): Promise<Session> {
  const { config, task, tokenizer, live, resumed } = openBundle(bundle, fallback, adapt);
  const planned = { shape: bundle.snapshot.config, task };
  const { engine, admit } = await start(config, platform, planned);
  const policy = await orClose(engine, () => engine.from(bundle.snapshot));
  const context = contextOf({ task, tokenizer, policy }, platform);
  const origin = resumed ? `imported run, step ${resumed.state.step}` : 'imported weights';
  return new Session({
    ...{ config, live, engine, admit, context, origin },
    ...(resumed && { resumed }),
  });
}

/** A pretrained model: its weights, and the texts that it reads and writes. */
export interface PretrainedModel {
  readonly snapshot: PolicySnapshot;
  readonly text: TextTokenizer;
}

/** @throws RunFormatError naming the file, and what is wrong with it. */
export async function readPretrained(read: ReadFile): Promise<PretrainedModel> {
  const snapshot = await readCheckpoint(read);
  const { readTextTokenizer } = await import('../runs/text-tokenizer.ts');
  const text = await readTextTokenizer(read, snapshot.config);
  // Of several tokens that end, the tokenizer says which one ends an answer.
  return {
    text,
    snapshot: { ...snapshot, config: { ...snapshot.config, eosId: text.pieces.eosId } },
  };
}

export interface ModelOptions {
  /** Of an answer, the one that ends it included. */
  readonly maxTokens: number;
  /** Adapters to be trained; where absent those of the model, or else all weights. */
  readonly lora?: LoraConfig;
  /** Supervised steps on demonstrations before the first; none where absent. */
  readonly warmStartSteps?: number;
  /** What the run is to say of the model. */
  readonly as?: Pick<BaseModel, 'id' | 'name'>;
  /** The run that goes on: its adapters take the place of the model's. */
  readonly earlier?: RunBundle;
}

/**
 * For a model that is read and not trained: without adapters it would have a gradient, moments and a
 * reference as large as itself. These change nothing, since B is 0.
 */
export const READ_ONLY: LoraConfig = { rank: 1, alpha: 1, targets: ['q_proj'] };

/** Examples of a supervised step, which are far longer than those of words. */
const MODEL_WARM_START = { batchSize: 16 } as const;

/**
 * A new run of a pretrained model on a domain in words.
 * @throws RefusedError if the domain is not said in words, or the model is too short for it.
 */
export async function createModelSession(
  { snapshot, text }: PretrainedModel,
  config: Config,
  platform: Platform,
  { maxTokens, lora, warmStartSteps: steps = 0, as, earlier }: ModelOptions,
): Promise<Session> {
  const live = { config };
  const own = taskFor(config, () => live.config);
  const task = taskInWords(own, { ...text, words: text.pieces.words }, maxTokens);
  const adapted = lora && !snapshot.adapters ? { ...snapshot.config, lora } : snapshot.config;
  const former = earlier?.snapshot.config.lora;
  const shape = former ? { ...snapshot.config, lora: former } : adapted;
  checkPositions(task, shape);
  const answers = createTokenizer(own.vocabulary);
  const domain = { task, answers, tokenizer: text.pieces };
  const resumed = earlier?.run && historyOf(earlier.run, earlier.rows, domain);
  const { engine, admit } = await start(config, platform, { shape, task });
  const { adapters, optimizer, reference } = earlier?.snapshot ?? snapshot;
  const policy = await orClose(engine, () =>
    engine.from({
      ...{ config: shape, weights: snapshot.weights },
      ...(adapters && { adapters }),
      ...(optimizer && { optimizer }),
      ...(reference && { reference }),
    }),
  );
  if (steps > 0) {
    await orClose(engine, () =>
      warmStart({
        ...{ ...MODEL_WARM_START, tasks: [task], tokenizer: text.pieces, policy, steps },
        learningRate: config.learningRate,
        rng: createRng(config.seed).fork('warm start'),
        onStep: (step) => platform.onLoading('Warm start on demonstrations', step, steps),
      }),
    );
  }
  const context = contextOf({ ...domain, policy }, platform);
  const model = as && {
    ...{ ...as, maxTokens, pieceKind: text.pieceKind, lora: shape.lora ?? null },
  };
  const origin = as ? `pretrained model ${as.name}` : 'pretrained model';
  return new Session({
    ...{ config, live, engine, admit, context, origin },
    ...(model && { model }),
    ...(resumed && { resumed }),
  });
}

function contextOf(
  parts: Domain & { readonly policy: Policy },
  { clock, pause }: Platform,
): Omit<ExitContext, 'config'> {
  const { task, tokenizer } = parts;
  return {
    task,
    tokenizer,
    policy: pause ? yieldingPolicy(parts.policy, pause) : parts.policy,
    clock,
  };
}

/** An engine that has room for what is planned, and what says whether it still has with other parameters. */
interface Started {
  readonly engine: Engine;
  /** @throws MemoryLimitError */
  readonly admit: (config: Config) => void;
}

/** @throws MemoryLimitError before anything is allocated. */
async function start(
  config: Config,
  platform: Platform,
  planned: Omit<Planned, 'holders'>,
): Promise<Started> {
  await platform.onLoading('Starting the backend', 0, 1);
  const replicas = config.replicas || automaticReplicas(platform.cores);
  let admit: (config: Config) => void = () => undefined;
  const engine = await startEngine({
    ...platform,
    requested: config.backend,
    replicas,
    admit: (limit, holders) => {
      admit = (changed) => requireMemory(changed, { ...planned, holders }, limit);
      admit(config);
    },
  });
  return { engine, admit };
}

/** What fails to stand leaves no worker and no memory behind. */
async function orClose<T>(engine: Engine, build: () => Promise<T>): Promise<T> {
  try {
    return await build();
  } catch (error) {
    engine.dispose();
    const problem = memoryProblem(error);
    throw problem === null ? error : new MemoryLimitError(problem, { cause: error });
  }
}

const MOST_REPLICAS = 8;

/** The page keeps a core for itself where there are more than two. */
export function automaticReplicas(cores = 1): number {
  return cores <= 2 ? cores : Math.min(cores - 1, MOST_REPLICAS);
}

/** What the parts of building a policy share. */
interface Build {
  readonly task: Task;
  readonly engine: Engine;
  readonly platform: Platform;
}

interface Domain {
  readonly task: Task;
  readonly tokenizer: Tokenizer;
}

interface Built {
  readonly policy: Policy;
  readonly tokenizer: Tokenizer;
  readonly origin: string;
}

async function fromFolder(folder: string, { task, engine, platform }: Build): Promise<Built> {
  await platform.onLoading('Fetching the base policy', 0, 1);
  const files = await Promise.all(
    BASE_FILES.map(async (path) => ({ path, bytes: await platform.assets(`${folder}/${path}`) })),
  );
  const { snapshot, words } = fromFiles(files);
  const tokenizer = tokenizerFor(task, words, `${folder}/tokenizer.json`);
  return { policy: await engine.from(snapshot), tokenizer, origin: `base policy ${folder}` };
}

async function fromScratch(config: Config, { task, engine, platform }: Build): Promise<Built> {
  const rng = createRng(config.seed).fork('warm start');
  const tokenizer = createTokenizer(task.vocabulary);
  const shape = policyConfigFor(config, task, tokenizer);
  const policy = await engine.initialise(shape, rng.fork('weights'));
  const { warmStartSteps: steps } = config;
  try {
    await warmStart({
      ...WARM_START,
      learningRate: warmStartRate(config.hiddenSize),
      tasks: [task],
      tokenizer,
      policy,
      rng: rng.fork('examples'),
      steps,
      onStep: (step) => platform.onLoading('Warm start on demonstrations', step, steps),
    });
  } catch (error) {
    policy.dispose();
    throw error;
  }
  // The optimizer starts afresh: its moments belong to another loss.
  const { config: saved, weights } = await policy.save();
  await policy.load({ config: saved, weights });
  return { policy, tokenizer, origin: `random weights, ${steps} warm-start steps` };
}
