/** Real runs, small ones, as their exports: what is mutated. */
import { exportFiles } from '../training/export.ts';
import { createSession, type Platform } from '../training/create-session.ts';
import { zip } from '../runs/zip.ts';
import type { StepRecord } from '../schema/records.ts';
import { DEFAULT_CONFIG, type Config } from '../schema/params.ts';

const SMALL: Config = {
  ...DEFAULT_CONFIG,
  ...{ backend: 'wasm', init: 'scratch', warmStartSteps: 1, hiddenSize: 8, numLayers: 1 },
  ...{ numHeads: 2, intermediateSize: 12, batchGroups: 4, groupSize: 4, bufferMin: 2 },
  ...{ bufferCapacity: 12, klBeta: 0.01, evalEvery: 2, evalTasks: 2, evalDepth: 2 },
};

/** Locks; conversations, whose turns wait for one another; and domains in a mixture. */
const CONFIGS: readonly Config[] = [
  SMALL,
  { ...SMALL, task: 'workspace', unsolvableShare: 0.2 },
  { ...SMALL, task: 'mixture', trivialShare: 0.2, klBeta: 0 },
];

const STEPS = 3;

/** The same runs, always. */
export async function makeExports(): Promise<Uint8Array[]> {
  const platform: Platform = {
    assets: (path) => Promise.reject(new Error(`${path}: not there`)),
    clock: () => 0,
    onLoading: () => undefined,
  };
  const exports: Uint8Array[] = [];
  for (const config of CONFIGS) {
    const session = await createSession(config, platform);
    const records: StepRecord[] = [];
    for (let step = 0; step < STEPS; step++) records.push((await session.step()).record);
    session.set({ temperature: 0.9 });
    exports.push(zip(await exportFiles(session, records)));
    session.dispose();
  }
  return exports;
}
