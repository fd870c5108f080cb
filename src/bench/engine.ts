/**
 * What is measured, and what an engine must offer to be measured: the same work on the same numbers, so
 * that a loss that differs means that the work does.
 */
import type { EngineMemory } from '../model/engine.ts';
import type { NamedTensor, PolicyConfig, TokenIds } from '../model/policy.ts';

export interface Workload {
  readonly name: 'S' | 'M';
  readonly config: PolicyConfig;
  /** First weights, in the canonical order of `model/parameters.ts`. */
  readonly weights: readonly NamedTensor[];
  readonly train: TrainWork;
  readonly sample: SampleWork;
}

/**
 * One supervised step: [batch, time] tokens, each but the first predicted from those before it; mean
 * cross-entropy over all predictions; AdamW without decay or clipping.
 */
export interface TrainWork {
  readonly sequences: readonly TokenIds[];
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Cached sampling at temperature 1, no end token: `newTokens` after each prompt. */
export interface SampleWork {
  readonly prompts: readonly TokenIds[];
  readonly newTokens: number;
  /** [prompts, newTokens] in [0, 1). */
  readonly uniforms: Float32Array;
}

/** An engine that stands ready with a workload's weights. */
export interface PreparedEngine {
  /** One training step; the loss before it, in nats. Absent where the engine cannot train. */
  readonly train?: () => Promise<number>;
  /** The tokens drawn, [prompts, newTokens]; read back once. */
  readonly sample?: () => Promise<Int32Array>;
  /** One pass of a phase, counted instead of timed. Absent where nothing can be counted. */
  readonly count?: (phase: Phase) => Promise<Counts>;
  /** What the machine can do by this engine's own kernels. */
  readonly roofline?: () => Promise<Roofline>;
  /** Takes steps of sampling and updating, small ones; what the engine holds after the last. */
  readonly soak?: (steps: number) => Promise<EngineMemory>;
  dispose(): void;
}

/** What is timed. */
export const PHASES = ['train', 'sample'] as const;
export type Phase = (typeof PHASES)[number];

/** One training step, or one sampling of all prompts. */
export interface Counts {
  /** Kernels that compute; views such as a reshape are free on every backend. */
  readonly kernels: number;
  /** Read and written by those kernels, by the shapes of what goes in and comes out. */
  readonly bytesMoved: number;
  /** Most that the engine held at once. */
  readonly peakBytes: number;
  /** Arrays that it held afterwards and not before. */
  readonly arraysLeft: number;
}

export interface Roofline {
  /** GFLOP/s of a 512³ product of matrices. */
  readonly product: number;
  /** GB/s read and written by a copy of 64 MB. */
  readonly copy: number;
}

export interface Engine {
  readonly id: string;
  readonly label: string;
  /** Rejects with the reason where it cannot run. */
  prepare(workload: Workload): Promise<PreparedEngine>;
}
