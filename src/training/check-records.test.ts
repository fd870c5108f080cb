import { beforeAll, describe, expect, it } from 'vitest';
import { RunFormatError } from '../runs/checks.ts';
import { DEFAULT_CONFIG, type Config } from '../schema/params.ts';
import type { CompletionRecord, GroupRecord, StepRecord } from '../schema/records.ts';
import { recordCheck } from './check-records.ts';
import { createSession } from './create-session.ts';
import { bundleOf } from './export.ts';

const CONFIG: Config = {
  ...DEFAULT_CONFIG,
  ...{ backend: 'cpu', init: 'scratch', warmStartSteps: 0, hiddenSize: 8, numLayers: 1 },
  ...{
    numHeads: 2,
    intermediateSize: 12,
    batchGroups: 2,
    groupSize: 4,
    bufferMin: 1,
    evalEvery: 0,
  },
};

let check: (record: StepRecord) => void;
let records: readonly StepRecord[];

beforeAll(async () => {
  const session = await createSession(CONFIG, {
    assets: (path) => Promise.reject(new Error(`${path}: not there`)),
    clock: () => 0,
    onLoading: () => undefined,
  });
  const made: StepRecord[] = [];
  for (let step = 0; step < 3; step++) made.push((await session.step()).record);
  records = made;
  check = recordCheck(await bundleOf(session))!;
  session.dispose();
}, 60_000);

/** A record whose first group, or the first completion of it, is another. */
function changed(
  group: Omit<Partial<GroupRecord>, 'start'> & { readonly start?: Partial<GroupRecord['start']> },
  completion: Partial<CompletionRecord> = {},
): StepRecord {
  const [record] = records;
  const [own, ...groups] = record!.groups;
  const [first, ...others] = own!.completions;
  return {
    ...record!,
    groups: [
      {
        ...own!,
        completions: [{ ...first!, ...completion }, ...others],
        ...group,
        start: { ...own!.start, ...group.start },
      },
      ...groups,
    ],
  };
}

describe('records of steps', () => {
  it('of a run are accepted', () => {
    for (const record of records) expect(() => check(record)).not.toThrow();
  });

  it.each([
    ['an instance of no domain', { start: { instance: { code: 'no' } } }, {}, 'instance: got'],
    ['another task id', { start: { taskId: 7 } }, {}, 'taskId: got 7'],
    ['a turn that is not there', { start: { turn: 3 } }, {}, 'turn: got 3'],
    ['a depth without an attempt', { start: { depth: 2, latest: null } }, {}, 'depth: got 2'],
    ['a word that is none', {}, { tokens: ['<script>'] }, '"<script>" is not in the vocabulary'],
    ['a quality above 1', {}, { quality: 1.5 }, 'quality: got 1.5, expected 0 to 1'],
    ['a quality that is no number', {}, { quality: NaN }, 'quality: got'],
    ['a reward that is no number', {}, { reward: Infinity }, 'reward: got'],
    ['no completions', { completions: [] }, {}, 'completions: got 0, expected one at least'],
  ] as const)('with %s are refused', (_, group, completion, message) => {
    const attempt = (): void => check(changed(group, completion));
    expect(attempt).toThrow(RunFormatError);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow('steps, step 1: ');
  });

  it('come with a run only', () => {
    const words = ['<pad>', '<bos>', '<eos>'];
    expect(recordCheck({ words })).toBeUndefined();
  });
});
