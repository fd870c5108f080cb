import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { resultOf, SMALL, smallPlan } from '../experiment.testing.ts';
import { writeAtomically } from './atomic-file.ts';
import { checkpointsIn, clearUnfinished, openFolder } from './folder.ts';
import { writeReport } from './merge.ts';

const folders: string[] = [];
const fresh = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'exit-lab-experiment-'));
  folders.push(path);
  return path;
};
afterEach(() => folders.splice(0).forEach((path) => rmSync(path, { recursive: true })));

const plan = smallPlan();
const result = resultOf(plan.jobs[0]!, [[0.5], [0.75]]);
const file = (path: string): string => join(path, 'jobs', `${result.id}.json`);

describe('openFolder', () => {
  it('keeps results and knows them when it is opened again', async () => {
    const path = fresh();
    const folder = await openFolder(path, plan);
    await checkpointsIn(path, result.id, 1).save(new Uint8Array([1]));
    expect(folder.results()).toEqual([]);
    await folder.put(result);
    expect(folder.results()).toEqual([result]);
    const again = await openFolder(path, plan);
    expect([...again.finished]).toEqual([result.id]);
    expect(again.results()).toEqual([result]);
    expect(readdirSync(path).sort()).toEqual(['checkpoints', 'experiment.json', 'jobs']);
    expect(readdirSync(join(path, 'checkpoints'))).toEqual([]);
  });

  it('takes more seeds, and refuses the experiment without them', async () => {
    const path = fresh();
    await (await openFolder(path, plan)).put(result);
    const more = smallPlan({ seeds: { from: 1, count: 5 } });
    expect((await openFolder(path, more)).results()).toEqual([result]);
    await expect(openFolder(path, plan)).rejects.toThrow('12 of its 20 jobs are none of this');
  });

  it('refuses the folder of another experiment, and writes nothing to it', async () => {
    const path = fresh();
    await openFolder(path, plan);
    const before = readFileSync(join(path, 'experiment.json'), 'utf8');
    const other = smallPlan({ name: 'Other', base: { ...SMALL.base, temperature: 0.5 } });
    await expect(openFolder(path, other)).rejects.toThrow(
      `--out: got "${path}", the folder of "Small" (8 of its 8 jobs`,
    );
    expect(readFileSync(join(path, 'experiment.json'), 'utf8')).toBe(before);
  });

  it('refuses a folder of something else, and a file', async () => {
    const path = fresh();
    writeFileSync(join(path, 'thesis.txt'), 'mine');
    await expect(openFolder(path, plan)).rejects.toThrow('which holds thesis.txt and no');
    await expect(openFolder(join(path, 'thesis.txt'), plan)).rejects.toThrow('expected a folder');
    expect(readdirSync(path)).toEqual(['thesis.txt']);
  });

  it('names every file of a job that cannot be used, and overwrites none', async () => {
    const path = fresh();
    await (await openFolder(path, plan)).put(result);
    const truncated = readFileSync(file(path), 'utf8').slice(0, 200);
    writeFileSync(file(path), truncated);
    writeFileSync(join(path, 'jobs', `${plan.jobs[1]!.id}.json`), '{}');
    await expect(openFolder(path, plan)).rejects.toThrow(
      new RegExp(
        `${result.id}.json: is not JSON.*remove it to have ExIt, learningRate 0.001, seed 1 run again\n.*format: got nothing`,
      ),
    );
    expect(readFileSync(file(path), 'utf8')).toBe(truncated);
  });

  it('names a manifest that cannot be read', async () => {
    const path = fresh();
    writeFileSync(join(path, 'experiment.json'), '{"format":"other"}');
    await expect(openFolder(path, plan)).rejects.toThrow('format: got "other", expected');
  });
});

describe('files', () => {
  it('removes what killed processes left of its own jobs, and nothing else', async () => {
    const path = fresh();
    await (await openFolder(path, plan)).put(result);
    const jobs = join(path, 'jobs');
    writeFileSync(`${file(path)}.host-1.tmp`, 'ha');
    writeFileSync(join(jobs, 'other.json.host-1.tmp'), 'ha');
    await clearUnfinished(path, plan.jobs);
    expect(readdirSync(jobs).sort()).toEqual([`${result.id}.json`, 'other.json.host-1.tmp'].sort());
  });

  it('replaces whole files and leaves nothing beside them', async () => {
    const path = join(fresh(), 'a', 'b.txt');
    await writeAtomically(path, 'one');
    await writeAtomically(path, 'two');
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(readdirSync(join(path, '..'))).toEqual(['b.txt']);
  });

  it('has no checkpoint where none was kept', async () => {
    const path = fresh();
    mkdirSync(join(path, 'checkpoints'));
    expect(await checkpointsIn(path, 'x', 1).load()).toBeUndefined();
  });
});

describe('writeReport', () => {
  it('writes the same bytes for the same results, in whatever order they came', async () => {
    const results = plan.jobs.map((job, i) => resultOf(job, [[0.1 * i], [0.12 * i]]));
    const read = (path: string): string[] =>
      ['report.md', 'report.json', 'runs.csv', 'plots/dose-response-test-3.svg'].map((name) =>
        readFileSync(join(path, name), 'utf8'),
      );
    const [a, b] = [fresh(), fresh()];
    const first = await openFolder(a, plan);
    for (const one of results) await first.put(one);
    const second = await openFolder(b, plan);
    for (const one of [...results].reverse()) await second.put(one);
    const report = await writeReport(a, plan, first.results());
    expect(await writeReport(b, plan, second.results())).toBe(report);
    expect(read(a)).toEqual(read(b));
  });
});
