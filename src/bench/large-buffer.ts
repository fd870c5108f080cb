/** Whole steps of a run whose buffer is large: what choosing among many histories costs. */
import type { Platform } from '../training/create-session.ts';
import { createSession } from '../training/create-session.ts';
import type { Session } from '../training/session.ts';
import { DEFAULT_CONFIG } from '../schema/params.ts';

export interface LargeBufferSteps {
  /** In the buffer, throughout. */
  readonly histories: number;
  /** Milliseconds, step by step: the whole, and of it what the curriculum took. */
  readonly steps: readonly { readonly ms: number; readonly curriculum: number }[];
}

const SIZES = [512, 10_000, 100_000] as const;
/** Histories to copy are made first. */
const MAKING = 12;
const WARM_UP = 4;
/** Histories in one page of the buffer, at most. */
const FULL_PAGE = 256;

/** The default preset on WebAssembly in this process, sizes in turns. */
export async function measureLargeBuffers(
  platform: Platform,
  rounds: number,
): Promise<LargeBufferSteps[]> {
  const runs = [];
  for (const histories of SIZES) {
    runs.push({
      histories,
      session: await createFullSession(histories, platform),
      steps: Array<Step>(),
    });
  }
  for (let round = 0; round < WARM_UP + rounds; round++) {
    for (const { session, steps } of runs) {
      const step = await timed(session);
      if (round >= WARM_UP) steps.push(step);
    }
  }
  for (const { session } of runs) session.dispose();
  return runs.map(({ histories, steps }) => ({ histories, steps }));
}

type Step = LargeBufferSteps['steps'][number];

async function timed(session: Session): Promise<Step> {
  const began = performance.now();
  const { row } = await session.step();
  return { ms: performance.now() - began, curriculum: row['time/curriculum'] ?? 0 };
}

/** A run whose buffer is full of copies of real histories, told apart by their quality. */
async function createFullSession(histories: number, platform: Platform): Promise<Session> {
  const limits = { bufferCapacity: histories, maxUses: 0 };
  const config = { ...DEFAULT_CONFIG, ...limits, evalEvery: 0, seed: 1, backend: 'wasm' } as const;
  const source = await createSession(config, platform);
  for (let i = 0; i < MAKING; i++) await source.step();
  const entries = source.history.state.buffer.blocks.flat();
  const session = await createSession(config, platform);
  // The buffer is opened with the first step.
  const { buffer } = session.history.state;
  buffer.content = 'histories';
  for (let i = 0; i < histories; i++) {
    const entry = entries[i % entries.length]!;
    const copy = Math.floor(i / entries.length);
    const latest = { ...entry.history.latest!, feedback: [...entry.history.latest!.feedback] };
    if (i % FULL_PAGE === 0) buffer.blocks.push([]);
    buffer.blocks.at(-1)!.push({
      ...entry,
      id: buffer.nextId++,
      // Another quality in its last digits makes it another history.
      history: {
        ...entry.history,
        latest: { ...latest, quality: Math.abs(latest.quality - 1e-9 * copy) },
      },
    });
  }
  source.dispose();
  return session;
}
