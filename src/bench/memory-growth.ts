/** Whether memory grew over a soak. */
import type { Soak } from './results.ts';

/**
 * The process may grow by this between the second look and the last: over 8,000 steps it went from 214 to
 * 232 and back to 203 MB, as its allocator likes.
 */
export const RESIDENT_SLACK = 40e6;

/**
 * What grew, in words. Arrays and bytes of the engine must not: all steps have the same shapes. The
 * process is compared from the second look on, since the first comes before it is warm.
 */
export function growthProblems({ where, label, readings }: Soak): string[] {
  const [first, second] = readings;
  const last = readings.at(-1);
  if (!first || !second || !last) return [];
  const grew = (what: string, from: number, to: number, since: number): string =>
    `${where}, ${label}: ${what} grew from ${from} after ${since} steps to ${to} after ${last.steps}`;
  const problems: string[] = [];
  if (last.blocks > first.blocks) {
    problems.push(grew('arrays', first.blocks, last.blocks, first.steps));
  }
  if (last.bytes > first.bytes) problems.push(grew('bytes', first.bytes, last.bytes, first.steps));
  const [before, after] = [second.resident, last.resident];
  if (before !== null && after !== null && after - before > RESIDENT_SLACK) {
    problems.push(grew('the process', before, after, second.steps));
  }
  return problems;
}
