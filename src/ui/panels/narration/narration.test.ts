import { describe, expect, it } from 'vitest';
import type { GroupRecord, StepRecord } from '../../../schema/records.ts';
import type { MetricRow } from '../../../schema/metrics.ts';
import { EMPTY_RUN, withEvaluation, withMarks, withProgress } from '../../../app/run.ts';
import type { RunState } from '../../../app/run.ts';
import { fakeEvaluation, fakeStep } from '../../testing/fakeRecords.ts';
import { NOTHING_OBSERVED, observe } from './events.ts';
import type { RunEvent, EventKind } from './events.ts';
import { createNarrator } from './narrator.ts';

const [fresh, replayed] = fakeStep(5).groups as [GroupRecord, GroupRecord];

function groupOf(start: Partial<GroupRecord['start']>, qualities: readonly number[]): GroupRecord {
  const base = start.latest === null ? fresh : replayed;
  const completion = base.completions[0]!;
  const mean = qualities.reduce((sum, q) => sum + q, 0) / qualities.length;
  return {
    ...base,
    start: { ...base.start, mode: 'improve', ...start },
    completions: qualities.map((quality) => ({ ...completion, quality, solved: quality === 1 })),
    learnability: qualities.reduce((sum, q) => sum + (q - mean) ** 2, 0) / qualities.length,
  };
}

const at = (quality: number) => ({ tokens: [], feedback: [], quality });

/** A run after one more step. */
function step(
  run: RunState,
  groups: readonly GroupRecord[],
  values: Partial<MetricRow> = {},
): RunState {
  const n = run.history.length + 1;
  const row: MetricRow = {
    'start_depth/max': 0,
    entropy: 1,
    'quality/valid': 1,
    ...values,
    step: n,
  };
  const latest: StepRecord = { step: n, groups, evictedIds: [], metrics: row };
  return withProgress(run, { rows: [row], profiles: [], latest });
}

/** What the last change of the run brings. */
function eventsOf(...runs: readonly RunState[]): Partial<Record<EventKind, RunEvent>> {
  let state = NOTHING_OBSERVED;
  let last: readonly RunEvent[] = [];
  for (const run of runs) ({ state, events: last } = observe(state, run));
  return Object.fromEntries(last.map((event) => [event.kind, event]));
}

describe('a step', () => {
  it('picked the group of highest variance', () => {
    const even = groupOf({ depth: 3, latest: at(0.5) }, [1, 1, 1, 1, 0, 0, 0, 0]);
    const uneven = groupOf({ depth: 1, latest: at(0.5) }, [1, 0, 0, 0]);
    expect(eventsOf(step(EMPTY_RUN, [uneven, even])).split).toEqual({
      kind: 'split',
      step: 1,
      group: 1,
      words: 'Picked a depth-3 history: 4 of 8 solved, variance 0.25.',
    });
  });

  it('says how unsolved attempts differ, and what a fresh start was', () => {
    const task = groupOf({ depth: 0, source: 'fresh', latest: null }, [0.25, 0.75]);
    expect(eventsOf(step(EMPTY_RUN, [task])).split?.words).toBe(
      'Picked a fresh task: none of 2 solved, qualities 0.25 to 0.75, variance 0.0625.',
    );
  });

  it('solved a deep history that was not solved before, the deepest of them', () => {
    const groups = [2, 4, 3].map((depth) => groupOf({ depth, latest: at(0.75) }, [1, 0, 1]));
    const solvedBefore = groupOf({ depth: 9, latest: at(1) }, [1, 1]);
    const shallow = groupOf({ depth: 1, latest: at(0.5) }, [1, 1]);
    const { solved } = eventsOf(step(EMPTY_RUN, [...groups, solvedBefore]));
    expect(solved).toMatchObject({
      group: 1,
      words: 'Solved a depth-4 history that stood at 0.75: 2 of 3 attempts.',
    });
    expect(eventsOf(step(EMPTY_RUN, [shallow, solvedBefore])).solved).toBeUndefined();
  });

  it('diverged to something better', () => {
    const diverged = groupOf({ depth: 2, mode: 'diverge', latest: at(0.5) }, [0.25, 0.85]);
    const improved = groupOf({ depth: 2, mode: 'improve', latest: at(0.1) }, [0.25, 0.85]);
    expect(eventsOf(step(EMPTY_RUN, [improved, diverged])).diverged).toMatchObject({
      group: 1,
      words: 'Answering differently paid off: a depth-2 history went from 0.50 to 0.85.',
    });
    expect(eventsOf(step(EMPTY_RUN, [improved])).diverged).toBeUndefined();
  });

  it('was flat', () => {
    const flat = groupOf({ depth: 1, latest: at(0.5) }, [0, 0]);
    const { flat: words, split } = eventsOf(step(EMPTY_RUN, [flat, flat]));
    expect(words?.words).toContain('All 2 groups are flat');
    expect(split).toBeUndefined();
  });
});

