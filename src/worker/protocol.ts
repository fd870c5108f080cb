/** Every message between page and worker: two maps of types, from which sender and handlers derive. */
import type { BackendChoice } from '../policy/backend.ts';
import type {
  AttemptRecord,
  CompletionRecord,
  Evaluation,
  StartRecord,
  StepRecord,
} from '../exit/records.ts';
import type { MetricRow } from '../spec/metrics.ts';
import type { Config, LiveParamId, ParamId } from '../spec/params.ts';
import type { Mode, Token } from '../tasks/task.ts';

export interface SessionInfo {
  readonly config: Config;
  readonly backend: BackendChoice;
  readonly parameters: number;
  readonly step: number;
  /** Where the weights came from, in words. */
  readonly origin: string;
  readonly vocabulary: readonly string[];
  /** What base tasks are drawn from: one domain, or those of a mixture. */
  readonly domains: readonly DomainInfo[];
}

export interface DomainInfo {
  readonly id: string;
  readonly label: string;
  readonly summary: string;
  /** In order of difficulty; `test` is always there. */
  readonly splits: readonly SplitInfo[];
  /** Whether a person can type an instance of it. */
  readonly typed: boolean;
}

export interface SplitInfo {
  readonly id: string;
  readonly label: string;
  readonly summary: string;
}

export interface SplitEvaluation extends Evaluation {
  /** The held-out split that it was made on. */
  readonly split: string;
}

/** An instance as typed, and the attempts at it so far. */
export interface TrialRequest {
  /** Id of a domain of the session. */
  readonly domain: string;
  readonly text: string;
  /** The last attempt of each earlier turn. */
  readonly earlier: readonly AttemptRecord[];
  /** What is to be improved; null asks for a first attempt. */
  readonly latest: AttemptRecord | null;
  /** Most likely tokens only, instead of sampling as in training. */
  readonly greedy: boolean;
}

export interface Trial {
  readonly attempt: AttemptRecord;
  readonly solved: boolean;
  /** Training steps that the policy had made. */
  readonly step: number;
}

/** An instance that a person typed, as its domain understands it. */
export interface OwnInstance {
  readonly instance: StartRecord['instance'];
  readonly turns: number;
}

/** A file of an exported run; paths are relative, e.g. `model.safetensors`. */
export interface RunFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A live parameter changed at a step; drawn on every chart. */
export interface ParamMark {
  /** The first step that used the new value. */
  readonly step: number;
  readonly param: ParamId;
  readonly from: Config[ParamId];
  readonly to: Config[ParamId];
}

// ---- what can be asked of a run's past

/** Where the groups of a step started. Lists are indexed by depth and end at the deepest start. */
export interface DepthProfile {
  readonly step: number;
  /** Groups that started there. */
  readonly count: readonly number[];
  /** Their mean learnability; 0 where there is none. */
  readonly learnability: readonly number[];
  /** Their mean share of distinct attempts; 0 where there is none. */
  readonly distinct: readonly number[];
  /** Mean depth of the buffer after the step: where a uniform draw would have started. */
  readonly uniformDepth: number;
}

/** The stretch of steps that is kept in full. */
export interface ArchiveRange {
  readonly from: number;
  readonly to: number;
}

export interface CompletionQuery {
  /** Words that follow each other in the attempt or its feedback; empty is any. */
  readonly text: string;
  /** Empty is all. */
  readonly modes: readonly Mode[];
  readonly solved: boolean | null;
  /** Least and most, as are the two below. */
  readonly quality: readonly [number, number];
  readonly steps: readonly [number, number] | null;
  readonly depths: readonly [number, number] | null;
  readonly taskId: number | null;
  readonly sort: {
    readonly by:
      'step' | 'quality' | 'reward' | 'advantage' | 'diversity' | 'depth' | 'length' | 'logprob';
    readonly descending: boolean;
  };
  readonly offset: number;
  readonly limit: number;
}

export interface CompletionRow {
  readonly step: number;
  /** Index into the step's groups. */
  readonly group: number;
  /** Index into the group's completions. */
  readonly index: number;
  readonly start: StartRecord;
  readonly prompt: readonly Token[];
  readonly completion: CompletionRecord;
}

export interface CompletionPage {
  /** How many the query finds. */
  readonly total: number;
  /** Index of the first row among those found. */
  readonly offset: number;
  readonly rows: readonly CompletionRow[];
  readonly range: ArchiveRange | null;
}

/** A base task that has histories in the archive. */
export interface TaskSummary {
  readonly taskId: number;
  readonly instance: StartRecord['instance'];
  /** The instance as a person would type it; null where its domain has no such form. */
  readonly text: string | null;
  readonly histories: number;
  readonly deepest: number;
  /** Best quality of a history. */
  readonly best: number;
  /** When the newest one was created. */
  readonly lastStep: number;
}

