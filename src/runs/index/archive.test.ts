import { describe, expect, it } from 'vitest';
import type { StepRecord } from '../../schema/records.ts';
import { DEFAULT_CONFIG, type Config } from '../../schema/params.ts';
import { createSession } from '../../training/create-session.ts';
import type { BufferQuery, CompletionQuery } from './queries.ts';
import { Archive } from './archive.ts';
import { createBufferViewer, recencyBin } from './buffer-view.ts';
import { profileOf } from './profile.ts';

const ALL: CompletionQuery = {
  text: '',
  modes: [],
  solved: null,
  quality: [0, 1],
  steps: null,
  depths: null,
  taskId: null,
  sort: { by: 'step', descending: true },
  offset: 0,
  limit: 1000,
};

/** A real run on locks, from random weights: everything below is compared with its own records. */
async function trainSome(steps: number) {
  const config: Config = {
    ...DEFAULT_CONFIG,
    ...{ warmStartSteps: 80, hiddenSize: 32, numLayers: 1, numHeads: 2, intermediateSize: 48 },
    ...{ batchGroups: 6, groupSize: 4, bufferMin: 1, bufferCapacity: 12, trainTasks: 3 },
    ...{ evalEvery: 0, init: 'scratch', backend: 'wasm' },
  };
  const session = await createSession(config, {
    assets: () => Promise.reject(new Error('none')),
    clock: () => 0,
    onLoading: () => undefined,
  });
  const records: StepRecord[] = [];
  for (let i = 0; i < steps; i++) records.push((await session.step()).record);
  return { session, records };
}

const { session, records } = await trainSome(12);
const archive = new Archive();
records.forEach((record) => archive.add(record));
const everyCompletion = records.flatMap(({ step, groups }) =>
  groups.flatMap(({ start, completions }, group) =>
    completions.map((completion, index) => ({ step, group, index, start, completion })),
  ),
);
const insertions = everyCompletion.filter(({ completion }) => completion.insertedAs !== null);

describe('the archive of a run', () => {
  it('gives every record back, to the precision of 32-bit floats', () => {
    for (const record of records) {
      const back = archive.record(record.step)!;
      expect(round(back)).toEqual(round(record));
    }
    expect(archive.range()).toEqual({ from: 1, to: 12 });
    expect([archive.record(0), archive.record(13)]).toEqual([null, null]);
  });

  it('lets the oldest steps go when it is full', () => {
    const small = new Archive(20_000);
    records.forEach((record) => small.add(record));
    const { from, to } = small.range()!;
    expect(to).toBe(12);
    expect(from).toBeGreaterThan(1);
    expect(small.record(from)?.step).toBe(from);
    expect(small.record(from - 1)).toBeNull();
  });
});