describe('the course of a run', () => {
  const deep = groupOf({ depth: 4, latest: at(0.5) }, [1, 0]);
  const first = step(EMPTY_RUN, [deep], { 'start_depth/max': 3, 'share/fresh': 1 });

  it('reaches a new depth, once', () => {
    const second = step(first, [deep], { 'start_depth/max': 4, 'share/fresh': 1 });
    expect(eventsOf(first, second).depth).toMatchObject({
      step: 2,
      group: 0,
      words: 'Deepest start so far: a history of depth 4, 1 of 2 solved.',
    });
    expect(
      eventsOf(first, second, step(second, [deep], { 'start_depth/max': 4 })).depth,
    ).toBeUndefined();
  });

  it('begins to replay, once', () => {
    const second = step(first, [deep], { 'share/fresh': 0.5 });
    expect(eventsOf(first, second).buffer?.step).toBe(2);
    expect(
      eventsOf(first, second, step(second, [deep], { 'share/fresh': 0.4 })).buffer,
    ).toBeUndefined();
  });

  it('collapses and loses its form, once until it has recovered', () => {
    const low = { entropy: 0.05, 'quality/valid': 0.14 };
    const second = step(first, [deep], low);
    const found = eventsOf(first, second);
    expect(found.collapse?.words).toContain('Entropy fell to 0.05 nats, from 1 at most');
    expect(found.malformed?.words).toBe('Only 14 % of the attempts are still well-formed.');
    const third = step(second, [deep], { entropy: 0.15, 'quality/valid': 0.5 });
    expect(eventsOf(first, second, third, step(third, [deep], low)).collapse).toBeUndefined();
    const well = step(third, [deep]);
    expect(eventsOf(first, second, third, well, step(well, [deep], low)).collapse).toBeDefined();
  });

  it('does not lose a form that it never had', () => {
    const never = step(EMPTY_RUN, [deep], { 'quality/valid': 0 });
    expect(eventsOf(never, step(never, [deep], { 'quality/valid': 0 })).malformed).toBeUndefined();
  });

  it('changes a parameter, or several at once', () => {
    const one = { step: 2, param: 'temperature', from: 1, to: 0.5 } as const;
    const two = { step: 2, param: 'groupSize', from: 8, to: 4 } as const;
    const changed = withMarks(first, [one]);
    expect(eventsOf(first, changed).parameter?.words).toBe(
      'Temperature τ: 1 → 0.5, from step 2 on.',
    );
    expect(eventsOf(first, withMarks(first, [one, two])).parameter?.words).toBe(
      '2 parameters changed, from step 2 on.',
    );
  });

  it('beats its held-out quality, on the test split only, and not at the first evaluation', () => {
    const before = withEvaluation(first, { ...fakeEvaluation(0), split: 'test' });
    const after = withEvaluation(before, { ...fakeEvaluation(200), split: 'test' });
    expect(eventsOf(first, before).heldOut).toBeUndefined();
    expect(eventsOf(first, before, after).heldOut?.words).toMatch(
      /^Held-out quality after 16 revisions: 0\.\d\d, the best so far \(before: 0\.\d\d\)\.$/,
    );
    const other = withEvaluation(before, { ...fakeEvaluation(200), split: 'longer' });
    expect(eventsOf(first, before, other).heldOut).toBeUndefined();
  });
});

describe('the narrator', () => {
  const plain = groupOf({ depth: 3, latest: at(0.5) }, [1, 0]);
  const kinds = (run: RunState, more: number): (EventKind | undefined)[] => {
    const narrator = createNarrator();
    const said: (EventKind | undefined)[] = [];
    for (let i = 0; i < more; i++) {
      run = step(run, [plain], { 'start_depth/max': 3 });
      narrator.observe(run);
      said.push(narrator.next()?.kind);
    }
    return said;
  };

  it('says the most telling first, and not the same again and again', () => {
    expect(kinds(EMPTY_RUN, 5)).toEqual(['depth', 'solved', 'split', 'solved', 'split']);
  });

  it('is silent when nothing happened', () => {
    const narrator = createNarrator();
    const run = step(EMPTY_RUN, [plain]);
    narrator.observe(run);
    expect(narrator.next()).not.toBeNull();
    narrator.observe(run);
    expect(narrator.next()).toBeNull();
  });

  it('begins anew with another run', () => {
    const narrator = createNarrator();
    const run = step(step(EMPTY_RUN, [plain]), [plain], { 'start_depth/max': 3 });
    narrator.observe(run);
    narrator.observe(EMPTY_RUN);
    expect(narrator.next()).toBeNull();
    narrator.observe(step(EMPTY_RUN, [plain], { 'start_depth/max': 2 }));
    expect(narrator.next()).toMatchObject({ kind: 'depth', step: 1 });
  });
});
