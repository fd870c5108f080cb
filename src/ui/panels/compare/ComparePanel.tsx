import type { Comparison, ShownExperiment } from '../../../app/comparison.ts';
import { ComparisonContext, useCompared } from '../../../app/comparison-hooks.ts';
import { CompareForm } from './CompareForm.tsx';
import { CompareProgress } from './CompareProgress.tsx';
import { CompareResults } from './CompareResults.tsx';
import './compare.css';

/** Plans an experiment, follows its runs, and says what they allow to be said. */
export function ComparePanel({ comparison }: { readonly comparison: Comparison }) {
  return (
    <ComparisonContext value={comparison}>
      <div className="compare-body">
        <Verdict />
        <CompareForm />
        <Failure />
        <CompareProgress />
        <CompareResults />
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
    return 'Each strategy is trained anew from several seeds and judged on the same held-out tasks.';
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