describe('search', () => {
  it('finds all completions, newest first', () => {
    const { total, rows } = archive.search(ALL);
    expect(total).toBe(everyCompletion.length);
    expect(rows.map(placeOf)).toEqual([...everyCompletion].reverse().map(placeOf));
  });

  it('filters by mode, depth, quality, step, task and text', () => {
    const { taskId } = records.at(-1)!.groups[0]!.start;
    const query: CompletionQuery = {
      ...{ ...ALL, modes: ['improve', 'solve'], quality: [0.2, 0.9], steps: [3, 11] },
      ...{ depths: [0, 3], taskId, sort: { by: 'step', descending: false } },
    };
    const expected = everyCompletion.filter(
      ({ step, start, completion: { quality } }) =>
        start.mode !== 'diverge' &&
        start.depth <= 3 &&
        start.taskId === taskId &&
        quality >= 0.2 &&
        quality <= 0.9 &&
        step >= 3 &&
        step <= 11,
    );
    expect(expected.length).toBeGreaterThan(0);
    expect(archive.search(query).rows.map(placeOf)).toEqual(expected.map(placeOf));
  });

  it('reads words that follow each other, the last one begun', () => {
    const { completion } = everyCompletion.find(({ completion: c }) => c.tokens.length >= 3)!;
    const [first, second] = completion.tokens;
    const expected = everyCompletion.filter(({ completion: { tokens, feedback } }) =>
      [tokens, feedback].some((list) =>
        list.some((word, i) => word === first && list[i + 1]?.startsWith(second!)),
      ),
    );
    const found = archive.search({ ...ALL, text: `${first} ${second}` });
    expect(found.total).toBe(expected.length);
    expect(archive.search({ ...ALL, text: 'nowhere' }).total).toBe(0);
  });

  it('sorts by a column and pages through', () => {
    const sort = { by: 'quality', descending: true } as const;
    const whole = archive.search({ ...ALL, sort }).rows.map(({ completion }) => completion.quality);
    expect(whole).toEqual([...whole].sort((a, b) => b - a));
    const page = archive.search({ ...ALL, sort, offset: 10, limit: 5 });
    expect(page.rows.map(({ completion }) => completion.quality)).toEqual(whole.slice(10, 15));
    expect(page).toMatchObject({ total: whole.length, offset: 10 });
  });

  it('pages through the order of steps from either end', () => {
    for (const descending of [true, false]) {
      const query: CompletionQuery = {
        ...{ ...ALL, quality: [0.2, 1], sort: { by: 'step', descending } },
      };
      const whole = archive.search(query).rows.map(placeOf);
      const pages = [0, 37, 74].flatMap((offset) =>
        archive.search({ ...query, offset, limit: 37 }).rows.map(placeOf),
      );
      expect(whole.length).toBeGreaterThan(74);
      expect(pages).toEqual(whole.slice(0, 111));
    }
  });

  it('puts the newest first among equals', () => {
    const sort = { by: 'depth', descending: false } as const;
    const { rows } = archive.search({ ...ALL, sort });
    const expected = [...everyCompletion].reverse().sort((a, b) => a.start.depth - b.start.depth);
    expect(rows.map(placeOf)).toEqual(expected.map(placeOf));
  });

  it('finds what came since it was asked the same', () => {
    const growing = new Archive();
    const query: CompletionQuery = { ...ALL, quality: [0.3, 1], text: 'v' };
    for (const record of records) {
      growing.add(record);
      const fresh = new Archive();
      records.filter(({ step }) => step <= record.step).forEach((one) => fresh.add(one));
      expect(growing.search(query).total).toBe(fresh.search(query).total);
    }
  });

  it('finds a quality that 32 bits cannot hold exactly', () => {
    const { quality } = everyCompletion.find(
      ({ completion: c }) => c.quality % 0.25 !== 0,
    )!.completion;
    expect(Math.fround(quality)).not.toBe(quality);
    const expected = everyCompletion.filter(({ completion: c }) => c.quality === quality);
    expect(archive.search({ ...ALL, quality: [quality, quality] }).total).toBe(expected.length);
  });
});

describe('lineage', () => {
  it('holds every history of a task under its parent, and knows which are in the buffer', () => {
    const alive = new Set(session.buffer().entries.map(({ id }) => id));
    for (const { taskId, histories } of archive.tasks(10)) {
      const lineage = archive.lineage(taskId);
      const own = insertions.filter(({ start }) => start.taskId === taskId);
      expect([...lineage.id]).toEqual(own.map(({ completion }) => completion.insertedAs));
      expect(lineage.id.length).toBe(histories);
      own.forEach(({ start, completion }, i) => {
        expect(lineage.depth[i]).toBe(start.depth + 1);
        const parent = lineage.parent[i]!;
        expect(parent < 0 ? null : lineage.id[parent]).toBe(start.historyId);
        expect(lineage.alive[i]).toBe(Number(alive.has(completion.insertedAs!)));
        const leaving = records.find(({ evictedIds }) =>
          evictedIds.includes(completion.insertedAs!),
        );
        expect(lineage.leftAt[i]).toBe(leaving?.step ?? 0);
      });
    }
  });

  it('keeps a task in its places while others are looked at, and tells tasks in words', () => {
    const [first, ...others] = archive.tasks(10, (instance) => JSON.stringify(instance));
    const { lane } = archive.lineage(first!.taskId);
    others.forEach(({ taskId }) => archive.lineage(taskId));
    expect(archive.lineage(first!.taskId).lane).toEqual(lane);
    expect(first!.text).toBe(JSON.stringify(first!.instance));
  });

  it('finds a history with what it started from', () => {
    const { step, group, index, completion, start } = insertions.at(-1)!;
    const detail = archive.history(completion.insertedAs!)!;
    expect(detail).toMatchObject({ step, group, completion: index, start });
    expect(detail.attempt.tokens).toEqual(completion.tokens);
    expect(archive.history(1e9)).toBeNull();
  });
});

