/** A trainer behind the real wire, for tests. */
import { afterEach, expect, vi } from 'vitest';
import { DEFAULT_CONFIG, type Config } from '../schema/params.ts';
import { createClient, type Client } from './client.ts';
import type { Events } from './protocol.ts';
import { createTrainer } from './trainer.ts';
import { createEmit, serve } from './wire.ts';

const CONFIG: Config = {
  ...DEFAULT_CONFIG,
  backend: 'wasm',
  init: 'scratch',
  warmStartSteps: 2,
  hiddenSize: 16,
  numLayers: 1,
  numHeads: 2,
  intermediateSize: 24,
  batchGroups: 3,
  groupSize: 2,
  bufferMin: 1,
  evalEvery: 0,
  evalTasks: 2,
  evalDepth: 1,
};

export const ASSETS = 'https://example.test/';

interface Lab {
  readonly client: Client;
  readonly progress: Events['progress'][];
  readonly close: () => void;
  /** Moves the trainer's clock. */
  readonly wait: (ms: number) => void;
}

const open: Lab[] = [];

interface LabOptions {
  /** What passes whenever the trainer asks for the time, in ms. */
  readonly tick?: number;
  /** Told of each turn that the trainer gives. */
  readonly onTurn?: () => void;
}

/** A trainer behind the real wire, with a clock of its own. */
export function openLab({ tick = 0, onTurn }: LabOptions = {}): Lab {
  const { port1, port2 } = new MessageChannel();
  let now = 0;
  const stop = serve(
    port2,
    createTrainer({
      emit: createEmit(port2),
      openAssets: () => (path) => Promise.reject(new Error(`${path}: 404`)),
      clock: () => (now += tick),
      nextTask: () => {
        onTurn?.();
        return new Promise((resolve) => setTimeout(resolve, 0));
      },
    }),
  );
  const client = createClient(port1);
  const progress: Events['progress'][] = [];
  client.on('progress', (event) => progress.push(event));
  const lab = {
    client,
    progress,
    wait: (ms: number) => void (now += ms),
    close: () => {
      stop();
      client.close();
      port1.close();
      port2.close();
    },
  };
  open.push(lab);
  return lab;
}

export const load = (lab: Lab, values: Partial<Config> = {}) =>
  lab.client.call('load', { config: { ...CONFIG, ...values }, assetBase: ASSETS });
/** How many steps were made, sent or not. */
export async function made(lab: Lab): Promise<number> {
  let step = 0;
  while ((await lab.client.ask('stepRecord', { step: step + 1 })) !== null) step++;
  return step;
}
export const shortly = () => new Promise((resolve) => setTimeout(resolve, 100));
/** One that plays and was asked to give way, and the steps that it had made by then. */
export async function openHeldBack(): Promise<{ lab: Lab; before: number }> {
  const lab = openLab();
  await load(lab);
  await lab.client.call('play');
  await vi.waitFor(() => expect(lab.progress).toHaveLength(1));
  await lab.client.call('yieldToInput');
  await shortly();
  return { lab, before: await made(lab) };
}
export const stepsOf = (lab: Lab): number[] =>
  lab.progress.flatMap(({ rows }) => rows.map(({ step }) => step));

afterEach(async () => {
  for (const lab of open.splice(0)) {
    await lab.client.call('dispose');
    lab.close();
  }
});
