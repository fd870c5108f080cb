/** A run as a set of files that other programs can read, and back. */
import { tokenizerOf } from '../base/tokenizer.ts';
import type { PolicyConfig, PolicySnapshot } from '../model/policy.ts';
import type { MetricRow } from '../schema/metrics.ts';
import { checkConfig, DEFAULT_CONFIG, describeIssue, parseParams } from '../schema/params.ts';
import {
  ADAPTER_RUN_FILES,
  BASE_MODEL,
  readAdapterRun,
  toAdapterRunFiles,
  type BaseModel,
} from './adapter-run.ts';
import { decodeText, encodeText, parseJson, RunFormatError, show, toJson } from './checks.ts';
import {
  checkTensors,
  fromHuggingFaceConfig,
  toGenerationConfig,
  toHuggingFaceConfig,
} from './huggingface.ts';
import { checkSize } from './limits.ts';
import { readMetrics, writeMetrics } from './metrics-file.ts';
import { modelCard } from './model-card.ts';
import { checkRows } from './run-checks.ts';
import { readRun, writeRun, type RunContent } from './run-file.ts';
import { CARD, isOfFolder, isSegment, METRICS, RUN, segmentsIn } from './run-paths.ts';
import { readSafetensors, writeSafetensors, type Safetensors } from './safetensors.ts';
import {
  checkWords,
  fromTokenizerJson,
  toTokenizerConfig,
  toTokenizerJson,
} from './tokenizer-json.ts';
import { readTrainingState, writeTrainingState } from './training-state.ts';
import type { BundleFile } from './zip.ts';

export interface RunBundle {
  /** Of a pretrained model adapters alone, without its weights. */
  readonly snapshot: PolicySnapshot;
  /** The pretrained model that is trained; absent where the policy is the run's own. */
  readonly base?: BaseModel;
  /** All words in id order, specials included; those of a pretrained model are its tokenizer's. */
  readonly words: readonly string[];
  /** Absent: weights only. */
  readonly run?: RunContent;
  /** Empty without a run. */
  readonly rows: readonly MetricRow[];
  /** Records of its steps, as segments (`decodeSegment`); absent where they were not kept. */
  readonly steps?: readonly BundleFile[];
  /** Files that were beside it and are not needed; absent if there were none. */
  readonly passedOver?: readonly string[];
}

const WEIGHTS = 'model.safetensors';
const CONFIG = 'config.json';
const TOKENIZER = 'tokenizer.json';
const TOKENIZER_CONFIG = 'tokenizer_config.json';
const GENERATION_CONFIG = 'generation_config.json';
const TRAINING_STATE = 'training_state.safetensors';

const REQUIRED = [WEIGHTS, CONFIG, TOKENIZER] as const;
const KNOWN: readonly string[] = [
  ...REQUIRED,
  TOKENIZER_CONFIG,
  GENERATION_CONFIG,
  RUN,
  METRICS,
  TRAINING_STATE,
  CARD,
  BASE_MODEL,
];

/** They would make other weights of those that are there. */
const CHANGE_WEIGHTS: readonly string[] = ['adapter_config.json', 'adapter_model.safetensors'];

/** Whether a file tells anything of a run: all others are passed over, and need not be read. */
export function isRunFile(path: string): boolean {
  return (
    KNOWN.includes(path) || CHANGE_WEIGHTS.includes(path) || isSegment(path) || isOfFolder(path)
  );
}

/**
 * The files of a bundle. What they say is checked as it will be on reading, so that nothing is exported
 * that could not be imported.
 * @throws RunFormatError naming the file and what is wrong with its content.
 */
export function toFiles(bundle: RunBundle): BundleFile[] {
  const { run, rows } = bundle;
  const files = toFilesWithoutMetrics(bundle);
  if (!run) return files;
  checkRows(rows, run);
  return [...files, text(METRICS, writeMetrics(rows))];
}

/**
 * As `toFiles`, for whoever writes the rows of metrics elsewhere: without `metrics.jsonl`.
 * @throws RunFormatError naming the file and what is wrong with its content.
 */
export function toFilesWithoutMetrics(bundle: RunBundle): BundleFile[] {
  const { snapshot, words, run, base } = bundle;
  if (base) return [...toAdapterRunFiles(base, snapshot), ...trainingFiles(bundle)];
  checkTokens(snapshot.config, checkWords(TOKENIZER, words));
  checkShape(fromHuggingFaceConfig(toHuggingFaceConfig(snapshot.config), CONFIG));
  const temperature = run?.config.temperature ?? 1;
  const json = (path: string, value: unknown): BundleFile =>
    text(path, toJson(path, value, 2) + '\n');
  return [
    { path: WEIGHTS, bytes: writeWeights(snapshot) },
    json(CONFIG, toHuggingFaceConfig(snapshot.config)),
    json(TOKENIZER, toTokenizerJson(words)),
    json(TOKENIZER_CONFIG, toTokenizerConfig(snapshot.config.maxPositions)),
    json(GENERATION_CONFIG, toGenerationConfig(snapshot.config, temperature)),
    ...trainingFiles(bundle),
    text(CARD, modelCard(snapshot.config, run)),
  ];
}

