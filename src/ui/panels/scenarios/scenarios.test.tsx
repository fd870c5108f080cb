import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../../schema/params.ts';
import { SCENARIOS, SCENARIO_IDS } from '../../../schema/scenarios.ts';
import { LabContext } from '../../../app/hooks.ts';
import type { Lab } from '../../../app/lab.ts';
import { idleLab } from '../../testing/idleLab.ts';
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
const watching = (text: string): string => /scenarios-watch[^>]*>(.*?)<\/p>/.exec(text)?.[1] ?? '';

describe('the strip', () => {
  it('offers task spaces and failures, and marks those that hold', () => {
    const text = markup(idleLab());
    for (const id of SCENARIO_IDS) {
      const { label, group } = SCENARIOS[id];
      const isHere = group === 'space' || group === 'failure';
      expect(text.includes(`>${label}</button>`)).toBe(isHere);
    }
    expect(pressed(text)).toEqual([]);
    expect(watching(text)).toContain(SCENARIOS.exit.watch);
  });

  it('says what to watch for in a scenario that the address opens', () => {
    expect(watching(markup(idleLab('?strategy=exit-uniform')))).toContain(
      SCENARIOS['exit-uniform'].watch,
    );
    const hot = markup(idleLab('?learningRate=0.02&task=countdown'));
    expect(pressed(hot)).toEqual(['Break it']);
    expect(watching(hot)).toContain(SCENARIOS.hot.watch);
    const own = markup(idleLab('?learningRate=0.002&divergeProbability=0.5&task=countdown'));
    expect(watching(own)).toContain('Parameters of your own');
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
