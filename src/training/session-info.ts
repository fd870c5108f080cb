/** What a session says about itself. */
import type { PieceKind } from '../base/pieces.ts';
import type { LoraConfig } from '../model/policy.ts';
import type { BaseModel } from '../runs/adapter-run.ts';
import type { Evaluation } from '../schema/records.ts';
import type { BackendChoice } from '../model/backend.ts';
import type { Config } from '../schema/params.ts';
import type { HeldOutSplit } from '../tasks/task.ts';

/** The pretrained model that a session trains. */
export interface ModelInfo extends BaseModel {
  /** How its tokens are written. */
  readonly pieceKind: PieceKind;
  /** What is trained of it; null where all of it is. */
  readonly lora: LoraConfig | null;
}

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
  /** Absent where the policy is a small one of its own. */
  readonly model?: ModelInfo;
}

export interface DomainInfo {
  readonly id: string;
  readonly label: string;
  readonly summary: string;
  /** In order of difficulty; `test` is always there. */
  readonly splits: readonly HeldOutSplit[];
  /** Whether a person can type an instance of it. */
  readonly typed: boolean;
  /** Whether an instance may be a table that a person brings. */
  readonly tables: boolean;
}

export interface SplitEvaluation extends Evaluation {
  /** The held-out split that it was made on. */
  readonly split: string;
}
