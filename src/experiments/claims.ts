/** What the paper says beside what was measured, read from docs/results.md: the page shows the same. */
import { ExperimentError } from './experiment.ts';

export interface Claim {
  readonly paper: string;
  /** What was measured, with intervals as `+0.1 [+0.0, +0.2]`. */
  readonly here: string;
  readonly follows: string;
}

const HEADING = '## What the paper says, and what we measured';

/** @throws ExperimentError where the table of claims is missing, or has other columns. */
export function claimsOf(results: string): readonly Claim[] {
  const [, after = ''] = results.split(`${HEADING}\n`);
  const [section = ''] = after.split('\n## ');
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  // The first two are the names of the columns, and the line below them.
  const claims = rows.slice(2).map((row) => {
    const cells = row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (cells.length !== 3) {
      throw new ExperimentError(`results.md: got the row "${row}", expected three columns`);
    }
    const [paper, here, follows] = cells;
    return { paper: paper!, here: here!, follows: follows! };
  });
  if (claims.length === 0) {
    throw new ExperimentError(`results.md: got no table below "${HEADING}", expected the claims`);
  }
  return claims;
}
