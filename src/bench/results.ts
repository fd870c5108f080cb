/** What a run of the bench found out, as it is written to a file; and the rows that are read off it. */
import type { Arithmetic } from './arithmetic.ts';
import type { LargeBufferSteps } from './large-buffer.ts';
import { PHASES, type Phase } from './engine.ts';
import { leastSquares, type Line } from './line-fit.ts';
import type { Reply } from './protocol.ts';
import { medianInterval, speedRatio, spreadOf, type Interval, type Spread } from './ratios.ts';
import { BATCH, NEW_TOKENS, TIME, type Size } from './workload.ts';

export const WHERES = ['node', 'chromium'] as const;
export type Where = (typeof WHERES)[number];

export type RooflineReply = Reply<'roofline'>;

export interface Measured {
  readonly id: string;
  readonly label: string;
  /** Of all training steps, the one to warm up first. */
  readonly losses: readonly number[];
  /** Share of tokens drawn that plain TensorFlow.js drew too, from the first weights. */
  readonly agreement: number | null;
  /** Milliseconds, round by round. */
  readonly times: Readonly<Partial<Record<Phase, readonly number[]>>>;
  readonly counts: Readonly<Partial<Record<Phase, NonNullable<Reply<'count'>>>>>;
  /** What its kernels reached at best in this run; absent where they cannot be run alone. Spelled as records have it. */
  readonly floor?: RooflineReply;
}

/** An engine that could not run, and why. */
export interface Absent {
  readonly where: Where;
  readonly id: string;
  readonly problem: string;
}

/** All engines side by side, in one place at one size. */
export interface Section {
  readonly where: Where;
  readonly size: Size;
  readonly rounds: number;
  readonly arithmetic: Arithmetic;
  readonly measured: readonly Measured[];
}

/** Whole steps of a run of the app, engine beside engine. */
export interface ExitSteps {
  readonly where: Where;
  readonly size: Size;
  readonly engines: readonly {
    readonly id: string;
    readonly label: string;
    readonly steps: readonly Reply<'exitStep'>[];
  }[];
}

/** Training steps of one engine at growing batches. */
export interface Growth {
  readonly where: Where;
  readonly size: Size;
  readonly id: string;
  readonly label: string;
  readonly points: readonly { readonly tokens: number; readonly ms: readonly number[] }[];
}

/** What one engine held after so many small steps. */
export interface Soak {
  readonly where: Where;
  readonly id: string;
  readonly label: string;
  readonly readings: readonly (Reply<'soak'> & { readonly steps: number })[];
}

/** What one engine asks of WebGPU, whatever the adapter. */
export interface Dispatches {
  readonly size: Size;
  readonly id: string;
  readonly label: string;
  /** Sequences and prompts: fewer than are timed, since a software adapter is slow. */
  readonly batch: number;
  readonly phases: Readonly<Record<Phase, Reply<'dispatches'>>>;
}

export interface Results {
  readonly date: string;
  readonly machine: readonly string[];
  readonly sections: readonly Section[];
  readonly exitSteps: readonly ExitSteps[];
  readonly growths: readonly Growth[];
  readonly soaks: readonly Soak[];
  /** Spelled as records have it. */
  readonly crowds: readonly LargeBufferSteps[];
  readonly dispatches: readonly Dispatches[];
  readonly absent: readonly Absent[];
  /** How many times as fast ours is as an engine: `where/size/phase/ours/engine`. */
  readonly ratios: Readonly<Record<string, Interval>>;
}

/** What has a table: the phases, and the two added, round by round, as a step of ExIt takes both. */
export const TABLES = [...PHASES, 'both'] as const;
export type Table = (typeof TABLES)[number];

export interface Row {
  readonly label: string;
  readonly ms: Spread;
  readonly tokensPerSecond: number;
  /** Times as fast as plain TensorFlow.js on the same backend. */
  readonly ratio?: Spread;
  /** How many times as fast our engine on that backend is as this one. */
  readonly lead?: Spread;
  /** Of the time: what the arithmetic would take at the speed of a bare product of matrices. */
  readonly rooflineShare?: number;
}

