/** Where the files of pretrained models are kept, each model once; where that is, is a driver's business. */
import type { ModelFiles } from './model-files.ts';

export interface KeptModel {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
}

export interface ModelStore {
  list(): Promise<readonly KeptModel[]>;
  /** All of it or nothing; nothing is done where it is there already. */
  keep(model: Pick<KeptModel, 'id' | 'name'>, files: ModelFiles): Promise<void>;
  /** Undefined where it is not kept, or not whole. */
  read(id: string): Promise<{ readonly name: string; readonly files: ModelFiles } | undefined>;
  remove(id: string): Promise<void>;
}
