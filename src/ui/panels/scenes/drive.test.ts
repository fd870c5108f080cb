import { describe, expect, it } from 'vitest';
import type { Lab } from '../../../app/lab.ts';
import { withProgress } from '../../../app/run.ts';
import { fakeRow, fakeStep } from '../../testing/fakeRecords.ts';
import { idleLab } from '../../testing/idleLab.ts';
import { createDrive } from './drive.ts';

function labAt(step: number): Lab {
  const lab = idleLab();
  reach(lab, step);
  return lab;
}

function reach(lab: Lab, step: number): void {
  const latest = fakeStep(step);
  lab.run.setState((run) => withProgress(run, { rows: [fakeRow(step)], profiles: [], latest }));
}

const shown = (lab: Lab) => [lab.focus.store.getState().pinned, lab.chartSettings.getState().heat];

describe('scenes drive the picture above', () => {
  it('hold the step that they tell of, colour the map, and put both back', () => {
    const lab = labAt(20);
    const { enter } = createDrive(lab);
    enter('task');
    expect(shown(lab)).toEqual([null, 'quality']);
    enter('group');
    expect(shown(lab)).toEqual([20, 'quality']);
    reach(lab, 25);
    enter('worth');
    expect(shown(lab)).toEqual([20, 'learnability']);
    enter('starts');
    expect(shown(lab)).toEqual([20, 'share']);
    enter('outcome');
    expect(shown(lab)).toEqual([null, 'quality']);
    enter('starts');
    expect(shown(lab)).toEqual([25, 'share']);
    enter(null);
    expect(shown(lab)).toEqual([null, 'quality']);
  });

  it('leave what a person chose, before and meanwhile', () => {
    const lab = labAt(20);
    lab.focus.actions.pin(7);
    lab.chartSettings.setState({ heat: 'recency' });
    const { enter } = createDrive(lab);
    enter('worth');
    expect(shown(lab)).toEqual([7, 'learnability']);
    enter('outcome');
    expect(shown(lab)).toEqual([7, 'recency']);
    enter(null);
    expect(shown(lab)).toEqual([7, 'recency']);
    enter('worth');
    lab.focus.actions.pin(9);
    lab.chartSettings.setState({ heat: 'distinct' });
    enter(null);
    expect(shown(lab)).toEqual([9, 'distinct']);
  });

  it('hold nothing where there is no step', () => {
    const lab = idleLab();
    createDrive(lab).enter('group');
    expect(shown(lab)).toEqual([null, 'quality']);
  });
});
