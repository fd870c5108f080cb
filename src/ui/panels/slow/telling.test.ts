import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../../schema/params.ts';
import type { StepRecord } from '../../../schema/records.ts';
import { withProgress } from '../../../app/run.ts';
import type { Lab } from '../../../app/lab.ts';
import { fakeRow, fakeStep } from '../../testing/fakeRecords.ts';
import { idleLab } from '../../testing/idleLab.ts';
import { STATES, stepOn, wordsOf } from './telling.ts';

interface Played {
  readonly lab: Lab;
  readonly did: string[];
}

/** A lab at step 20 whose run goes on when it is asked to, up to `last`. */
function labAt20(source: 'live' | 'recording', last = 99): Played {
  const idle = idleLab();
  const did: string[] = [];
  const reach = (step: number): void => {
    const latest = fakeStep(step);
    idle.run.setState((run) => withProgress(run, { rows: [fakeRow(step)], profiles: [], latest }));
  };
  for (let step = 1; step <= 20; step++) reach(step);
  idle.session.setState({ source, running: source === 'live' });
  const step = (name: string) => async (): Promise<void> => {
    did.push(name);
    const now = idle.run.getState().latest!.step;
    if (now < last) reach(now + 1);
  };
  const pause = async (): Promise<void> => {
    did.push('pause');
    idle.session.setState({ running: false });
  };
  const ask = async (name: string): Promise<StepRecord> => {
    did.push(name);
    return fakeStep(8);
  };
  const lab = {
    ...idle,
    actions: { ...idle.actions, pause, step: step('train') },
    recording: { ...idle.recording, actions: { ...idle.recording.actions, step: step('replay') } },
    ask: ask as Lab['ask'],
  };
  return { lab, did };
}

describe('slow motion tells the step after the one in view', () => {
  it('trains one, and no more', async () => {
    const { lab, did } = labAt20('live');
    expect((await stepOn(lab))?.step).toBe(21);
    expect((await stepOn(lab))?.step).toBe(22);
    expect(did).toEqual(['pause', 'train', 'train']);
    expect(lab.focus.store.getState().pinned).toBeNull();
  });

  it('has none where training could not go on', async () => {
    expect(await stepOn(labAt20('live', 20).lab)).toBeNull();
  });

  it('takes it from the recording, and at its end the last one again', async () => {
    const { lab, did } = labAt20('recording', 21);
    expect((await stepOn(lab))?.step).toBe(21);
    expect((await stepOn(lab))?.step).toBe(21);
    expect(did).toEqual(['replay', 'replay']);
  });

  it('takes it from the past where a person looks at that', async () => {
    const { lab, did } = labAt20('live');
    lab.focus.actions.pin(7);
    expect((await stepOn(lab))?.step).toBe(8);
    expect(lab.focus.store.getState().pinned).toBe(8);
    lab.focus.actions.pin(19);
    expect((await stepOn(lab))?.step).toBe(20);
    expect(did).toEqual(['stepRecord']);
    expect((await stepOn(lab))?.step).toBe(21);
    expect(lab.focus.store.getState().pinned).toBe(21);
  });
});

describe('what is said of each state', () => {
  const record = fakeStep(40);
  const group = record.groups[0]!;

  it('has the numbers of the record', () => {
    const words = wordsOf(record, group, DEFAULT_CONFIG, null);
    expect(Object.keys(words)).toEqual([...STATES]);
    const returns = group.completions.map(({ reward }) => reward);
    const mean = returns.reduce((sum, one) => sum + one, 0) / returns.length;
    expect(words.paid).toContain(`a mean of ${mean.toFixed(2)}`);
    expect(words.written).toMatch(new RegExp(`^${returns.length} from this start`));
    const above = group.completions.filter(({ advantage }) => advantage > 0).length;
    expect(words.moved).toContain(`pushes ${above} attempts to be likelier`);
    expect(words.moved).not.toContain('moved as');
    const after = group.completions.map(() => ({ logprobs: [-0.1], entropies: [] }));
    expect(wordsOf(record, group, DEFAULT_CONFIG, after).moved).toContain(
      `${above} of ${returns.length} moved as they were pushed.`,
    );
    expect(words.moved).toContain(`All ${record.groups.length} groups of the step`);
    expect(words.stored).toContain(`1 of ${returns.length} attempts goes into the buffer`);
  });

  it('says where nothing is learned, and where nothing is kept', () => {
    const flat = group.completions.map((one) => ({ ...one, reward: 0.5, insertedAs: null }));
    const same = { ...group, completions: flat };
    expect(wordsOf(record, same, DEFAULT_CONFIG, []).moved).toContain('nothing is learned here');
    expect(wordsOf(record, same, DEFAULT_CONFIG, null).stored).toBe(
      'None of them goes into the buffer.',
    );
    const stored = (bufferContent: 'none' | 'base'): string =>
      wordsOf(record, same, { ...DEFAULT_CONFIG, bufferContent }, null).stored;
    expect(stored('none')).toContain('nothing goes back');
    expect(stored('base')).toContain('The task goes back into the buffer');
  });
});
