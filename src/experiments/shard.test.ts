import { describe, expect, it } from 'vitest';
import { smallPlan } from './experiment.testing.ts';
import { jobsOf, readShard, shardFromEnvironment, WHOLE } from './shard.ts';

describe('jobsOf', () => {
  it('gives every job to one machine, whatever their number', () => {
    const { jobs } = smallPlan();
    for (const count of [1, 2, 3, 8, 11]) {
      const shards = Array.from({ length: count }, (_, i) => jobsOf(jobs, { index: i + 1, count }));
      const sizes = shards.map((shard) => shard.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      expect(
        shards
          .flat()
          .map(({ id }) => id)
          .sort(),
      ).toEqual(jobs.map(({ id }) => id).sort());
    }
    expect(jobsOf(jobs, WHOLE)).toEqual(jobs);
  });
});

describe('readShard', () => {
  it('reads i/n', () => expect(readShard('2/8')).toEqual({ index: 2, count: 8 }));

  it.each(['9/8', '0/8', '2', '2/', 'a/b', '-1/2', '1.5/2', ''])('refuses %j', (text) => {
    expect(() => readShard(text)).toThrow(`--shard: got "${text}", expected i/n with 1 ≤ i ≤ n`);
  });
});

describe('shardFromEnvironment', () => {
  it.each([
    [{ SLURM_ARRAY_TASK_ID: '0', SLURM_ARRAY_TASK_COUNT: '8' }, 1, 8],
    [{ SLURM_ARRAY_TASK_ID: '7', SLURM_ARRAY_TASK_COUNT: '8', SLURM_ARRAY_TASK_MIN: '0' }, 8, 8],
    [{ SLURM_ARRAY_TASK_ID: '1', SLURM_ARRAY_TASK_COUNT: '8', SLURM_ARRAY_TASK_MIN: '1' }, 1, 8],
    [
      {
        SLURM_ARRAY_TASK_ID: '14',
        SLURM_ARRAY_TASK_COUNT: '3',
        SLURM_ARRAY_TASK_MIN: '10',
        SLURM_ARRAY_TASK_STEP: '2',
      },
      3,
      3,
    ],
    [{ JOB_COMPLETION_INDEX: '0', JOB_COMPLETIONS: '4' }, 1, 4],
    [{ JOB_COMPLETION_INDEX: '3', JOB_COMPLETIONS: '4' }, 4, 4],
  ])('reads %j', (env, index, count) => {
    expect(shardFromEnvironment(env)).toEqual({ index, count });
  });

  it('is nothing outside of a cluster', () => expect(shardFromEnvironment({})).toBeUndefined());

  it.each([
    [{ SLURM_ARRAY_TASK_ID: '3' }, 'SLURM_ARRAY_TASK_COUNT: got nothing, expected a whole number'],
    [{ JOB_COMPLETION_INDEX: '3' }, 'JOB_COMPLETIONS: got nothing'],
    [{ JOB_COMPLETION_INDEX: '4', JOB_COMPLETIONS: '4' }, 'JOB_COMPLETION_INDEX: got "4"'],
    [{ JOB_COMPLETION_INDEX: 'x', JOB_COMPLETIONS: '4' }, 'JOB_COMPLETION_INDEX: got "x"'],
    // sbatch --array=1,5: its second task would be index 4 of 2.
    [
      { SLURM_ARRAY_TASK_ID: '5', SLURM_ARRAY_TASK_COUNT: '2', SLURM_ARRAY_TASK_MIN: '1' },
      'SLURM_ARRAY_TASK_ID: got "5", expected one of 2 consecutive indices',
    ],
  ])('refuses %j', (env, message) => {
    expect(() => shardFromEnvironment(env)).toThrow(message);
  });
});
