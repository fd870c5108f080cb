import { useMemo, useRef } from 'react';
import { useChartSettings, useFocus, useFocusActions } from '../../../app/hooks.ts';
import { referenceMarks } from '../../charts/marks.ts';
import { useScheduledRun } from '../../charts/useScheduledDraw.ts';
import { HeatTable } from './HeatTable.tsx';
import { quantity } from './quantities.ts';
import { Readout } from './Readout.tsx';
import './curriculum.css';

/** The picture above in numbers: the step in view, and all of them as a table. */
export function CurriculumNumbers() {
  const frame = useRef<HTMLElement>(null);
  const run = useScheduledRun(frame);
  const shown = useChartSettings(({ heat }) => heat);
  const reference = useMemo(() => referenceMarks(run.marks), [run.marks]);
  return (
    <section className="curriculum-numbers" aria-label="What the numbers say" ref={frame}>
      <div className="curriculum-below">
        <Follow />
        <Readout run={run} />
      </div>
      <HeatTable run={run} quantity={quantity(shown)} marks={reference} />
    </section>
  );
}

/** Whether the run is followed, and the way back to it. */
function Follow() {
  const following = useFocus(({ pinned }) => pinned === null);
  const { follow } = useFocusActions();
  return (
    <button
      type="button"
      className="follow"
      aria-pressed={following}
      title={following ? 'Follows the newest step' : 'Follow the newest step again (Escape)'}
      onClick={follow}
    >
      Follow
    </button>
  );
}
