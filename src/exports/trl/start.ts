import type { History, Json, Mode } from '../../tasks/task.ts';

/** Where a completion starts from: what a prompt was written of. */
export interface GradedStart {
  readonly instance: Json;
  readonly history: History;
  readonly mode: Mode;
}
