import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG, PARAM_IDS, PARAMS } from '../../../schema/params.ts';
import type { Param } from '../../../schema/params.ts';
import { SIZES, STRATEGIES } from '../../../schema/presets.ts';
import { LabContext } from '../../../app/hooks.ts';
import type { Lab } from '../../../app/lab.ts';
import { formatParam } from '../../format.ts';
import { idleLab } from '../../testing/idleLab.ts';
import { FIRST_PARAMS, sectionsOf } from './choice.ts';
import { ParametersDrawer } from './ParametersDrawer.tsx';

let lab: Lab;
beforeEach(() => {
  lab = idleLab();
  lab.drawer.actions.show(true);
});

function markup(): string {
  return renderToStaticMarkup(
    <LabContext value={lab}>
      <ParametersDrawer />
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

const ALL = { text: '', changedOnly: false } as const;

describe('the drawer', () => {
  /** With the defaults of a mixture, where every parameter has its row; made once. */
  let whole: string | undefined;

  it.each(PARAM_IDS)('%s has one row with its name, help, mark, default and a control', (id) => {
    const param: Param = PARAMS[id];
    lab.actions.setParams({ task: 'mixture' });
    whole ??= markup();
    const [, after, ...others] = whole.split(`data-param="${id}"`);
    expect(others).toEqual([]);
    const [row] = after!.split('data-param=');
    expect(row).toContain(`>${escaped(param.label)}<`);
    expect(row).toContain(escaped(param.help));
    expect(row).toContain(param.live ? '●' : '↻');
    expect(row).toContain(`default ${escaped(formatParam(id, DEFAULT_CONFIG[id]))}`);
    const controls = {
      number: ['type="range"', 'class="number-field"'],
      integer: ['class="number-field"'],
      boolean: ['role="switch"'],
      choice: param.kind === 'choice' ? Object.values(param.options).map(escaped) : [],
    };
    for (const control of controls[param.kind]) expect(row).toContain(control);
  });

  it('is not there while it is closed', () => {
    lab.drawer.actions.show(false);
    expect(markup()).not.toContain('data-param');
  });

  it('shows the weights of a mixture only where there is one', () => {
    const weights = PARAM_IDS.filter((id) => id.startsWith('mix'));
    expect(weights.length).toBeGreaterThan(0);
    for (const id of weights) expect(rowOf(id)).toBe('');
    lab.actions.setParams({ task: 'mixture' });
    for (const id of weights) expect(rowOf(id)).toContain('type="range"');
  });

  it('shows what shapes the tasks of one domain where that is the domain, or it was changed', () => {
    expect(rowOf('mostTurns')).toBe('');
    lab.actions.setParams({ task: 'workspace' });
    expect(rowOf('mostTurns')).toContain('class="number-field"');
    expect(rowOf('countdownFeedback')).toBe('');
    lab.actions.setParams({ task: 'locks', mostTurns: 5 });
    expect(rowOf('mostTurns')).toContain('class="number-field"');
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

describe('what is shown where', () => {
  it('is each parameter once: favourites, then the first eight, then the rest by group', () => {
    const [favourites, first, ...groups] = sectionsOf(
      { ...DEFAULT_CONFIG, task: 'mixture' },
      ['temperature', 'seed'],
      ALL,
    );
    expect(FIRST_PARAMS).toHaveLength(8);
    expect(favourites!.ids).toEqual(['temperature', 'seed']);
    expect(first!.ids).toEqual(FIRST_PARAMS.filter((id) => id !== 'temperature'));
    expect(groups).toHaveLength(7);
    for (const { id, ids } of groups)
      expect(new Set(ids.map((one) => PARAMS[one].group))).toEqual(new Set([id]));
    const shown = [favourites!, first!, ...groups].flatMap(({ ids }) => ids);
    expect([...shown].sort()).toEqual([...PARAM_IDS].sort());
  });

  it('is what a search finds in names, labels, symbols and help, all words of it', () => {
    const find = (text: string): readonly string[] =>
      sectionsOf(DEFAULT_CONFIG, [], { ...ALL, text }).flatMap(({ ids }) => ids);
    expect(find('klBeta')).toEqual(['klBeta']);
    expect(find('  KL weight ')).toContain('klBeta');
    expect(find('nothing is like this')).toEqual([]);
    fc.assert(
      fc.property(fc.constantFrom(...PARAM_IDS), fc.nat(200), fc.nat(40), (id, from, length) => {
        const part = PARAMS[id].help.slice(from, from + length);
        const found = sectionsOf({ ...DEFAULT_CONFIG, task: 'mixture' }, [], {
          ...ALL,
          text: part,
        });
        expect(found.flatMap(({ ids }) => ids)).toContain(id);
      }),
    );
  });

  it('is what was changed, where only that is asked for', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom('seed', 'learningRate', 'topP')), (ids) => {
        const changes = Object.fromEntries(ids.map((id) => [id, DEFAULT_CONFIG[id as 'seed'] / 2]));
        const found = sectionsOf({ ...DEFAULT_CONFIG, ...changes }, [], {
          text: '',
          changedOnly: true,
        });
        expect(found.flatMap((section) => section.ids).sort()).toEqual([...ids].sort());
      }),
    );
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

  it('waits visibly for a fresh run if it is not live, with the drawer closed too', () => {
    lab.config.setState(({ current }) => ({ applied: current }));
    lab.actions.setParam('temperature', 0.7);
    expect(markup()).not.toContain('Apply and start anew');
    lab.actions.setParam('numLayers', 3);
    expect(rowOf('numLayers')).toContain('waits for a fresh run');
    lab.drawer.actions.show(false);
    expect(markup()).toMatch(/1 change waits.*>Layers<.*Apply and start anew/);
    lab.actions.setParam('seed', 9);
    expect(markup()).toMatch(/2 changes wait.*>Seed, Layers</);
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
