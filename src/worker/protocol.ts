/** Every message between page and worker: two maps of types, from which sender and handlers derive. */
import type { BackendChoice } from '../policy/backend.ts';
import type { AttemptRecord, Evaluation, StartRecord, StepRecord } from '../exit/records.ts';
import type { MetricRow } from '../spec/metrics.ts';
import type { Config, LiveParamId, ParamId } from '../spec/params.ts';
import type {
  DepthProfile,
  CompletionQuery,
  CompletionPage,
  TaskSummary,
  Lineage,
  HistoryDetail,
  BufferQuery,
  BufferView,
  IcicleQuery,
  Icicle,
  AttemptMap,
  TokenStats,
} from './queries.ts';

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
  /** A person is at work where there is no core to spare: for a moment no step begins. */
  giveWay: { request: null; reply: null };
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
