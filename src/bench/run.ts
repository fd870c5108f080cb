/** One run of the bench: each part in each place, one after another. */
import type { Chromium } from './chromium.ts';
import { startChromium } from './chromium.ts';
import { measureLargeBuffers, type LargeBufferSteps } from './large-buffer.ts';
import { nodePlatform } from '../cli/platform.ts';
import { describeMachine } from './machine.ts';
import { measureSection, type Setting } from './measure.ts';
import { openNodeEngine } from './node.ts';
import { countDispatches, measureExitSteps, measureGrowth, measureSoak } from './parts.ts';
import {
  ratiosOf,
  type Absent,
  type Dispatches,
  type ExitSteps,
  type Growth,
  type Results,
  type Section,
  type Soak,
  type Where,
} from './results.ts';
import type { Size } from './workload.ts';

export interface Plan {
  readonly parts: readonly Part[];
  readonly sizes: readonly Size[];
  readonly wheres: readonly Where[];
  readonly engines: readonly EngineId[];
  /** In the place of each part's own number. */
  readonly rounds?: number;
  /** Small steps until the last look at the memory. */
  readonly steps: number;
  /** Whether WebGPU's memory is looked at in software too, for a tenth of the steps. */
  readonly software: boolean;
  readonly log: (line: string) => void;
}

/** The reference first: the others are compared with it. */
const ALL_ENGINES = {
  node: ['plain-wasm', 'tfjs-wasm', 'ours-wasm', 'jax-wasm', 'onnx-wasm', 'torch'],
  chromium: [
    'plain-wasm',
    'tfjs-wasm',
    'ours-wasm',
    'ours-wasm-2',
    'jax-wasm',
    'onnx-wasm',
    'plain-webgpu',
    'tfjs-webgpu',
    'ours-webgpu',
    'jax-webgpu',
  ],
} as const satisfies Record<Where, readonly string[]>;

/** Those that can be a run's engine: the reference first. */
const APP_ENGINES = {
  node: ['tfjs-wasm', 'ours-wasm'],
  chromium: ['tfjs-wasm', 'ours-wasm', 'ours-wasm-2', 'tfjs-webgpu', 'ours-webgpu'],
} as const satisfies Record<Where, readonly string[]>;

/** Our kernels. */
const OUR_ENGINES = {
  node: ['ours-wasm'],
  chromium: ['ours-wasm', 'ours-webgpu'],
} as const satisfies Record<Where, readonly string[]>;

/** On WebGPU, for counting on whatever adapter there is. */
const COUNTED = ['plain-webgpu', 'tfjs-webgpu', 'ours-webgpu', 'jax-webgpu'] as const;

export const ENGINE_IDS = [...new Set([...ALL_ENGINES.node, ...ALL_ENGINES.chromium])];
type EngineId = (typeof ENGINE_IDS)[number];

/** A few more than M can have in the same time. */
const ROUNDS = {
  engines: { S: 5, M: 3 },
  step: { S: 9, M: 5 },
  growth: { S: 3, M: 3 },
  largeBuffer: 40,
} as const satisfies Record<string, Record<Size, number> | number>;

type Found = {
  readonly sections: Section[];
  readonly exitSteps: ExitSteps[];
  readonly growths: Growth[];
  readonly soaks: Soak[];
  readonly dispatches: Dispatches[];
  readonly crowds: LargeBufferSteps[];
  readonly absent: Absent[];
};

interface Site {
  readonly plan: Plan;
  readonly where: Where;
  /** Those of them that the plan has. */
  readonly among: (ids: readonly EngineId[]) => readonly EngineId[];
  readonly setting: (size: Size, rounds: number) => Setting;
}

/** Each adds to what was found in one place. */
const PARTS = {
  engines: async ({ plan, where, among, setting }, { sections, absent }) => {
    for (const size of plan.sizes) {
      const rounds = plan.rounds ?? ROUNDS.engines[size];
      const ids = among(ALL_ENGINES[where]);
      sections.push(await measureSection(setting(size, rounds), ids, absent));
    }
  },
  step: async ({ plan, where, among, setting }, { exitSteps, absent }) => {
    for (const size of plan.sizes) {
      const rounds = plan.rounds ?? ROUNDS.step[size];
      const ids = among(APP_ENGINES[where]);
      exitSteps.push(await measureExitSteps(setting(size, rounds), ids, absent));
    }
  },
  growth: async ({ plan, where, among, setting }, { growths, absent }) => {
    const rounds = plan.rounds ?? ROUNDS.growth.S;
    growths.push(...(await measureGrowth(setting('S', rounds), among(OUR_ENGINES[where]), absent)));
  },
  memory: async ({ plan, where, among, setting }, { soaks, absent }) => {
    const looks = (last: number): number[] => [last / 100, last / 10, last].map(Math.ceil);
    const measure = async (ids: readonly string[], last: number): Promise<void> => {
      soaks.push(...(await measureSoak(setting('S', 1), ids, absent, looks(last))));
    };
    await measure(among(OUR_ENGINES[where]), plan.steps);
    const inSoftware = plan.software && where === 'chromium';
    if (inSoftware) await measure(onAnyAdapter(among(['ours-webgpu'])), Math.ceil(plan.steps / 10));
  },
  dispatches: async ({ where, among, setting }, { dispatches, absent }) => {
    // Node has no WebGPU.
    if (where !== 'chromium') return;
    const ids = onAnyAdapter(among(COUNTED));
    dispatches.push(...(await countDispatches(setting('S', 1), ids, absent)));
  },
  buffer: async ({ plan, where }, { crowds }) => {
    if (where !== 'node') return;
    plan.log('node: whole steps among many histories');
    const platform = nodePlatform(() => undefined);
    crowds.push(...(await measureLargeBuffers(platform, plan.rounds ?? ROUNDS.largeBuffer)));
  },
} as const satisfies Record<string, (site: Site, found: Found) => Promise<void>>;

export type Part = keyof typeof PARTS;

export const PART_NAMES = Object.keys(PARTS).filter((name): name is Part => name in PARTS);

export async function measureAll(plan: Plan): Promise<Results> {
  const found: Found = {
    sections: [],
    exitSteps: [],
    growths: [],
    soaks: [],
    dispatches: [],
    crowds: [],
    absent: [],
  };
  const chromium = plan.wheres.includes('chromium') ? await startChromium() : undefined;
  try {
    for (const where of plan.wheres) {
      const site = siteOf(plan, where, chromium);
      for (const part of plan.parts) await PARTS[part](site, found);
    }
  } finally {
    await chromium?.close();
  }
  return {
    ...found,
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(chromium?.version),
    absent: distinct(found.absent),
    ratios: ratiosOf(found.sections),
  };
}

function siteOf(plan: Plan, where: Where, chromium: Chromium | undefined): Site {
  const open = where === 'chromium' && chromium ? chromium.open : openNodeEngine;
  const { log } = plan;
  const among = (ids: readonly EngineId[]): EngineId[] =>
    ids.filter((id) => plan.engines.includes(id));
  return { plan, where, among, setting: (size, rounds) => ({ where, size, rounds, open, log }) };
}

/** The names under which the worker lets them run in software. */
function onAnyAdapter(ids: readonly EngineId[]): string[] {
  return ids.map((id) => `${id}-any`);
}

/** Parts find the same engines absent. */
function distinct(all: readonly Absent[]): Absent[] {
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}
