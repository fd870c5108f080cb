/** Which jobs one of several machines takes: every n-th, so that a queue of our own is not needed. */
import { refuse } from './experiment.ts';
import type { Job } from './plan.ts';

export interface Shard {
  /** From 1 to `count`. */
  readonly index: number;
  readonly count: number;
}

export const WHOLE: Shard = { index: 1, count: 1 };

export function jobsOf(jobs: readonly Job[], { index, count }: Shard): Job[] {
  return jobs.filter((_, i) => i % count === index - 1);
}

/** @throws ExperimentError unless the text is `i/n` with 1 ≤ i ≤ n. */
export function readShard(text: string, field = '--shard'): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (index !== undefined && count !== undefined && index >= 1 && index <= count) {
    return { index, count };
  }
  return refuse([{ field, value: `"${text}"`, expected: 'i/n with 1 ≤ i ≤ n, such as 2/8' }]);
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What a cluster says of the process: a Slurm array counts its tasks itself, a Kubernetes Indexed Job says
 * its index only, and its job file sets `JOB_COMPLETIONS`.
 * @returns undefined outside of both.
 * @throws ExperimentError that names the variable that is missing or does not fit.
 */
export function shardFromEnvironment(env: Environment): Shard | undefined {
  if (env['SLURM_ARRAY_TASK_ID'] !== undefined) {
    const first = whole(env, 'SLURM_ARRAY_TASK_MIN', 0);
    const step = whole(env, 'SLURM_ARRAY_TASK_STEP', 1, 1);
    const offset = (whole(env, 'SLURM_ARRAY_TASK_ID') - first) / step;
    return within(env, { offset, id: 'SLURM_ARRAY_TASK_ID', count: 'SLURM_ARRAY_TASK_COUNT' });
  }
  if (env['JOB_COMPLETION_INDEX'] !== undefined) {
    const offset = whole(env, 'JOB_COMPLETION_INDEX');
    return within(env, { offset, id: 'JOB_COMPLETION_INDEX', count: 'JOB_COMPLETIONS' });
  }
  return undefined;
}

function within(
  env: Environment,
  { offset, id, count: name }: { offset: number; id: string; count: string },
): Shard {
  const count = whole(env, name, undefined, 1);
  if (Number.isInteger(offset) && offset >= 0 && offset < count)
    return { index: offset + 1, count };
  // An array of some indices only would leave out the jobs of the others without a word.
  const expected = `one of ${count} consecutive indices (${name}); a part of an array takes --shard i/n`;
  return refuse([{ field: id, value: `"${env[id]}"`, expected }]);
}

function whole(env: Environment, name: string, fallback?: number, least = 0): number {
  const text = env[name] ?? (fallback === undefined ? '' : String(fallback));
  if (/^\d+$/.test(text) && Number(text) >= least) return Number(text);
  const value = text === '' ? 'nothing' : `"${text}"`;
  return refuse([{ field: name, value, expected: `a whole number of at least ${least}` }]);
}
