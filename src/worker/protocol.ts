/** Every message between page and worker: two maps of types, from which sender and handlers derive. */
import type { Evaluation, StepRecord, ParamChange } from '../schema/records.ts';
import type { ControlRun } from '../runs/recording/file.ts';
import type { BundleFile } from '../runs/zip.ts';
import type {
  PlaygroundAttempt,
  PlaygroundRequest,
  PlaygroundInstance,
} from '../training/playground.ts';
import type { TableCorrection, TableText } from '../tasks/task.ts';
import type { ModelFiles } from '../runs/model-files.ts';
import type { ModelOffer, ModelTraining } from '../training/model-offer.ts';
import type { SessionInfo, SplitEvaluation } from '../training/session-info.ts';
import type { MetricRow } from '../schema/metrics.ts';
import type { Config, LiveParamId } from '../schema/params.ts';
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
} from '../runs/index/queries.ts';

/** A pretrained model to be trained. */
export interface ModelRequest {
  /** Its files under a name of its own, or the id of one that is kept here. */
  readonly source: { readonly files: ModelFiles; readonly name: string } | { readonly id: string };
  readonly training: ModelTraining;
}

/** What a run that was opened had left behind. */
export interface RecordedRun {
  readonly rows: readonly MetricRow[];
  readonly marks: readonly ParamChange[];
  readonly evaluations: readonly Evaluation[];
  /** Of every step whose record was kept, as is the rest of it. */
  readonly profiles: readonly DepthProfile[];
  readonly latest: StepRecord | null;
  /** Files that were not needed; absent where there were none. */
  readonly passedOver?: readonly string[];
}

/** The run that is trained, as the store has it. */
export interface KeptRun {
  readonly id: string;
  readonly name: string;
  /** Steps saved. */
  readonly step: number;
  /** Another window writes it. */
  readonly isReadOnly: boolean;
}

/** Page → worker, each with its reply. */
export interface Commands {
  /** Builds a session; replaces the current one only once the new one stands. */
  load: {
    request: {
      config: Config;
      assetBase: string;
      /** Of whoever plays recordings: a file beside the page, instead of the shipped one. */
      recording?: string;
      /** Absent where the policy is a small one of its own. */
      model?: ModelRequest;
    };
    reply: SessionInfo;
  };
  play: { request: null; reply: null };
  /** Resolves when the step in flight is done; `play` calls it off until then. */
  pause: { request: null; reply: null };
  /** One training step. Refused while playing. */
  step: { request: null; reply: null };
  /** A person is at work where there is no core to spare: for a moment no step begins. */
  yieldToInput: { request: null; reply: null };
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
  read: { request: { domain: string; text: string }; reply: PlaygroundInstance };
  /** What is understood of a table before it is used; null of a text that is none. */
  readTable: {
    request: { domain: string; text: string; correction: TableCorrection };
    reply: TableText | null;
  };
  /** One attempt at a typed instance by the policy as it stands. Training goes on around it. */
  attempt: { request: PlaygroundRequest; reply: PlaygroundAttempt };
  /** What a model is and takes, before any of its weights is read. Rejects with what is wrong with it. */
  inspectModel: { request: { model: ModelRequest; config: Config }; reply: ModelOffer };
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
  /** The run as it stands as a recording, with the controls that are shown beside it. */
  record: { request: { controls: readonly ControlRun[] }; reply: BundleFile };
  /** All files of the run in one zip. */
  export: { request: null; reply: BundleFile };
  /** A zip made by `export`. The running session stays untouched if it is refused. */
  import: {
    request: {
      bytes: Uint8Array<ArrayBuffer>;
      assetBase: string;
      /** Instead of the one that it was trained on. */
      backend?: Config['backend'];
    };
    reply: SessionInfo & RecordedRun;
  };
  /** A run from the store as it was last saved. The running session stays untouched if it is refused. */
  open: {
    request: {
      id: string;
      assetBase: string;
      /** Instead of the one that it was trained on. */
      backend: Config['backend'] | null;
    };
    reply: SessionInfo & RecordedRun;
  };
  /** What is not saved yet of the run; training goes on. */
  save: { request: null; reply: null };
  /** Answered as soon as the worker has a turn. */
  ping: { request: null; reply: null };
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
  | 'icicle'
  | 'record';

/** Worker → page. */
export interface Events {
  /** What the worker is doing while it gets ready, or within a step that lasts, in words. */
  loading: { readonly message: string; readonly done: number; readonly total: number };
  /** At most four times a second: all rows and profiles since the last one, and the latest step in full. */
  progress: {
    readonly rows: readonly MetricRow[];
    readonly profiles: readonly DepthProfile[];
    readonly latest: StepRecord;
  };
  evaluation: SplitEvaluation;
  /** Only what is new. */
  marks: readonly ParamChange[];
  /** Of a recording only. */
  control: ControlRun;
  /** Training runs, or does not. */
  running: boolean;
  /** After each save, and when another run takes the place; null while it is not kept. */
  kept: KeptRun | null;
  /** The run could not be saved; training goes on. Said once, until a save succeeds again. */
  unkept: { readonly message: string };
  /** The disk was full, and earlier checkpoints of other runs were given up. */
  madeRoom: { readonly checkpoints: number; readonly bytes: number };
  /** The run as an export without the records of its steps, now and then where the store keeps nothing. */
  snapshot: { readonly step: number; readonly bytes: Uint8Array<ArrayBuffer> };
  /** The name of a lock that the worker holds as long as it lives. */
  alive: { readonly lock: string };
  /** Something failed outside a command; training has stopped. */
  failure: {
    readonly message: string;
    /** Where that calls for more, or less, than going on from the last checkpoint. */
    readonly kind?: 'diverged' | 'graphics' | 'memory';
  };
}

export type EventName = keyof Events;
