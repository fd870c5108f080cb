import { useMemo, useState } from 'react';
import { useChartSettings } from '../../../app/hooks.ts';
import type { RunState } from '../../../app/run.ts';
import { referenceMarks, type ReferenceMark } from '../../charts/marks.ts';
import { formatNumber } from '../../format.ts';
import { heatColumns, NO_COLUMNS } from './columns.ts';
import type { HeatColumns } from './columns.ts';
import { spanOf } from './geometry.ts';
import type { Span } from './geometry.ts';
import type { ColorScale } from './heatMapRenderer.ts';
import { quantity, scaleTop } from './quantities.ts';
import type { QuantityId } from './quantities.ts';

export interface Heat {
  readonly columns: HeatColumns;
  readonly colorScale: ColorScale;
  readonly span: Span;
  readonly marks: readonly ReferenceMark[];
  /** In one sentence, for those who do not see it. */
  readonly summary: string;
}

/** What the heat map draws of a run, in the colours that are chosen. */
export function useHeat(run: RunState, width: number): Heat {
  const chosen = useChartSettings(({ heat }) => heat);
  const columns = useColumns(run, Math.max(1, width));
  const colorScale = useColorScale(columns, chosen);
  const span = spanOf(run.profiles.steps, run.profiles.length);
  const marks = useMemo(() => referenceMarks(run.marks), [run.marks]);
  return { columns, colorScale, span, marks, summary: summaryOf(run, columns, span) };
}

/** The columns of the run as it stands; what is there already is kept. */
function useColumns({ profiles, history }: RunState, most: number): HeatColumns {
  const [held, setHeld] = useState({ profiles, most: 0, columns: NO_COLUMNS });
  if (held.profiles === profiles && held.most === most) return held.columns;
  const columns = heatColumns(held.columns, profiles, history, most);
  setHeld({ profiles, most, columns });
  return columns;
}

function useColorScale(columns: HeatColumns, chosen: QuantityId): ColorScale {
  return useMemo(() => {
    const one = quantity(chosen);
    return { quantity: one, top: scaleTop(columns, one) };
  }, [columns, chosen]);
}

function summaryOf({ profiles }: RunState, columns: HeatColumns, { first, count }: Span): string {
  if (count === 0) return 'Start depth by training step: no step yet';
  const at = columns.length - 1;
  const mean = (of: 'depth' | 'control'): string =>
    formatNumber(columns[of][at]! / columns.groups[at]!);
  return (
    `Start depth by training step, steps ${first} to ${first + count - 1}: ` +
    `deepest ${profiles.deepest}; lately a mean of ${mean('depth')}, ` +
    `${mean('control')} for a uniform draw from the same buffer`
  );
}