describe('the buffer', () => {
  it('follows from the records: scores and uses included', () => {
    const strip = (rows: readonly { id: number; score: number; uses: number; depth: number }[]) =>
      rows.map(({ id, score, uses, depth }) => ({ id, score: score.toFixed(6), uses, depth }));
    expect(strip(archive.bufferSnapshot())).toEqual(strip(session.buffer().entries));
  });

  const whole: BufferQuery = {
    ...{ depth: null, bin: null, modes: [], text: '', offset: 0, limit: 1000 },
    sort: { by: 'score', descending: true },
  };
  const ids = (query: Partial<BufferQuery>): number[] =>
    view(session.buffer(), { ...whole, ...query }).rows.map(({ id }) => id);
  const view = createBufferViewer();

  it('is counted by depth and recency, sorted and cut into pages', () => {
    const { entries, step } = session.buffer();
    expect(step).toBe(12);
    const page = view(session.buffer(), { ...whole, offset: 2, limit: 3 });
    expect([page.size, page.total, page.offset]).toEqual([entries.length, entries.length, 2]);
    expect(page.cells.reduce((sum, { count }) => sum + count, 0)).toBe(entries.length);
    for (const { depth, bin, count, learnability } of page.cells) {
      const own = entries.filter(
        (entry) => entry.depth === depth && recencyBin(step - entry.createdStep) === bin,
      );
      expect(own.length).toBe(count);
      const sum = own.reduce((total, { score }) => total + score, 0);
      expect(learnability).toBeCloseTo(sum / count, 12);
    }
    const scores = entries.map(({ score }) => score).sort((a, b) => b - a);
    expect(page.rows.map(({ score }) => score)).toEqual(scores.slice(2, 5));
    expect([0, 1, 4, 5, 64, 65, 9999].map(recencyBin)).toEqual([0, 1, 3, 4, 7, 8, 8]);
  });

  it('is filtered by cell, mode and text', () => {
    const { entries, step } = session.buffer();
    const sort = { by: 'id', descending: false } as const;
    const { depth, createdStep, mode, history } = entries.at(-1)!;
    const bin = recencyBin(step - createdStep);
    const inCell = entries.filter((entry) => {
      return entry.depth === depth && recencyBin(step - entry.createdStep) === bin;
    });
    expect(ids({ sort, depth, bin })).toEqual(inCell.map(({ id }) => id));
    const own = entries.filter((entry) => entry.mode === mode);
    expect(ids({ sort, modes: [mode] })).toEqual(own.map(({ id }) => id));
    const [first, second] = history.latest!.tokens;
    const text = `${first!} ${second!}`;
    const speaking = entries.filter(({ history: { latest } }) =>
      [latest!.tokens, latest!.feedback].some((list) =>
        list.some((word, i) => word === first && list[i + 1]?.startsWith(second!)),
      ),
    );
    expect(speaking.length).toBeGreaterThan(0);
    expect(ids({ sort, text })).toEqual(speaking.map(({ id }) => id));
    expect(ids({ sort, text: 'nowhere' })).toEqual([]);
  });
});

describe('the embedding map', () => {
  it('places equal attempts together, and explains the most along the first axis', () => {
    const map = archive.attemptMap(200);
    expect(map.x.length).toBeGreaterThan(100);
    expect(map.x.length).toBeLessThanOrEqual(200);
    const [first, second] = map.explained;
    expect(first).toBeGreaterThanOrEqual(second!);
    expect(first! + second!).toBeLessThanOrEqual(1);
    const places = new Map<string, string>();
    map.step.forEach((step, i) => {
      const record = archive.record(step)!.groups[map.group[i]!]!.completions[map.completion[i]!]!;
      const place = `${map.x[i]!.toFixed(4)} ${map.y[i]!.toFixed(4)}`;
      const text = record.tokens.join(' ');
      expect(places.get(text) ?? place).toBe(place);
      places.set(text, place);
    });
    expect(map.step.at(-1)).toBe(12);
    expect(map.domain).toEqual(map.text.map(() => null));
  });
});

