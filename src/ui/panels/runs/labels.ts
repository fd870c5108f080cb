/** What the list says of a run, in words. */
import { PARAMS } from '../../../schema/params.ts';
import { STRATEGIES } from '../../../schema/presets.ts';
import type { RunSummary } from '../../../runs/store/run-store.ts';
import { formatFixed, formatNumber } from '../../format.ts';

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `3 minutes ago`. */
export function formatAgo(then: number, now: number): string {
  for (const [unit, ms] of UNITS) {
    if (now - then >= ms) return relative.format(-Math.floor((now - then) / ms), unit);
  }
  return 'just now';
}

/** `ExIt · Locks, small (4 dials × 3) · seed 1`. */
export function describeRun({ strategy, task, seed }: RunSummary): string {
  const tasks: Readonly<Record<string, string>> = PARAMS.task.options;
  const strategies: Readonly<Record<string, { readonly label: string }>> = STRATEGIES;
  const name = strategies[strategy]?.label ?? 'a strategy of its own';
  return [name, tasks[task] ?? task, `seed ${seed}`].join(' · ');
}

/** `step 140 · held-out 0.52 ± 0.04 at step 120`. */
export function describeProgress({ step, quality }: RunSummary): string {
  const done = `step ${formatNumber(step)}`;
  if (quality === null) return done;
  const { mean, ci95, step: at } = quality;
  const when = at === step ? '' : ` at step ${formatNumber(at)}`;
  return `${done} · held-out ${formatFixed(mean)} ± ${formatFixed(ci95)}${when}`;
}
