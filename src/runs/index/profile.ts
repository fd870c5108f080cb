/** Where the groups of a step started, depth by depth: a column of the curriculum's heat map. */
import { mean } from '../../base/statistics.ts';
import type { GroupRecord, StepRecord } from '../../schema/records.ts';
import { DEEPEST_PROFILED } from '../../schema/bins.ts';
import type { DepthProfile } from './queries.ts';

export function profileOf({ step, groups, metrics }: StepRecord): DepthProfile {
  const depthOf = ({ start }: GroupRecord): number => Math.min(start.depth, DEEPEST_PROFILED);
  const deepest = Math.max(0, ...groups.map(depthOf));
  const byDepth = Array.from({ length: deepest + 1 }, (_, depth) =>
    groups.filter((group) => depthOf(group) === depth),
  );
  const average = (of: (group: GroupRecord) => number): number[] =>
    byDepth.map((some) => (some.length > 0 ? mean(some.map(of)) : 0));
  return {
    step,
    count: byDepth.map(({ length }) => length),
    learnability: average((group) => group.learnability),
    distinct: average(distinctAttempts),
    quality: average(({ completions }) => mean(completions.map((one) => one.quality))),
    recency: average(({ start }) => start.recency ?? 0),
    uniformDepth: metrics['buffer/depth_mean'] ?? 0,
  };
}

/** Distinct attempts of a group as a share of all. */
function distinctAttempts({ completions }: GroupRecord): number {
  return new Set(completions.map(({ tokens }) => tokens.join(' '))).size / completions.length;
}