/** All histories of a base task in columns, oldest first; parents stand before their children. */
export interface Lineage {
  readonly taskId: number;
  /** Null where the archive knows no history of the task. */
  readonly instance: StartRecord['instance'];
  readonly id: Float64Array;
  /** Index of the parent; -1 for a child of the task itself, -2 where the parent left the archive. */
  readonly parent: Int32Array;
  readonly depth: Uint16Array;
  /** Where it stands among those of its depth and turn; never changes while the task is asked for. */
  readonly lane: Int32Array;
  readonly turn: Uint8Array;
  /** Index into MODES: how it came about. */
  readonly mode: Uint8Array;
  /** When it was created. */
  readonly step: Int32Array;
  readonly quality: Float32Array;
  /** 1 or 0. */
  readonly solved: Uint8Array;
  /** S when last measured. */
  readonly score: Float32Array;
  /** How often it was selected. */
  readonly uses: Uint16Array;
  /** 1 while it is in the buffer. */
  readonly alive: Uint8Array;
  /** The step in which it left the buffer; 0 while it is there. */
  readonly leftAt: Int32Array;
}

/** A history, the group that it came from, and what that group started at. */
export interface HistoryDetail {
  readonly id: number;
  readonly step: number;
  /** Index into the step's groups. */
  readonly group: number;
  /** Index into the group's completions. */
  readonly completion: number;
  readonly start: StartRecord;
  readonly attempt: CompletionRecord;
}

/** Which histories of the buffer are asked for; null and empty are all. */
export interface BufferFilter {
  readonly depth: number | null;
  /** Index into RECENCY_BINS. */
  readonly bin: number | null;
  /** How they came about. */
  readonly modes: readonly Mode[];
  /** Words that follow each other in the latest attempt or its feedback. */
  readonly text: string;
}

export interface BufferQuery extends BufferFilter {
  readonly sort: {
    readonly by: 'id' | 'depth' | 'turn' | 'mode' | 'score' | 'created' | 'uses' | 'quality';
    readonly descending: boolean;
  };
  readonly offset: number;
  readonly limit: number;
}

/** A history (or base task) that can be selected. */
export interface BufferRow {
  readonly id: number;
  readonly parentId: number | null;
  readonly taskId: number;
  readonly instance: StartRecord['instance'];
  readonly turn: number;
  readonly depth: number;
  /** Index into MODES. */
  readonly mode: number;
  readonly score: number;
  readonly createdStep: number;
  readonly scoredStep: number;
  readonly uses: number;
  readonly earlier: readonly AttemptRecord[];
  readonly latest: AttemptRecord | null;
}

export interface BufferCell {
  readonly depth: number;
  /** Index into RECENCY_BINS. */
  readonly bin: number;
  readonly count: number;
  /** Mean score. */
  readonly learnability: number;
}

export interface BufferView {
  /** The step after which it stood so. */
  readonly step: number;
  readonly size: number;
  /** Of the whole buffer, whatever the filter. */
  readonly cells: readonly BufferCell[];
  /** How many the filter lets through. */
  readonly total: number;
  /** Where `rows` begins among them. */
  readonly offset: number;
  readonly sort: BufferQuery['sort'];
  readonly rows: readonly BufferRow[];
}

export interface IcicleQuery {
  /** The last step that counts; null is the newest. */
  readonly to: number | null;
  /** How many steps count up to there; null is all. */
  readonly recent: number | null;
  /** How many parts of the whole can be told apart, e.g. pixels of its width: what is smaller is merged. */
  readonly most: number;
}

/**
 * Groups spent on base tasks and on what grew from them, as nested intervals in columns: parents stand
 * before their children.
 */
export interface Icicle {
  /** The steps that count. */
  readonly from: number;
  readonly to: number;
  /** Groups of these steps. */
  readonly total: number;
  /** The history; 0 for a base task and for what is merged. */
  readonly id: Float64Array;
  /** Index into `tasks`; -1 where many tasks are merged. */
  readonly task: Int32Array;
  /** Index of the block above; -1 for the topmost. */
  readonly parent: Int32Array;
  readonly depth: Uint16Array;
  /** Where it begins, in groups from the left. */
  readonly start: Float64Array;
  /** Its width: groups that started here or at what grew from here. */
  readonly count: Uint32Array;
  /** Groups that started right here. */
  readonly own: Uint32Array;
  /** Mean S of the groups that started right here; NaN without any. */
  readonly learnability: Float32Array;
  /** How many tasks or histories it stands for: more than one where they are merged. */
  readonly members: Uint32Array;
  readonly tasks: readonly IcicleTask[];
}

export interface IcicleTask {
  /** Its place in the order in which the run's base tasks came. */
  readonly number: number;
  readonly taskId: number;
  /** Null where the archive let go of it. */
  readonly instance: StartRecord['instance'] | null;
}

