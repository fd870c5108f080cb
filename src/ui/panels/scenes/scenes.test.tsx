import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { LabContext } from '../../../app/hooks.ts';
import type { Lab } from '../../../app/lab.ts';
import { withProgress } from '../../../app/run.ts';
import { MANIFESTS } from '../../../tasks/manifests.ts';
import type { SessionInfo } from '../../../training/session-info.ts';
import { mostInformative } from '../../attempts/groups.ts';
import { fakeRow, fakeStep } from '../../testing/fakeRecords.ts';
import { idleLab } from '../../testing/idleLab.ts';
import { ScenesPanel } from './ScenesPanel.tsx';

function labAt(step: number): Lab {
  const lab = idleLab();
  const config = lab.config.getState().current;
  const info: SessionInfo = {
    ...{ config, parameters: 105_088, step, origin: 'a test', vocabulary: [] },
    backend: { name: 'wasm', reason: 'asked for' },
    domains: [
      { id: 'locks', label: '', summary: 'An old one.', splits: [], typed: true, tables: false },
    ],
  };
  lab.session.setState({ info, phase: 'ready' });
  lab.config.setState({ applied: config });
  const latest = fakeStep(step);
  lab.run.setState((run) => withProgress(run, { rows: [fakeRow(step)], profiles: [], latest }));
  return lab;
}

/** The text, without tags. */
function words(lab: Lab): string {
  const html = renderToStaticMarkup(
    <LabContext value={lab}>
      <ScenesPanel map="the map" curve="the curve" />
    </LabContext>,
  );
  return html.replaceAll(/<[^>]*>/g, '').replaceAll('&#x27;', "'");
}

describe('the scenes', () => {
  it('tell the method without a run, and expand its names', () => {
    const text = words(idleLab());
    for (const name of [
      'Group Relative Policy Optimization',
      'Exploratory Iteration',
      'Uniform priority is the control',
    ]) {
      expect(text).toContain(name);
    }
    expect(text).toContain('Press play: the groups of the run appear here.');
  });

  it('tell of the group whose returns differ most, or of the one that is looked at', () => {
    const lab = labAt(40);
    const { groups } = fakeStep(40);
    const most = mostInformative(groups);
    const told = (index: number): string => {
      const group = groups[index]!;
      return `S of this group is ${Number(group.learnability.toPrecision(3))}.`;
    };
    const text = words(lab);
    expect(text).toContain(MANIFESTS.locks.variants[0].summary);
    expect(text).toContain('of 105,088 numbers');
    expect(text).toContain(
      `of the ${groups.length} groups of step 40, the one whose returns differ`,
    );
    expect(text).toContain(told(most));
    const other = most === 0 ? 1 : 0;
    lab.focus.actions.pin(40, other);
    expect(words(lab)).toContain(told(other));
    expect(words(lab)).toContain(`group ${other + 1} of step 40, which you chose`);
  });

  it('have the advantages of the records', () => {
    const lab = labAt(40);
    const { groups } = fakeStep(40);
    const { completions } = groups[mostInformative(groups)]!;
    const above = completions.filter(({ advantage }) => advantage > 0).length;
    expect(words(lab)).toContain(`likelier (${above} here)`);
    const flat = groups.filter(({ learnability }) => learnability === 0).length;
    expect(words(lab)).toContain(`${flat} of ${groups.length} groups are flat`);
  });
});
