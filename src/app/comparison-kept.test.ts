import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeptResults } from './comparison-kept.ts';
import { memoryStorage, type TextStorage } from './text-storage.ts';

function setUp(storage: TextStorage = memoryStorage(), most = 6) {
  const told: (boolean | null)[] = [];
  const kept = createKeptResults(storage, (outlasts) => told.push(outlasts), most);
  const run = async (name: string, jobs: readonly string[]): Promise<readonly string[]> => {
    const dropped = await kept.begin({ name, text: `{"name":"${name}"}`, jobs });
    for (const id of jobs) await kept.put(id, `result of ${id}`);
    return dropped;
  };
  return { kept, told, run };
}

describe('kept results', () => {
  it('drop the oldest experiments, but not the jobs that a newer one has as well', async () => {
    const { kept, run } = setUp();
    expect(await run('first', ['a', 'b', 'c'])).toEqual([]);
    expect(await run('second', ['c', 'd'])).toEqual([]);
    expect(await run('third', ['e', 'f', 'g'])).toEqual(['first']);
    expect(await kept.result('a')).toBeUndefined();
    expect(await kept.result('c')).toBe('result of c');
    expect(await kept.experiment()).toBe('{"name":"third"}');
  });

  it('count an experiment that has grown once, and keep the newest however large it is', async () => {
    const { kept, run } = setUp();
    await run('two seeds', ['a', 'b']);
    await run('four seeds', ['a', 'b', 'c', 'd']);
    const jobs = Array.from({ length: 9 }, (_, i) => `job ${i}`);
    expect(await run('large', jobs)).toEqual(['four seeds']);
    expect(await kept.result('job 8')).toBe('result of job 8');
  });

  it('hold all jobs of the newest, and no more than the most where it is smaller', async () => {
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 20 }).map(String), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(ids, { minLength: 1, maxLength: 6 }), async (experiments) => {
        const storage = memoryStorage();
        const { kept, run } = setUp(storage);
        for (const [i, jobs] of experiments.entries()) await run(`experiment ${i}`, jobs);
        const newest = experiments.at(-1)!;
        const found = await Promise.all(
          Array.from({ length: 21 }, (_, id) => kept.result(String(id))),
        );
        for (const id of newest) expect(found[Number(id)]).toBe(`result of ${id}`);
        expect(found.filter(Boolean).length).toBeLessThanOrEqual(Math.max(6, newest.length));
      }),
      { numRuns: 60 },
    );
  });

  it.each(['{', '{}', '[1]', '[{"name":"x","jobs":[1]}]'])(
    'begin anew where their list is %s',
    async (list) => {
      const storage = memoryStorage();
      await storage.write('experiments', list);
      const { run } = setUp(storage);
      expect(await run('first', ['a'])).toEqual([]);
      expect(await storage.read('experiments')).toBe('[{"name":"first","jobs":["a"]}]');
    },
  );

  it('say once that they outlast the page', async () => {
    const { told, run } = setUp();
    await run('first', ['a', 'b']);
    expect(told).toEqual([true]);
  });
});
