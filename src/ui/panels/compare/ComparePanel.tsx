import type { Comparison } from '../../../app/comparison.ts';
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
  const verdict = useCompared(({ shown }) => shown?.report?.verdict ?? null);
  const complete = useCompared(
    ({ shown }) => shown?.report?.analysis.finished === shown?.report?.analysis.planned,
  );
  return (
    <p className="compare-verdict" role="status">
      {verdict === null
        ? 'Each strategy is trained anew from several seeds and judged on the same held-out tasks.'
        : `${complete ? '' : 'So far: '}${verdict}`}
    </p>
  );
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
