/** Why a pipeline has no score. */
import type { Slot } from './choices.ts';

export const FAULTS = ['missing', 'columns', 'kind', 'degenerate', 'timeout'] as const;
export type Fault = (typeof FAULTS)[number];

/** The choice to blame. */
export const BLAMED = {
  missing: 'impute',
  columns: 'features',
  kind: 'model',
  degenerate: 'model',
  timeout: 'size',
} as const satisfies Readonly<Record<Fault, Slot>>;

/** A stage of a pipeline could not do its work. */
export class PipelineError extends Error {
  constructor(readonly fault: Fault) {
    super(fault);
  }
}
