import { useMemo, useRef } from 'react';
import { curriculumVerdict, verdictSentence } from '../../../app/curriculumVerdict.ts';
import { isUnchanged } from '../../../app/control.ts';
import { heldOutNews } from '../../../app/heldOutNews.ts';
import {
  useChartSettings,
  useControlBaseline,
  useFocus,
  useFocusActions,
} from '../../../app/hooks.ts';
import { referenceMarks } from '../../charts/marks.ts';
import { useScheduledRun } from '../../charts/useScheduledDraw.ts';
import { HeatTable } from './HeatTable.tsx';
import { quantity } from './quantities.ts';
import { Readout } from './Readout.tsx';
import './curriculum.css';

/** The picture above in words and numbers: whether choosing can matter, whether it got better, and the step in view. */
export function CurriculumNumbers() {
  const frame = useRef<HTMLElement>(null);
  const control = useControlBaseline();
  const run = useScheduledRun(frame);
  const shown = useChartSettings(({ heat }) => heat);
  const { history, evaluations, marks } = run;
  const sentence = useMemo(() => verdictSentence(curriculumVerdict(history)), [history]);
  const beside = control !== null && isUnchanged(marks) ? control.evaluations : null;
  const news = useMemo(() => heldOutNews(evaluations, beside), [evaluations, beside]);
  const reference = useMemo(() => referenceMarks(marks), [marks]);
  return (
    <section className="curriculum-numbers" aria-label="What the numbers say" ref={frame}>
      <p data-testid="curriculum-verdict">
        {sentence ?? 'Whether choosing starts can matter here is said as soon as some were chosen.'}
      </p>
      <p data-testid="held-out-news">
        {news ?? 'Held-out quality is said here as soon as it was measured.'}
      </p>
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