function text(path: string, content: string): BundleFile {
  return { path, bytes: encodeText(content) };
}

function writeWeights({ config, weights }: PolicySnapshot): Uint8Array<ArrayBuffer> {
  return writeSafetensors(checkTensors(WEIGHTS, config, weights));
}

/** What it takes to continue, beyond the policy itself. */
function trainingFiles({ snapshot, run, base, steps = [] }: RunBundle): BundleFile[] {
  const state = writeTrainingState(TRAINING_STATE, snapshot);
  const stateFiles = state ? [{ path: TRAINING_STATE, bytes: state }] : [];
  if (!run) return stateFiles;
  if (!base) checkAgreement(run, snapshot.config);
  const requires = [METRICS, ...stateFiles.map(({ path }) => path)];
  return [...stateFiles, text(RUN, writeRun(run, requires)), ...steps];
}

/**
 * Reads a bundle; `model.safetensors`, `config.json` and `tokenizer.json` alone are weights without a
 * run.
 * @throws RunFormatError naming the file and what is wrong with it.
 */
export function fromFiles(files: readonly BundleFile[]): RunBundle {
  const passedOver = files.map(({ path }) => path).filter((path) => !isRunFile(path));
  const contents = index(files);
  const json = (path: string): unknown => parseJson(path, readText(contents, path));
  const { snapshot, ...rest } = contents.has(BASE_MODEL)
    ? { words: [], ...readAdapterRun(json, (path) => readTensors(contents, path)) }
    : readPolicy(contents, json);
  const { config } = snapshot;
  const state = contents.has(TRAINING_STATE)
    ? readTrainingState(TRAINING_STATE, config, readTensors(contents, TRAINING_STATE))
    : {};
  const shape = 'base' in rest ? undefined : config;
  const bundle = { snapshot: { ...snapshot, ...state }, ...rest, ...readRunFiles(contents, shape) };
  return passedOver.length > 0 ? { ...bundle, passedOver } : bundle;
}

function readPolicy(
  contents: Contents,
  json: (path: string) => unknown,
): Pick<RunBundle, 'snapshot' | 'words'> {
  const config = fromHuggingFaceConfig(json(CONFIG), CONFIG);
  const words = fromTokenizerJson(json(TOKENIZER), TOKENIZER);
  checkTokens(config, words);
  checkShape(config);
  const weights = checkTensors(WEIGHTS, config, readTensors(contents, WEIGHTS).tensors);
  return { snapshot: { config, weights }, words };
}

type Contents = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

function index(files: readonly BundleFile[]): Contents {
  const contents = new Map<string, Uint8Array<ArrayBuffer>>();
  const isOfAdapters = files.some(({ path }) => path === BASE_MODEL);
  const required = isOfAdapters ? ADAPTER_RUN_FILES : REQUIRED;
  for (const { path, bytes } of files) {
    if (isOfFolder(path)) continue;
    if (CHANGE_WEIGHTS.includes(path) && !isOfAdapters) {
      throw new RunFormatError(
        path,
        `would change the weights, expected them in ${WEIGHTS} already`,
      );
    }
    if (contents.has(path)) throw new RunFormatError(path, 'occurs twice');
    if (!isRunFile(path)) continue;
    checkSize(path, bytes.length);
    contents.set(path, bytes);
  }
  for (const path of required) need(contents, path, 'there is no policy without it');
  return contents;
}

function need(contents: Contents, path: string, reason: string): Uint8Array<ArrayBuffer> {
  const bytes = contents.get(path);
  if (bytes) return bytes;
  const found = [...contents.keys()].join(', ') || 'no files';
  throw new RunFormatError(path, `is missing, and ${reason}; found ${found}`);
}

function readText(contents: Contents, path: string): string {
  return decodeText(path, need(contents, path, 'it is needed'));
}

function readTensors(contents: Contents, path: string): Safetensors {
  try {
    return readSafetensors(need(contents, path, 'it is needed'));
  } catch (cause) {
    if (cause instanceof RunFormatError) throw cause;
    throw new RunFormatError(path, (cause as Error).message, { cause });
  }
}

type RunParts = Pick<RunBundle, 'run' | 'rows' | 'steps'>;

