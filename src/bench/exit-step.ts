/** A whole step of a run as the app starts it: default preset, base policy, wasm, no evaluation. */
import { DEFAULT_CONFIG } from '../spec/params.ts';
import { createSession, type Platform } from '../worker/create-session.ts';

export interface ExitStepTimes {
  readonly ms: number;
  readonly sample: number;
  readonly grade: number;
  readonly update: number;
}

export type ExitStepper = () => Promise<ExitStepTimes>;

/** Each call is one step of the same run. */
export async function createExitStepper(platform: Platform): Promise<ExitStepper> {
  const config = { ...DEFAULT_CONFIG, backend: 'wasm', evalEvery: 0, seed: 1 } as const;
  const session = await createSession(config, platform);
  return async () => {
    const began = performance.now();
    const { row } = await session.step();
    const ms = performance.now() - began;
    const time = (part: 'sample' | 'grade' | 'update'): number => row[`time/${part}`] ?? 0;
    return { ms, sample: time('sample'), grade: time('grade'), update: time('update') };
  };
}