describe('the icicle', () => {
  const WHOLE = { to: null, recent: null, most: 1e6 };

  /** Groups that started at a history or at what grew from it, read off the records. */
  function groupsBelow(id: number, from: number, to: number): number {
    const parentOf = new Map(
      insertions.map(({ completion, start }) => [completion.insertedAs, start.historyId]),
    );
    const isBelow = (one: number | null): boolean =>
      one !== null && (one === id || isBelow(parentOf.get(one) ?? null));
    return groupsBetween(from, to).filter(({ start }) => isBelow(start.historyId)).length;
  }

  function groupsBetween(from: number, to: number) {
    return records.flatMap(({ step, groups }) => (step >= from && step <= to ? groups : []));
  }

  it.each([
    [WHOLE, 1, 12],
    [{ ...WHOLE, to: 7 }, 1, 7],
    [{ ...WHOLE, recent: 4 }, 9, 12],
  ])('counts the groups of each task and history: %o', (query, from, to) => {
    const icicle = archive.icicle(query);
    const spent = groupsBetween(from, to);
    expect([icicle.from, icicle.to, icicle.total]).toEqual([from, to, spent.length]);
    icicle.id.forEach((id, i) => {
      const { taskId } = icicle.tasks[icicle.task[i]!]!;
      const expected =
        id > 0
          ? groupsBelow(id, from, to)
          : spent.filter(({ start }) => start.taskId === taskId).length;
      expect(icicle.count[i]).toBe(expected);
    });
    const topmost = icicle.depth.filter((depth) => depth === 0).length;
    expect(topmost).toBe(new Set(spent.map(({ start }) => start.taskId)).size);
    expect(icicle.id.some((id) => id > 0)).toBe(true);
  });

  it('knows the task itself', () => {
    const [task] = archive.icicle(WHOLE).tasks;
    const own = groupsBetween(1, 12).find(({ start }) => start.taskId === task!.taskId)!;
    expect(task!.instance).toEqual(own.start.instance);
  });
});

describe('profileOf', () => {
  it('counts the groups of a step by depth', () => {
    const record = records.at(-1)!;
    const { count, learnability } = profileOf(record);
    expect(count.reduce((a, b) => a + b, 0)).toBe(record.groups.length);
    count.forEach((n, depth) => {
      const own = record.groups.filter(({ start }) => start.depth === depth);
      expect(n).toBe(own.length);
      const sum = own.reduce((total, group) => total + group.learnability, 0);
      expect(learnability[depth]).toBeCloseTo(n > 0 ? sum / n : 0, 12);
    });
  });
});

describe('tokenStats', () => {
  it('agrees with the log-probabilities of sampling while the policy has hardly moved', async () => {
    session.set({ learningRate: 1e-6 });
    const group = (await session.step()).record.groups[0]!;
    const stats = await session.tokenStats(group);
    expect(stats.map(({ logprobs }) => logprobs.length)).toEqual(
      group.completions.map(({ logprobs }) => logprobs.length),
    );
    stats.forEach(({ logprobs, entropies }, i) => {
      logprobs.forEach((value, t) => {
        expect(Math.abs(value - group.completions[i]!.logprobs[t]!)).toBeLessThan(0.001);
        expect(entropies[t]).toBeGreaterThan(0);
        expect(entropies[t]).toBeLessThan(Math.log(session.words.length));
      });
    });
  });
});

function placeOf({ step, group, index }: { step: number; group: number; index: number }): string {
  return `${step} ${group} ${index}`;
}

function round<T>(value: T): unknown {
  return JSON.parse(JSON.stringify(value), (_, v: unknown) =>
    typeof v === 'number' && !Number.isInteger(v) ? Number(v.toFixed(5)) : v,
  );
}
