import { describe, expect, it } from 'vitest';
import { appendRows, EMPTY_HISTORY } from '../../app/history.ts';
import { csv, fileName, stepsCsv } from './csv.ts';

describe('a chart as CSV', () => {
  it('has every step of every run unsmoothed, empty where nothing was measured', () => {
    const history = appendRows(EMPTY_HISTORY, [
      { step: 1, num_tokens: 8, step_time: 250, entropy: 1.25 },
      { step: 2, num_tokens: 16, step_time: 250 },
    ]);
    const other = appendRows(EMPTY_HISTORY, [{ step: 1, entropy: 0.1 }]);
    const runs = [
      { label: 'ExIt, seed 1', history },
      { label: 'GRPO', history: other },
    ];
    expect(stepsCsv(runs, ['entropy', 'num_tokens']).split('\r\n')).toEqual([
      'run,step,num_tokens,training_seconds,entropy',
      '"ExIt, seed 1",1,8,0.25,1.25',
      '"ExIt, seed 1",2,16,0.5,',
      'GRPO,1,,0,0.1',
      '',
    ]);
  });

  it('quotes what would break a line', () => {
    expect(csv([['a"b', 'c\nd', null, 1e-7]])).toBe('"a""b","c\nd",,1e-7\r\n');
  });

  it('is called after what it holds', () => {
    expect(fileName(['Start depth', 'ExIt · Locks, small · seed 1', 'step 9'], 'csv')).toBe(
      'start-depth_exit-locks-small-seed-1_step-9.csv',
    );
  });
});
