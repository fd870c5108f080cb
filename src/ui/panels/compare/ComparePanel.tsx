import type { Comparison, ShownExperiment } from '../../../app/comparison.ts';
import { ComparisonContext, useCompared } from '../../../app/comparison-hooks.ts';
import { CompareCurves } from './CompareCurves.tsx';
import { CompareForm } from './CompareForm.tsx';
import { CompareProgress } from './CompareProgress.tsx';
import { CompareResults } from './CompareResults.tsx';
import { RunsTable } from './RunsTable.tsx';
import './compare.css';

/** The runs that are kept side by side; and an experiment: planned, followed, and what it allows to be said. */
export function ComparePanel({ comparison }: { readonly comparison: Comparison }) {
  return (
    <ComparisonContext value={comparison}>
      <div className="compare-body">
        <RunsTable />
        <section className="compare-repeat" aria-label="Repeat">
          <h3>Repeat over seeds</h3>
          <Verdict />
          <CompareForm />
          <Failure />
          <Dropped />
          <CompareProgress />
          <CompareCurves />
          <CompareResults />
        </section>
      </div>
    </ComparisonContext>
  );
}

function Verdict() {
  const shown = useCompared((state) => state.shown);
  return (
    <p className="compare-verdict" role="status">
      {verdictOf(shown)}
    </p>
  );
}

function verdictOf(shown: ShownExperiment | null): string {
  if (!shown?.report) {
    return 'Each is trained anew from several seeds and judged on the same held-out tasks.';
  }
  const { analysis, verdict } = shown.report;
  if (shown.plan.arms.length === 1) return 'The control alone has nothing to be compared with.';
  return `${analysis.finished === analysis.planned ? '' : 'So far: '}${verdict}`;
}

function Failure() {
  const failure = useCompared((state) => state.failure);
  if (failure === null) return null;
  return (
    <p className="compare-failure" role="alert">
      {failure}
    </p>
  );
}

/** What is gone for lack of room is not gone without a word. */
function Dropped() {
  const dropped = useCompared((state) => state.dropped);
  if (dropped.length === 0) return null;
  return (
    <p className="compare-note" role="status">
      To make room, results of the oldest experiments were dropped: {dropped.join('; ')}.
    </p>
  );
}