/** Attempts on the two principal components of their embeddings, in columns, oldest first. */
export interface AttemptMap {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Share of the variance along each axis. */
  readonly explained: readonly number[];
  readonly step: Int32Array;
  readonly group: Uint16Array;
  readonly completion: Uint16Array;
  /** Index into all completions of the step. */
  readonly index: Uint16Array;
  readonly quality: Float32Array;
  /** Index into MODES. */
  readonly mode: Uint8Array;
  /** The words of each. */
  readonly text: readonly string[];
}

/** Each token of a completion under the policy as it stands now, at the run's temperature. */
export interface TokenStats {
  /** Log-probability, nats. */
  readonly logprobs: readonly number[];
  /** Entropy of the distribution that the token is drawn from, nats. */
  readonly entropies: readonly number[];
}

/** What an imported run had left behind. */
export interface RecordedRun {
  readonly rows: readonly MetricRow[];
  readonly marks: readonly ParamMark[];
  readonly evaluations: readonly Evaluation[];
}

/** A run of the same shape and seed that selects uniformly, to be seen beside a recorded one. */
export interface ControlRun {
  readonly config: Config;
  readonly rows: readonly MetricRow[];
  readonly profiles: readonly DepthProfile[];
}

/** Page → worker, each with its reply. */
export interface Commands {
  /** Builds a session; replaces the current one only once the new one stands. */
  load: { request: { config: Config; assetBase: string }; reply: SessionInfo };
  play: { request: null; reply: null };
  /** Resolves when the step in flight is done. */
  pause: { request: null; reply: null };
  /** One training step. Refused while playing. */
  step: { request: null; reply: null };
  /** The same seed from the start, with the current parameters. */
  reset: { request: null; reply: SessionInfo };
  newSeed: { request: { seed: number }; reply: SessionInfo };
  /** Live parameters only; takes effect with the next step. */
  set: { request: { values: { readonly [K in LiveParamId]?: Config[K] } }; reply: null };
  /** On a held-out split that all domains of the session have. */
  evaluate: { request: { split: string }; reply: SplitEvaluation };
  /** A held-out instance as a person would type it, another one at each call. */
  example: { request: { domain: string }; reply: { text: string } };
  /** Rejects with what is wrong with the text. */
  read: { request: { domain: string; text: string }; reply: OwnInstance };
  /** One attempt at a typed instance by the policy as it stands. Training goes on around it. */
  attempt: { request: TrialRequest; reply: Trial };
  /** A step in full; null where the archive does not hold it. */
  stepRecord: { request: { step: number }; reply: StepRecord | null };
  /** For each completion of a group; null where the archive does not hold it. */
  tokenStats: {
    request: { step: number; group: number };
    reply: readonly TokenStats[] | null;
  };
  completions: { request: CompletionQuery; reply: CompletionPage };
  /** Base tasks with the most histories first. */
  tasks: { request: { limit: number }; reply: readonly TaskSummary[] };
  lineage: { request: { taskId: number }; reply: Lineage };
  history: { request: { id: number }; reply: HistoryDetail | null };
  buffer: { request: BufferQuery; reply: BufferView };
  attemptMap: { request: { most: number }; reply: AttemptMap };
  icicle: { request: IcicleQuery; reply: Icicle };
  /** All files of the run in one zip. */
  export: { request: null; reply: RunFile };
  /** A zip made by `export`. The running session stays untouched if it is refused. */
  import: {
    request: { bytes: Uint8Array<ArrayBuffer>; assetBase: string };
    reply: SessionInfo & RecordedRun;
  };
  dispose: { request: null; reply: null };
}

export type CommandName = keyof Commands;

/** Commands that only read: they may be asked at any time, and change nothing. */
export type QueryName =
  | 'stepRecord'
  | 'tokenStats'
  | 'completions'
  | 'tasks'
  | 'lineage'
  | 'history'
  | 'buffer'
  | 'attemptMap'
  | 'icicle';

/** Worker → page. */
export interface Events {
  /** What the worker is doing while it gets ready, in words. */
  loading: { readonly message: string; readonly done: number; readonly total: number };
  /** At most four times a second: all rows and profiles since the last one, and the latest step in full. */
  progress: {
    readonly rows: readonly MetricRow[];
    readonly profiles: readonly DepthProfile[];
    readonly latest: StepRecord;
  };
  evaluation: SplitEvaluation;
  /** Only what is new. */
  marks: readonly ParamMark[];
  /** Of a recording only. */
  control: ControlRun;
  /** Training runs, or does not. */
  running: boolean;
  /** Something failed outside a command; training has stopped. */
  failure: { readonly message: string };
}

export type EventName = keyof Events;
