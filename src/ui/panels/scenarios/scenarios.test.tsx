import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../../schema/params.ts';
import { SCENARIOS, SCENARIO_IDS } from '../../../schema/scenarios.ts';
import { LabContext } from '../../../app/hooks.ts';
import type { Lab } from '../../../app/lab.ts';
import { appendRows, EMPTY_HISTORY } from '../../../app/history.ts';
import { shownOf } from '../../../app/run.ts';
import { fakeEvaluation } from '../../testing/fakeRecords.ts';
import { idleLab } from '../../testing/idleLab.ts';
import { evidenceOf } from './evidence.ts';
import { ScenariosPanel } from './ScenariosPanel.tsx';
import { describeChange } from './UndoRedo.tsx';

function markup(lab: Lab): string {
  return renderToStaticMarkup(
    <LabContext value={lab}>
      <ScenariosPanel />
    </LabContext>,
  );
}

const pressed = (text: string): string[] =>
  [...text.matchAll(/aria-pressed="true"[^>]*>([^<]*)</g)].map(([, label]) => label!);
describe('what can be tried', () => {
  it('is task spaces and failures, each with what to watch for; those that hold are marked', () => {
    const text = markup(idleLab());
    for (const id of SCENARIO_IDS) {
      const { label, group, watch } = SCENARIOS[id];
      const isHere = group === 'space' || group === 'failure';
      expect(text.includes(`>${label}</button>`)).toBe(isHere);
      expect(text.includes(watch)).toBe(isHere);
    }
    expect(pressed(text)).toEqual([]);
    expect(pressed(markup(idleLab('?learningRate=0.02&task=countdown')))).toEqual(['Break it']);
  });

  it('shows a failure in the numbers of the run that is one', () => {
    const rows = [
      { step: 1, entropy: 1.08, 'quality/valid': 0.99 },
      { step: 2, entropy: 0.5, 'quality/valid': 0.5 },
      { step: 3, entropy: 0.02, 'quality/valid': 0.03 },
    ];
    const history = appendRows(EMPTY_HISTORY, rows);
    const made = [fakeEvaluation(0), fakeEvaluation(3)];
    const [first, last] = made.map(({ quality }) => quality.at(-1)!.mean.toFixed(2));
    const shown = made.map((one) => shownOf({ ...one, split: 'test' }));
    expect(evidenceOf(history, shown)).toBe(
      `This run, steps 1 to 3: entropy 1.08 → 0.02, well-formed 99% → 3%, held-out quality ${first} → ${last}.`,
    );
    expect(evidenceOf(appendRows(EMPTY_HISTORY, rows.slice(0, 1)), shown)).toBeNull();
    const lab = idleLab('?learningRate=0.02&task=countdown');
    lab.config.setState(({ current }) => ({ applied: current }));
    lab.run.setState({ history });
    expect(markup(lab)).toContain('well-formed 99% → 3%');
    lab.config.setState(({ current }) => ({ applied: { ...current, learningRate: 0.001 } }));
    expect(markup(lab)).not.toContain('well-formed');
  });
});

describe('undo and redo', () => {
  it('say what they would change', () => {
    const lab = idleLab();
    expect(markup(lab)).toContain('aria-label="Nothing to undo"');
    lab.actions.setParam('temperature', 0.5);
    expect(markup(lab)).toContain('aria-label="Undo: Temperature 0.5 → 1"');
    lab.undo.actions.undo();
    expect(markup(lab)).toContain('aria-label="Redo: Temperature 1 → 0.5"');
  });

  it('count where there is more than one', () => {
    const change = {
      ids: ['temperature', 'topP'],
      before: DEFAULT_CONFIG,
      after: DEFAULT_CONFIG,
      at: 0,
    } as const;
    expect(describeChange(change, 'back')).toBe('2 parameters');
  });
});
