import { formatNumber } from '../../format.ts';
import { rewardBins, type RewardBin } from './rewards.ts';

export interface RewardHistogramProps {
  readonly rewards: readonly number[];
  /** The bin whose completions are shown; null shows all. */
  readonly chosen: number | null;
  readonly choose: (bin: number | null) => void;
}

/** How often each reward was paid; a bar shows its completions only. */
export function RewardHistogram({ rewards, chosen, choose }: RewardHistogramProps) {
  const bins = rewardBins(rewards);
  const most = Math.max(...bins.map(({ count }) => count));
  return (
    <div className="rewards">
      <div className="rewards-head">
        <h3>Rewards</h3>
        <button
          type="button"
          className="quiet"
          disabled={chosen === null}
          onClick={() => choose(null)}
        >
          Show all
        </button>
      </div>
      <div className="reward-bars" role="group" aria-label="Completions by reward">
        {bins.map((bin, i) => (
          <button
            key={i}
            type="button"
            className="reward-bar"
            disabled={bin.count === 0}
            aria-pressed={chosen === i}
            aria-label={nameOf(bin)}
            title={nameOf(bin)}
            onClick={() => choose(chosen === i ? null : i)}
          >
            <span className="reward-count">{bin.count > 0 && bin.count}</span>
            <span className="reward-fill" style={{ height: `${(60 * bin.count) / most}px` }} />
          </button>
        ))}
      </div>
      <div className="reward-axis" aria-hidden="true">
        <span>{formatNumber(bins[0]!.from)}</span>
        <span>reward r</span>
        <span>{formatNumber(bins.at(-1)!.to)}</span>
      </div>
    </div>
  );
}

function nameOf({ from, to, count }: RewardBin): string {
  const noun = count === 1 ? 'completion' : 'completions';
  return `${count} ${noun} with a reward from ${formatNumber(from)} to ${formatNumber(to)}`;
}
