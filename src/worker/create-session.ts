/** Builds sessions: the backend, the policy (shipped, warm-started here, or from files) and the run. */
import type { ExitState } from '../exit/exit.ts';
import { parseExitState } from '../exit/parse-state.ts';
import { createRng } from '../lib/rng.ts';
import { createTokenizer, type Tokenizer } from '../lib/tokenizer.ts';
import type { PolicyConfig } from '../policy/policy.ts';
import { startBackend, type BackendChoice, type BackendOptions } from '../policy/tf/backend.ts';
import { TfPolicy } from '../policy/tf/tf-policy.ts';
import { BASE_FILES, baseCheckpointFor } from '../runs/base-checkpoints.ts';
import { fromFiles, type RunBundle } from '../runs/bundle.ts';
import type { Config } from '../spec/params.ts';
import { taskById } from '../tasks/registry.ts';
import type { Task } from '../tasks/task.ts';
import { Session, type SessionHistory } from './session.ts';
import { WARM_START, warmStart } from './warm-start.ts';

/** Reads a shipped file by its path below `public/`. Rejects if it is not there. */
export type AssetSource = (path: string) => Promise<Uint8Array<ArrayBuffer>>;

export interface Platform extends Omit<BackendOptions, 'requested'> {
  readonly assets: AssetSource;
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

/** A new run. */
export async function createSession(config: Config, platform: Platform): Promise<Session> {
  const backend = await start(config, platform);
  const task = taskById(config.task);
  const tokenizer = createTokenizer(task.vocabulary);
  const folder = config.init === 'base' ? baseCheckpointFor(config) : undefined;
  const { policy, origin } =
    folder === undefined
      ? await fromScratch(config, { task, tokenizer, platform })
      : await fromFolder(folder, { tokenizer, platform });
  const context = { task, tokenizer, policy, clock: platform.clock };
  return new Session({ config, backend, context, origin });
}

/**
 * A run from exported files: an interrupted one goes on where it was, bare weights begin a new run
 * with `config`.
 * @throws Error that says what does not fit; nothing is left behind.
 */
export async function restoreSession(
  bundle: RunBundle,
  fallback: Config,
  platform: Platform,
): Promise<Session> {
  const config = bundle.run?.config ?? shapedLike(fallback, bundle.snapshot.config);
  const task = taskById(config.task);
  const tokenizer = createTokenizer(task.vocabulary);
  checkWords(bundle.words, tokenizer, 'tokenizer.json');
  const resumed = bundle.run && historyOf(bundle.run, bundle.rows, { task, tokenizer });
  const backend = await start(config, platform);
  const policy = await TfPolicy.from(bundle.snapshot);
  const context = { task, tokenizer, policy, clock: platform.clock };
  const origin = resumed ? `imported run, step ${resumed.state.step}` : 'imported weights';
  return new Session({ config, backend, context, origin, ...(resumed && { resumed }) });
}

async function start(config: Config, platform: Platform): Promise<BackendChoice> {
  await platform.onLoading('Starting the backend', 0, 1);
  return startBackend({ ...platform, requested: config.backend });
}

/** What the parts of building a policy share. */
interface Build {
  readonly task: Task;
  readonly tokenizer: Tokenizer;
  readonly platform: Platform;
}

interface Built {
  readonly policy: TfPolicy;
  readonly origin: string;
}

async function fromFolder(
  folder: string,
  { tokenizer, platform }: Omit<Build, 'task'>,
): Promise<Built> {
  await platform.onLoading('Fetching the base policy', 0, 1);
  const files = await Promise.all(
    BASE_FILES.map(async (path) => ({ path, bytes: await platform.assets(`${folder}/${path}`) })),
  );
  const { snapshot, words } = fromFiles(files);
  checkWords(words, tokenizer, `${folder}/tokenizer.json`);
  return { policy: await TfPolicy.from(snapshot), origin: `base policy ${folder}` };
}

async function fromScratch(config: Config, { task, tokenizer, platform }: Build): Promise<Built> {
  const rng = createRng(config.seed).fork('warm start');
  const shape = policyConfigFor(config, task, tokenizer);
  const policy = TfPolicy.initialise(shape, rng.fork('weights'));
  const { warmStartSteps: steps } = config;
  try {
    await warmStart({
      ...WARM_START,
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
  return { policy, origin: `random weights, ${steps} warm-start steps` };
}

function historyOf(
  { marks, evaluations, exitState }: NonNullable<RunBundle['run']>,
  rows: RunBundle['rows'],
  domain: Pick<Build, 'task' | 'tokenizer'>,
): SessionHistory {
  const state = parseExitState(exitState);
  state.buffer.entries.forEach((entry, i) => checkEntry(entry, i, domain));
  return { state, rows, marks, evaluations };
}

/** A history that cannot be written as a prompt would fail in the middle of a later step. */
function checkEntry(
  { instance, history, mode }: ExitState['buffer']['entries'][number],
  index: number,
  { task, tokenizer }: Pick<Build, 'task' | 'tokenizer'>,
): void {
  try {
    tokenizer.encode(task.prompt(instance, history, mode));
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`run.json: exitState.buffer.entries[${index}]: ${problem}`, { cause });
  }
}

function checkWords(words: readonly string[], tokenizer: Tokenizer, file: string): void {
  const at = tokenizer.words.findIndex((word, id) => words[id] !== word);
  const length = tokenizer.words.length;
  if (at < 0 && words.length === length) return;
  const found = at < 0 ? `${words.length} words` : `"${words[at]}" at id ${at}`;
  const expected = at < 0 ? `${length}` : `"${tokenizer.words[at]}"`;
  throw new Error(`${file}: got ${found}, expected ${expected} as this task's vocabulary has`);
}

/** The configuration with the model's shape taken from the weights. */
function shapedLike(config: Config, shape: PolicyConfig): Config {
  const { hiddenSize, numLayers, numHeads, intermediateSize, tieEmbeddings } = shape;
  return { ...config, hiddenSize, numLayers, numHeads, intermediateSize, tieEmbeddings };
}
