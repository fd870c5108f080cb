/** What the page asks of the store of runs while another worker trains: a long step must not hold up a list. */
import type { Config } from '../schema/params.ts';
import type { RunCurve } from '../schema/run-curve.ts';
import type { ExportTargetId } from '../exports/target-names.ts';
import type { DownloadProgress } from '../runs/hub/hub-download.ts';
import type { HubModel } from '../runs/hub/hub-model.ts';
import type { KeptModel } from '../runs/hub/kept-models.ts';
import type { KeptModel as OwnModel } from '../runs/model-store.ts';
import type { RunSummary } from '../runs/store/run-store.ts';
import type { BundleFile } from '../runs/zip.ts';

export interface RunListing {
  /** The newest save first. */
  readonly runs: readonly RunSummary[];
  /** Those that can still be brought back. */
  readonly deleted: readonly RunSummary[];
}

export interface RunCourse {
  readonly config: Config;
  readonly curve: RunCurve;
}

/** Where a run goes, and by whose leave. */
export interface UploadRequest {
  /** `owner/name` on the hub. */
  readonly to: string;
  readonly isPrivate: boolean;
  /** Used for this upload and forgotten. */
  readonly token: string;
}

/** The Hugging Face Hub, which nothing is sent to before one of these is called. */
export interface HubService {
  /** @param name `owner/name[@revision]`. */
  describeModel(name: string): Promise<HubModel>;
  /** Resolves when all of it is kept; one at a time. */
  downloadModel(model: HubModel): Promise<void>;
  /** Null where none is under way. */
  downloadProgress(): Promise<DownloadProgress | null>;
  /** What came is kept; `downloadModel` rejects. */
  stopDownload(): Promise<void>;
  hubModels(): Promise<readonly KeptModel[]>;
  removeHubModel(name: string): Promise<void>;
  /** Those of a kept model, by their names. */
  hubModelFiles(name: string): Promise<ReadonlyMap<string, Blob>>;
  /** What the run says of itself on the hub. */
  card(id: string): Promise<string>;
  /** @returns the address of the commit. */
  upload(id: string, request: UploadRequest): Promise<string>;
}

export interface StoredRuns {
  list(): Promise<RunListing>;
  /** The steps that a run can be forked at, rising. */
  checkpoints(id: string): Promise<readonly number[]>;
  /** What it was trained with, as it stands, and what training recorded. */
  course(id: string): Promise<RunCourse>;
  rename(id: string, name: string): Promise<void>;
  setNote(id: string, note: string): Promise<void>;
  remove(id: string): Promise<void>;
  restore(id: string): Promise<void>;
  /** Gives up for good what was deleted so many milliseconds ago, or longer. */
  purge(age: number): Promise<void>;
  /** @returns the id of the copy. */
  duplicate(id: string): Promise<string>;
  /** @returns the id of the new run. */
  fork(id: string, step: number, changes: Partial<Config>): Promise<string>;
  /** All files of a run as it was last saved, in one zip. */
  export(id: string): Promise<BundleFile>;
  /** Pretrained models that were picked here and are kept with their runs. */
  ownModels(): Promise<readonly OwnModel[]>;
  /** Runs of it can go on again once it is given again. */
  removeOwnModel(id: string): Promise<void>;
  /** The same run as the files of another program, in one zip. */
  exportTo(id: string, target: ExportTargetId): Promise<BundleFile>;
}

export type RunsService = StoredRuns & HubService;

export const RUNS_METHODS = [
  'list',
  'checkpoints',
  'course',
  'rename',
  'setNote',
  'remove',
  'restore',
  'purge',
  'duplicate',
  'fork',
  'export',
  'ownModels',
  'removeOwnModel',
  'exportTo',
  'describeModel',
  'downloadModel',
  'downloadProgress',
  'stopDownload',
  'hubModels',
  'removeHubModel',
  'hubModelFiles',
  'card',
  'upload',
] as const satisfies readonly (keyof RunsService)[];
