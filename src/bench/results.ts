/** What a run of the bench found out, as it is written to a file; and the rows that are read off it. */
import type { Arithmetic } from './arithmetic.ts';
import { PHASES, type Phase, type Reply } from './protocol.ts';
import { speedRatio, spreadOf, type Spread } from './ratios.ts';
import { BATCH, NEW_TOKENS, TIME, type Size } from './workload.ts';

export const WHERES = ['node', 'chromium'] as const;
export type Where = (typeof WHERES)[number];

export interface Measured {
  readonly id: string;
  readonly label: string;
  /** Of the first training steps. */
  readonly losses: readonly number[];
  /** Share of tokens drawn that plain TensorFlow.js drew too, from the first weights. */
  readonly agreement: number | null;
  /** Milliseconds, round by round. */
  readonly times: Readonly<Partial<Record<Phase, readonly number[]>>>;
  readonly counts: Readonly<Partial<Record<Phase, NonNullable<Reply<'count'>>>>>;
  /** What its backend reached at best in this run; absent where the engine is not TensorFlow.js. */
  readonly floor?: Reply<'floor'>;
}

export interface Absent {
  readonly id: string;
  readonly problem: string;
}

/** All contenders side by side, in one place at one size. */
export interface Section {
  readonly where: Where;
  readonly size: Size;
  readonly arithmetic: Arithmetic;
  readonly measured: readonly Measured[];
  readonly absent: readonly Absent[];
}

export interface ExitSteps {
  readonly where: Where;
  readonly steps: readonly Reply<'exitStep'>[];
}

export interface Results {
  readonly date: string;
  readonly machine: readonly string[];
  readonly rounds: number;
  readonly sections: readonly Section[];
  readonly exitSteps: readonly ExitSteps[];
  /** Times as fast as plain TensorFlow.js: `where/size/phase/contender` → median. */
  readonly ratios: Readonly<Record<string, number>>;
}

export interface Row {
  readonly key: string;
  readonly label: string;
  readonly ms: Spread;
  readonly tokensPerSecond: number;
  /** Times as fast as plain TensorFlow.js on the same backend. */
  readonly ratio?: Spread;
  /** Of the arithmetic that a product of matrices reaches in the same time. */
  readonly share?: number;
}

export const TOKENS = { train: BATCH * TIME, sample: BATCH * NEW_TOKENS } as const;

export function rowsOf(section: Section, phase: Phase): Row[] {
  return section.measured.flatMap((measured) => {
    const times = measured.times[phase];
    return times ? [rowOf(section, phase, measured, times)] : [];
  });
}

function rowOf(section: Section, phase: Phase, measured: Measured, times: readonly number[]): Row {
  const reference = referenceOf(section, measured.id);
  const plain = reference?.times[phase];
  const product = reference?.floor?.product;
  const ms = spreadOf(times);
  return {
    key: `${section.where}/${section.size}/${phase}/${measured.id}`,
    label: measured.label,
    ms,
    tokensPerSecond: (TOKENS[phase] / ms.median) * 1000,
    ...(plain && { ratio: speedRatio(times, plain) }),
    ...(product && { share: section.arithmetic[phase] / 1e6 / ms.median / product }),
  };
}

/** Plain TensorFlow.js on the contender's backend; on wasm for what has no backend. */
export function referenceOf({ measured }: Section, id: string): Measured | undefined {
  const reference = `plain-${id.endsWith('-webgpu') ? 'webgpu' : 'wasm'}`;
  return measured.find((candidate) => candidate.id === reference);
}

export function ratiosOf(sections: readonly Section[]): Record<string, number> {
  const rows = sections.flatMap((section) => PHASES.flatMap((phase) => rowsOf(section, phase)));
  return Object.fromEntries(rows.flatMap(({ key, ratio }) => (ratio ? [[key, ratio.median]] : [])));
}
