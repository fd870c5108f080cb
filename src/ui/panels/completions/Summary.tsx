import { useIsReopened } from '../../../app/hooks.ts';
import type { ArchiveRange, CompletionPage } from '../../../runs/index/queries.ts';
import { formatNumber } from '../../format.ts';

export interface SummaryProps {
  readonly page: CompletionPage | null;
  readonly filtered: boolean;
  readonly until: number | null;
  readonly setFollowing: (follows: boolean) => void;
}

const EMPTY = 'Press play: every attempt of the run is kept here.';
const REOPENED =
  'A saved run does not carry its attempts along: from the next step on they are kept here.';

/** How many there are and where they were looked for. */
export function Summary({ page, filtered, until, setFollowing }: SummaryProps) {
  const reopened = useIsReopened();
  if (!page?.range) {
    return <p className="completions-note">{reopened ? REOPENED : EMPTY}</p>;
  }
  return (
    <div className="completions-summary">
      {/* Counts that rise by themselves are not read out; what a filter found is. */}
      <p aria-live={until === null && !filtered ? 'off' : 'polite'}>
        <b>{formatNumber(page.total)}</b> {page.total === 1 ? 'completion' : 'completions'}
        {filtered && ' found'} in {rangeText(page.range)}
      </p>
      <label className="completions-follow">
        <input
          type="checkbox"
          role="switch"
          className="switch"
          checked={until === null}
          onChange={(event) => setFollowing(event.currentTarget.checked)}
        />
        {until === null ? 'Follows the run' : `Held at step ${formatNumber(until)}`}
      </label>
    </div>
  );
}

function rangeText({ from, to }: ArchiveRange): string {
  const steps =
    from === to
      ? `step ${formatNumber(from)}`
      : `steps ${formatNumber(from)} to ${formatNumber(to)}`;
  return from > 1 ? `${steps}; older ones are not kept` : steps;
}