export const TOKENS = {
  train: BATCH * TIME,
  sample: BATCH * NEW_TOKENS,
  both: BATCH * (TIME + NEW_TOKENS),
} as const satisfies Record<Table, number>;

/** Milliseconds, round by round; undefined where the engine has no such phase. */
export function timesOf({ times }: Measured, table: Table): readonly number[] | undefined {
  if (table !== 'both') return times[table];
  const { train, sample } = times;
  return train && sample && train.map((ms, round) => ms + sample[round]!);
}

export function rowsOf(section: Section, table: Table): Row[] {
  return section.measured.flatMap((measured) => {
    const times = timesOf(measured, table);
    return times ? [rowOf(section, table, measured, times)] : [];
  });
}

function rowOf(section: Section, table: Table, measured: Measured, times: readonly number[]): Row {
  const beside = (prefix: string): readonly number[] | undefined => {
    const other = peerOf(section, prefix, measured.id);
    return other && timesOf(other, table);
  };
  const [plain, ours] = [beside('plain'), beside('ours')];
  const product = rooflineOf(section, measured.id)?.product;
  const ms = spreadOf(times);
  return {
    label: measured.label,
    ms,
    tokensPerSecond: (TOKENS[table] / ms.median) * 1000,
    ...(plain && { ratio: speedRatio(times, plain) }),
    ...(ours && { lead: speedRatio(ours, times) }),
    ...(product && { rooflineShare: arithmetic(section, table) / 1e6 / product / ms.median }),
  };
}

/** Floating-point operations. */
export function arithmetic({ arithmetic: { train, sample } }: Section, table: Table): number {
  return { train, sample, both: train + sample }[table];
}

/** The engine of another kind on the same backend; on wasm for what has no backend. */
export function peerOf(
  { measured }: Pick<Section, 'measured'>,
  prefix: string,
  id: string,
): Measured | undefined {
  const peer = `${prefix}-${backendOf(id)}`;
  return measured.find((candidate) => candidate.id === peer);
}

function backendOf(id: string): 'webgpu' | 'wasm' {
  return id.endsWith('-webgpu') ? 'webgpu' : 'wasm';
}

/** The best that any engine on the same backend reached. */
export function rooflineOf({ measured }: Section, id: string): RooflineReply | undefined {
  const rooflines = measured.flatMap((other) =>
    other.floor && backendOf(other.id) === backendOf(id) ? [other.floor] : [],
  );
  return bestRoofline(rooflines);
}

export function bestRoofline(rooflines: readonly RooflineReply[]): RooflineReply | undefined {
  if (rooflines.length === 0) return undefined;
  return {
    product: Math.max(...rooflines.map(({ product }) => product)),
    copy: Math.max(...rooflines.map(({ copy }) => copy)),
  };
}

/** Our engines' rounds beside those of each engine on the same backend: key → ratios, by round. */
export function pairedRatios(sections: readonly Section[]): Record<string, number[]> {
  const entries = sections.flatMap((section) =>
    PHASES.flatMap((phase) =>
      section.measured.flatMap((other): [string, number[]][] => {
        const ours = peerOf(section, 'ours', other.id);
        const [own, theirs] = [ours?.times[phase], other.times[phase]];
        if (!ours || ours === other || !own || !theirs) return [];
        const key = `${section.where}/${section.size}/${phase}/${ours.id}/${other.id}`;
        return [[key, own.map((ms, round) => theirs[round]! / ms)]];
      }),
    ),
  );
  return Object.fromEntries(entries);
}

export function ratiosOf(sections: readonly Section[]): Record<string, Interval> {
  const paired = Object.entries(pairedRatios(sections));
  return Object.fromEntries(paired.map(([key, ratios]) => [key, medianInterval(ratios)]));
}

/** Milliseconds of a step by thousands of tokens, through the medians. */
export function lineOf({ points }: Growth): Line {
  return leastSquares(
    points.map(({ tokens, ms }) => ({ x: tokens / 1000, y: spreadOf(ms).median })),
  );
}
