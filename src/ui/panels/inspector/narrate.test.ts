import { describe, expect, it } from 'vitest';
import type { GroupRecord } from '../../../schema/records.ts';
import { fakeStep } from '../../testing/fakeRecords.ts';
import { narrateGroup, narrateStep } from './narrate.ts';

const group: GroupRecord = fakeStep(5).groups[1]!;
const completion = group.completions[0]!;

function groupOf(change: Partial<GroupRecord['start']>, qualities: readonly number[]): GroupRecord {
  return {
    ...group,
    start: { ...group.start, ...change },
    completions: qualities.map((quality) => ({ ...completion, quality, solved: quality === 1 })),
    learnability: 0.25,
  };
}

describe('narrateGroup', () => {
  it('counts what was solved and what became better than the starting point', () => {
    const latest = { tokens: [], feedback: [], quality: 0.5 };
    const improved = groupOf({ depth: 3, mode: 'improve', latest }, [1, 1, 0.75, 0.5, 0.25]);
    expect(narrateGroup(improved)).toBe(
      'A depth-3 history was to be improved: 2 of 5 solved, 3 better than before, learnability 0.250.',
    );
  });

  it('speaks of fresh tasks without a before', () => {
    const fresh = groupOf({ depth: 0, mode: 'solve', source: 'fresh', latest: null }, [1, 0]);
    expect(narrateGroup(fresh)).toBe(
      'A fresh task was tried from nothing: 1 of 2 solved, learnability 0.250.',
    );
  });
});

describe('narrateStep', () => {
  it('says where the starts came from and how many groups taught nothing', () => {
    const flat = { ...groupOf({ depth: 2, source: 'buffer' }, [1, 1]), learnability: 0 };
    const fresh = groupOf({ depth: 0, source: 'fresh', latest: null }, [1, 0]);
    const groups = [flat, fresh, fresh];
    expect(narrateStep({ step: 7, groups, metrics: { step: 7 }, evictedIds: [] })).toBe(
      'Step 7: 2 fresh tasks and 1 start from the buffer, the deepest 2 revisions in, 1 of 3 groups without any difference to learn from.',
    );
  });
});
