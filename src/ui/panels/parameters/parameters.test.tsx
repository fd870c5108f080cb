import { renderToStaticMarkup } from 'react-dom/server';
import { beforeEach, describe, expect, it } from 'vitest';
import { PARAM_IDS, PARAMS } from '../../../schema/params.ts';
import type { Param } from '../../../schema/params.ts';
import { SIZES, STRATEGIES } from '../../../schema/presets.ts';
import { LabContext } from '../../../app/hooks.ts';
import type { Lab } from '../../../app/lab.ts';
import { idleLab } from '../../testing/idleLab.ts';
import { ParametersPanel } from './ParametersPanel.tsx';

let lab: Lab;
beforeEach(() => {
  lab = idleLab();
});

function markup(): string {
  return renderToStaticMarkup(
    <LabContext value={lab}>
      <ParametersPanel />
    </LabContext>,
  );
}

/** The part of the form that belongs to one parameter. */
function rowOf(id: string): string {
  const [, row = ''] = markup().split(`data-param="${id}"`);
  return row.split('data-param=')[0]!;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll("'", '&#x27;').replaceAll('"', '&quot;');

describe('the form', () => {
  it.each(PARAM_IDS)('%s has one row with its name, help, mark and a control', (id) => {
    const param: Param = PARAMS[id];
    lab.actions.setParams({ task: 'mixture' });
    expect(markup().split(`data-param="${id}"`)).toHaveLength(2);
    const row = rowOf(id);
    expect(row).toContain(`>${escaped(param.label)}<`);
    expect(row).toContain(escaped(param.help));
    expect(row).toContain(param.live ? '●' : '↻');
    const controls = {
      number: ['type="range"', 'class="number-field"'],
      integer: ['class="number-field"'],
      boolean: ['role="switch"'],
      choice: param.kind === 'choice' ? Object.values(param.options).map(escaped) : [],
    };
    for (const control of controls[param.kind]) expect(row).toContain(control);
  });

  it('shows the weights of a mixture only where there is one', () => {
    const weights = PARAM_IDS.filter((id) => id.startsWith('mix'));
    expect(weights.length).toBeGreaterThan(0);
    for (const id of weights) expect(rowOf(id)).toBe('');
    lab.actions.setParams({ task: 'mixture' });
    for (const id of weights) expect(rowOf(id)).toContain('type="range"');
  });

  it('opens with the most important group only', () => {
    const open = [...markup().matchAll(/<details class="param-group"( open="")?>/g)];
    expect(open.filter(([, isOpen]) => isOpen !== undefined)).toHaveLength(1);
    expect(open).toHaveLength(7);
  });

  it('offers every preset, and knows which one holds', () => {
    for (const { label } of [...Object.values(STRATEGIES), ...Object.values(SIZES)]) {
      expect(markup()).toContain(`<span>${label}</span>`);
    }
    expect(markup()).toContain(escaped(STRATEGIES.exit.help));
    lab.actions.setParams(STRATEGIES.grpo.values);
    expect(markup()).toContain(escaped(STRATEGIES.grpo.help));
    lab.actions.setParam('selectProbability', 0.33);
    expect(markup()).toContain('A mixture of your own');
  });
});

describe('a changed parameter', () => {
  it('offers the way back to its default, and only then', () => {
    expect(rowOf('temperature')).not.toContain('back to the default');
    lab.actions.setParam('temperature', 0.5);
    expect(rowOf('temperature')).toContain('Temperature: back to the default, 1');
    lab.actions.resetParam('temperature');
    expect(rowOf('temperature')).not.toContain('back to the default');
  });

  it('waits visibly for a reset if it is not live', () => {
    lab.config.setState(({ current }) => ({ applied: current }));
    lab.actions.setParam('numLayers', 3);
    expect(rowOf('numLayers')).toContain('takes effect on reset');
    expect(markup()).toContain('Waiting for a reset: Layers.');
  });
});

describe('a refused entry', () => {
  it('names the value and what was expected, beside a control marked invalid', () => {
    lab.actions.setParam('groupSize', '1000');
    const row = rowOf('groupSize');
    expect(row).toContain('a whole number from 2 to 64');
    expect(row).toContain('aria-invalid="true"');
    expect(row).toMatch(/role="alert">[^<]*1000/);
  });

  it('shows a constraint between parameters at the one to be mended', () => {
    lab.actions.setParam('numHeads', 6);
    expect(rowOf('hiddenSize')).toContain('a multiple of twice numHeads (12)');
  });
});
