/** How many histories have each score: ranks and the highest score without a pass over all of them. */

/** Fine enough that few different scores share a bin. */
const BINS = 256;
const HIGHEST = 0.25;

interface Bin {
  /** All that occur, in no order. */
  readonly scores: number[];
  /** How many have each of them. */
  readonly counts: number[];
}

export class ScoreCounts {
  private readonly bins = Array.from({ length: BINS }, (): Bin => ({ scores: [], counts: [] }));
  /** Histories in each bin. */
  private readonly totals = new Int32Array(BINS);

  add(score: number): void {
    const bin = binOf(score);
    const { scores, counts } = this.bins[bin]!;
    const at = scores.indexOf(score);
    this.totals[bin]! += 1;
    if (at >= 0) {
      counts[at]! += 1;
    } else {
      scores.push(score);
      counts.push(1);
    }
  }

  /** One of those that were added. */
  remove(score: number): void {
    const bin = binOf(score);
    const { scores, counts } = this.bins[bin]!;
    const at = scores.indexOf(score);
    this.totals[bin]! -= 1;
    counts[at]! -= 1;
    if (counts[at]! > 0) return;
    scores[at] = scores.at(-1)!;
    counts[at] = counts.at(-1)!;
    scores.pop();
    counts.pop();
  }

  clear(): void {
    this.totals.fill(0);
    for (const { scores, counts } of this.bins) scores.length = counts.length = 0;
  }

  /** 0 where there is none. */
  highest(): number {
    const top = this.totals.findLastIndex((total) => total > 0);
    return top < 0 ? 0 : this.bins[top]!.scores.reduce((most, score) => Math.max(most, score));
  }

  /** How many scores are higher than each score queried: 0 is the best rank. */
  ranksOf(queried: readonly number[]): number[] {
    const inHigherBins = new Int32Array(BINS);
    for (let at = BINS - 2; at >= 0; at--) {
      inHigherBins[at] = inHigherBins[at + 1]! + this.totals[at + 1]!;
    }
    return queried.map((score) => {
      const bin = binOf(score);
      return inHigherBins[bin]! + higherIn(this.bins[bin]!, score);
    });
  }
}

function higherIn({ scores, counts }: Bin, score: number): number {
  let higher = 0;
  scores.forEach((other, i) => {
    if (other > score) higher += counts[i]!;
  });
  return higher;
}

function binOf(score: number): number {
  return Math.min(BINS - 1, Math.trunc((score / HIGHEST) * BINS));
}
