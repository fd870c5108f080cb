import { describe, expect, it, vi } from 'vitest';
import fc from 'fast-check';
import type { MemoryLimit } from '../model/engine.ts';
import { DEFAULT_CONFIG, PARAMS, type Config } from '../schema/params.ts';
import { SIZES, STRATEGIES } from '../schema/presets.ts';
import { SCENARIOS } from '../schema/scenarios.ts';
import { createTokenizer } from '../base/tokenizer.ts';
import { taskFor } from '../tasks/registry.ts';
import { createSession, policyConfigFor, type Platform } from './create-session.ts';
import {
  MemoryLimitError,
  requireMemory,
  trainingFootprint,
  type Planned,
} from './memory-limit.ts';

const WASM: MemoryLimit = { bytes: 2 ** 32, bufferBytes: 2 ** 32, where: 'on WebAssembly' };

/** The largest of everything that a form allows. */
const HUGE: Config = {
  ...DEFAULT_CONFIG,
  init: 'scratch',
  backend: 'wasm',
  hiddenSize: 1024,
  numLayers: 24,
  numHeads: 16,
  intermediateSize: 4096,
  batchGroups: 256,
  groupSize: 64,
  minibatches: 1,
};

function plannedFor(config: Config, holders = 1): Planned {
  const task = taskFor(config, () => config);
  return { shape: policyConfigFor(config, task, createTokenizer(task.vocabulary)), task, holders };
}

function refusal(config: Config, limit: MemoryLimit): string {
  try {
    requireMemory(config, plannedFor(config), limit);
    return 'fits';
  } catch (error) {
    expect(error).toBeInstanceOf(MemoryLimitError);
    return (error as Error).message;
  }
}

function platform(): Platform {
  return {
    assets: (path) => Promise.reject(new Error(`${path}: 404`)),
    clock: () => 0,
    onLoading: () => undefined,
  };
}

describe('a shape that does not fit', () => {
  it('is refused with what it would take, and that no batch would do', () => {
    expect(refusal(HUGE, WASM)).toMatch(
      /^hiddenSize 1024 × numLayers 24 with batchGroups 256 × groupSize 64: got up to \d+\.\d GB, expected at most 4\.3 GB on WebAssembly; no batch of this groupSize fits/,
    );
  });

  it('is refused before anything is allocated, and nothing is left of it', async () => {
    const grow = vi.spyOn(WebAssembly.Memory.prototype, 'grow');
    const openReplica = vi.fn();
    await expect(createSession(HUGE, { ...platform(), openReplica })).rejects.toThrow(
      /^hiddenSize 1024 × numLayers 24/,
    );
    expect(grow).not.toHaveBeenCalled();
    expect(openReplica).not.toHaveBeenCalled();
    grow.mockRestore();
  });

  it('names the largest batch that fits, whatever the limit', () => {
    const limits = fc.double({ min: 1.2, max: 6, noNaN: true });
    fc.assert(
      fc.property(limits, fc.constantFrom('bytes', 'bufferBytes'), (share, kind) => {
        const config = { ...HUGE, hiddenSize: 128, numHeads: 4, numLayers: 2, groupSize: 8 };
        const planned = plannedFor(config);
        const { numbers, largest } = trainingFootprint(config, planned);
        const limit = { ...WASM, [kind]: (4 * (kind === 'bytes' ? numbers : largest)) / share };
        const said = refusal(config, limit);
        const fitting = Number(/with batchGroups (\d+) it fits$/.exec(said)?.[1]);
        expect(fitting).toBeGreaterThan(0);
        expect(refusal({ ...config, batchGroups: fitting }, limit)).toBe('fits');
        expect(refusal({ ...config, batchGroups: fitting + 1 }, limit)).not.toBe('fits');
      }),
      { numRuns: 25 },
    );
  });

  it('tells a buffer that is too large from memory that is too small', () => {
    const limit = { bytes: Infinity, bufferBytes: 128 * 2 ** 20, where: 'on this graphics device' };
    expect(refusal(HUGE, limit)).toContain('GB in one buffer, expected at most 0.1 GB on this');
  });
});

it('lets everything stand that the page offers by name', () => {
  const strategies = [...Object.values(STRATEGIES), ...Object.values(SCENARIOS)];
  for (const { values: strategy } of strategies) {
    for (const { values: size } of Object.values(SIZES)) {
      expect(refusal({ ...DEFAULT_CONFIG, ...strategy, ...size }, WASM)).toBe('fits');
    }
  }
});

it('keeps a batch that no longer fits from a session, which goes on with the one it had', async () => {
  const config = { ...HUGE, hiddenSize: 512, numLayers: 1, batchGroups: 1, groupSize: 2 };
  const session = await createSession({ ...config, warmStartSteps: 0 }, platform());
  const [batchGroups] = PARAMS.batchGroups.range.slice(-1);
  expect(() => session.set({ batchGroups: batchGroups!, groupSize: 64 })).toThrow(MemoryLimitError);
  expect(session.config).toMatchObject({ batchGroups: 1, groupSize: 2 });
  expect(session.history.marks).toEqual([]);
  session.dispose();
});
