import { useId } from 'react';
import type { ShownExperiment } from '../../../app/comparison.ts';
import { useCompared } from '../../../app/comparison-hooks.ts';
import type { Analysis, ArmSummary, Price } from '../../../experiments/analysis.ts';
import type { Interval } from '../../../experiments/statistics.ts';
import { formatNumber } from '../../format.ts';
import { CompareFiles } from './CompareFiles.tsx';
import { fixed, signed } from './labels.ts';

/** What the finished runs say, arm by arm, and files of it. */
export function CompareResults() {
  const shown = useCompared((state) => state.shown);
  if (shown === null) return null;
  return (
    <div className="compare-results">
      {shown.report && <Table shown={shown} analysis={shown.report.analysis} />}
      <CompareFiles shown={shown} />
    </div>
  );
}

interface TableProps {
  readonly shown: ShownExperiment;
  readonly analysis: Analysis;
}

function Table({ shown: { plan }, analysis }: TableProps) {
  const { arms, base, budgets, evaluation, targets } = plan.experiment;
  const rows = analysis.summaries.filter(({ budget }) => budget === budgets.at.at(-1));
  const target = targets[0] ?? null;
  const strategies = arms.every(({ strategy }) => strategy !== undefined);
  const note = useId();
  return (
    <>
      <p className="compare-note" id={note}>
        Quality on up to {formatNumber(evaluation.tasks)} held-out tasks after the step that reaches{' '}
        {formatNumber(budgets.at.at(-1)!)} sampled tokens: interquartile mean over{' '}
        {base.task === 'mixture' ? 'seeds and domains' : 'seeds'}, below it its 95% interval, which
        one seed does not have. Differences are means, taken seed by seed; below 8 seeds intervals
        are wide.
      </p>
      {/* A scrolling region must be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="compare-scroll" role="region" aria-label="Results" tabIndex={0}>
        <table className="compare-table" aria-describedby={note}>
          <thead>
            <tr>
              <th scope="col">{strategies ? 'strategy' : 'value'}</th>
              <th scope="col">seeds</th>
              <th scope="col">first attempt</th>
              <th scope="col">last of {evaluation.depth + 1}</th>
              <th scope="col">best of {evaluation.depth + 1}</th>
              <th scope="col">against the control</th>
              <th scope="col">chance to beat it</th>
              {target !== null && <th scope="col">tokens to reach {target}</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.arm} row={row} control={plan.control} analysis={analysis} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface RowProps {
  readonly row: ArmSummary;
  readonly control: string;
  readonly analysis: Analysis;
}

function Row({ row, control, analysis }: RowProps) {
  const { arm, seeds, budget, measures } = row;
  const comparison = analysis.comparisons.find((one) => one.arm === arm && one.budget === budget);
  const price = analysis.prices.find((one) => one.arm === arm);
  return (
    <tr>
      <th scope="row">
        {arm}
        {arm === control && <span className="unit"> control</span>}
      </th>
      <td>{seeds}</td>
      <Estimate of={measures.firstQuality} />
      <Estimate of={measures.quality} />
      <Estimate of={measures.bestQuality} />
      <Estimate
        of={
          comparison && {
            value: comparison.seeds.difference,
            interval: comparison.seeds.student,
          }
        }
        format={signed}
      />
      <Estimate of={comparison?.probabilityOfImprovement} />
      {price && (
        <td>
          {priceText(price)}
          <span className="compare-interval">
            by {price.reached} of {price.seeds} seeds
          </span>
        </td>
      )}
    </tr>
  );
}

/** What is reached at the first judgement was reached at some time before it. */
function priceText({ tokens, atMost }: Price): string {
  if (tokens === null) return 'not reached';
  return `${atMost ? 'at most ' : ''}${formatNumber(tokens)}`;
}

interface EstimateProps {
  readonly of: { readonly value: number; readonly interval: Interval | null } | undefined;
  readonly format?: (value: number) => string;
}

function Estimate({ of: estimate, format = fixed }: EstimateProps) {
  if (!estimate) return <td>—</td>;
  const { value, interval } = estimate;
  return (
    <td>
      {format(value)}
      <span className="compare-interval">
        {interval ? `[${format(interval.low)}, ${format(interval.high)}]` : '—'}
      </span>
    </td>
  );
}