/** @param config what the run's parameters say too; absent for a pretrained model, whose shape they do not say. */
function readRunFiles(contents: Contents, config: PolicyConfig | undefined): RunParts {
  if (!contents.has(RUN)) {
    const part = [...contents.keys()].find((path) => path === METRICS || isSegment(path));
    if (part === undefined) return { rows: [] };
    throw new RunFormatError(RUN, `is missing, and ${part} belongs to a run`);
  }
  const { content, requires } = readRun(readText(contents, RUN));
  const rows = readRows(contents);
  for (const path of requires) {
    if (path !== METRICS) need(contents, path, 'the run cannot continue without it');
  }
  if (config) checkAgreement(content, config);
  checkRows(rows, content);
  const steps = readSteps(contents, content.step);
  return { run: content, rows, ...(steps.length > 0 && { steps }) };
}

/** Those of `metrics.jsonl`, and those that a store wrote since. */
function readRows(contents: Contents): MetricRow[] {
  const later = segmentsIn('metrics', contents.keys()).map(({ path }) => path);
  if (later.length === 0) need(contents, METRICS, 'the run cannot continue without it');
  const paths = contents.has(METRICS) ? [METRICS, ...later] : later;
  return paths.flatMap((path) => readMetrics(need(contents, path, 'it is needed')));
}

function readSteps(contents: Contents, done: number): BundleFile[] {
  const segments = segmentsIn('steps', contents.keys());
  const last = segments.at(-1);
  if (last && last.to !== done) {
    throw new RunFormatError(last.path, `ends at step ${last.to}, expected ${done} as in ${RUN}`);
  }
  return segments.map(({ path }) => ({ path, bytes: contents.get(path)! }));
}

/** config.json and tokenizer.json agree on what is a word, and which of them are special. */
function checkTokens(config: PolicyConfig, words: readonly string[]): void {
  if (words.length !== config.vocabSize) {
    throw new RunFormatError(
      CONFIG,
      `vocab_size: got ${config.vocabSize}, expected ${words.length}, the words of ${TOKENIZER}`,
    );
  }
  const { padId, bosId, eosId } = tokenizerOf(words);
  const fields = [
    ['pad_token_id', config.padId, padId],
    ['bos_token_id', config.bosId, bosId],
    ['eos_token_id', config.eosId, eosId],
  ] as const;
  for (const [field, got, expected] of fields) {
    if (got === expected) continue;
    const what = `the id of ${words[expected]} in ${TOKENIZER}`;
    throw new RunFormatError(CONFIG, `${field}: got ${got}, expected ${expected}, ${what}`);
  }
}

/** Of what a run can be, whose parameters say the same; the names of config.json for them. */
const SHAPE = {
  hiddenSize: 'hidden_size',
  numLayers: 'num_hidden_layers',
  numHeads: 'num_attention_heads',
  intermediateSize: 'intermediate_size',
} as const;

/** A policy that the parameters of a run cannot describe could be neither trained nor exported again. */
function checkShape(config: PolicyConfig): void {
  const { hiddenSize, numLayers, numHeads, intermediateSize } = config;
  checkPlain(config);
  const values = { hiddenSize, numLayers, numHeads, intermediateSize };
  const { issues } = parseParams(values);
  const [issue] = issues.length > 0 ? issues : checkConfig({ ...DEFAULT_CONFIG, ...values });
  if (!issue) return;
  const field = Object.entries(SHAPE).find(([param]) => param === issue.field)?.[1];
  throw new RunFormatError(CONFIG, describeIssue({ ...issue, field: field ?? issue.field }));
}

/** Runs have no parameters for these: checkpoints that have them are read by `readCheckpoint`. */
function checkPlain(config: PolicyConfig): void {
  const refuse = (field: string, got: unknown, expected: string): never => {
    throw new RunFormatError(CONFIG, `${field}: got ${show(got)}, expected ${expected} in a run`);
  };
  const { numHeads, numKeyValueHeads = numHeads, ropeScaling } = config;
  if (numKeyValueHeads !== numHeads) {
    refuse('num_key_value_heads', numKeyValueHeads, `num_attention_heads (${numHeads})`);
  }
  if (config.attentionBias) refuse('attention_bias', true, 'false');
  if (config.queryKeyNorm) refuse('model_type', 'qwen3', '"llama"');
  if (ropeScaling) refuse('rope_scaling', ropeScaling, 'null');
}

/** run.json and config.json describe one policy. */
function checkAgreement({ config: params }: RunContent, policy: PolicyConfig): void {
  const fields = [
    'hiddenSize',
    'numLayers',
    'numHeads',
    'intermediateSize',
    'tieEmbeddings',
  ] as const;
  for (const field of fields) {
    if (params[field] === policy[field]) continue;
    throw new RunFormatError(
      RUN,
      `config.${field}: got ${params[field]}, expected ${policy[field]} as in ${CONFIG}`,
    );
  }
}
