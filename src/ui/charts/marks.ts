/** Changes of parameters as reference lines. */
import { PARAMS } from '../../schema/params.ts';
import type { Param } from '../../schema/params.ts';
import type { ParamChange } from '../../schema/records.ts';
import { formatParam } from '../format.ts';
import { indexOfStep } from './bucket.ts';
import type { ChartData } from './bucket.ts';

export interface ReferenceMark {
  readonly x: number;
  /** Where it stands, in words; x itself if absent. */
  readonly where?: string;
  /** Short enough for a chart. */
  readonly label: string;
  /** All of it, for the table. */
  readonly words: string;
}

/** What changed, in words: `Temperature τ: 1 → 0.8`. */
export function describeMark({ param, from, to }: ParamChange): string {
  const { label, symbol }: Param = PARAMS[param];
  const name = symbol ? `${label} ${symbol}` : label;
  return `${name}: ${formatParam(param, from)} → ${formatParam(param, to)}`;
}

function shortLabel({ param, to }: ParamChange): string {
  const { label, symbol }: Param = PARAMS[param];
  return `${symbol ?? label} → ${formatParam(param, to)}`;
}

/**
 * One mark per step, in order; changes made together share a line. Before the first step nothing is
 * changed: that is what the run began with.
 */
export function referenceMarks(marks: readonly ParamChange[]): ReferenceMark[] {
  const steps = [...new Set(marks.map(({ step }) => step))].filter((step) => step > 1);
  return steps.map((x) => {
    const group = marks.filter(({ step }) => step === x);
    return {
      x,
      label: group.length === 1 ? shortLabel(group[0]!) : `${group.length} parameters`,
      words: group.map(describeMark).join('; '),
    };
  });
}

/** Marks whose x is a step, moved to where that step stands in the chart; steps still to come have no place. */
export function placeMarks(
  marks: readonly ReferenceMark[],
  { steps = [], xs }: Pick<ChartData, 'steps' | 'xs'>,
): ReferenceMark[] {
  return marks.flatMap((mark) => {
    const index = indexOfStep(steps, mark.x);
    // Inside a wide bucket of steps, a step stands where it is; on other axes, where its bucket is.
    const x = xs === steps ? mark.x : xs[index ?? -1];
    return index === null || x === undefined ? [] : [{ ...mark, x, where: `step ${mark.x}` }];
  });
}

/** The marks whose label has room: from the newest back, none closer than `minDistance` to the next. */
export function labelled(marks: readonly ReferenceMark[], minDistance: number): Set<ReferenceMark> {
  const chosen = new Set<ReferenceMark>();
  let limit = Infinity;
  for (const mark of [...marks].reverse()) {
    if (mark.x > limit) continue;
    chosen.add(mark);
    limit = mark.x - minDistance;
  }
  return chosen;
}
