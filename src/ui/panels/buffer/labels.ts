/** Names of what the buffer holds, as its table and its filters say them. */
import { RECENCY_BINS, DEEPEST_PROFILED } from '../../../schema/bins.ts';
import type { Mode } from '../../../tasks/task.ts';
import type { BufferFilter, BufferRow } from '../../../runs/index/queries.ts';

/** In the order of the indices that rows and maps carry. */
export const MODE_NAMES = ['solve', 'improve', 'diverge'] as const satisfies readonly Mode[];

export function modeName(index: number): Mode {
  return MODE_NAMES[index] ?? 'solve';
}

export interface DomainName {
  readonly id: string;
  /** `Locks`, of `Locks, small (4 dials × 3)`. */
  readonly name: string;
}

/** What the domains of a mixture are called where there is little room. */
export function domainNames(
  domains: readonly { readonly id: string; readonly label: string }[],
): readonly DomainName[] {
  return domains.map(({ id, label }) => ({ id, name: label.split(/\s*[,(]/)[0]! }));
}

export function depthName(depth: number): string {
  return depth === DEEPEST_PROFILED ? `${depth}+` : String(depth);
}

export function binName(bin: number): string {
  return RECENCY_BINS[bin]?.label ?? '';
}

/** "depth 3, 5–8 steps old"; null where no cell is chosen. */
export function cellLabel({ depth, bin }: Pick<BufferFilter, 'depth' | 'bin'>): string | null {
  if (depth === null || bin === null) return null;
  const unit = binName(bin) === '1' ? 'step' : 'steps';
  return `depth ${depthName(depth)}, ${binName(bin)} ${unit} old`;
}

/** The latest attempt in its words; a base task has none yet. */
export function shortAttempt({ latest }: BufferRow): string {
  return latest === null ? 'no attempt yet' : latest.tokens.join(' ') || 'empty';
}
