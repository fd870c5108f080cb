import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { LabContext } from '../../../app/hooks.ts';
import type { Lab } from '../../../app/lab.ts';
import type { DomainInfo, SessionInfo } from '../../../training/session-info.ts';
import { idleLab } from '../../testing/idleLab.ts';
import { Choices, useChoice } from './HeldOutChoice.tsx';

function infoWith(lab: Lab, splits: readonly string[]): SessionInfo {
  const domain: DomainInfo = {
    ...{ id: 'one', label: 'One', summary: '', typed: false, tables: false },
    splits: splits.map((id) => ({ id, label: id, summary: '' })),
  };
  return {
    ...{ config: lab.config.getState().current, step: 0, parameters: 1, origin: 'nothing' },
    ...{ backend: { name: 'wasm', reason: '' }, domains: [domain], vocabulary: [] },
  };
}

function Chooser() {
  return <Choices {...useChoice()} />;
}

function options(lab: Lab): readonly string[] {
  const markup = renderToStaticMarkup(
    <LabContext value={lab}>
      <Chooser />
    </LabContext>,
  );
  return [...markup.matchAll(/<option[^>]*>([^<]*)/g)].map(([, label]) => label!);
}

function labWithBoth(query = ''): Lab {
  const lab = idleLab(query);
  lab.session.setState({ info: infoWith(lab, ['test', 'longer', 'deeper']) });
  lab.recording.store.setState({ info: infoWith(lab, ['test', 'rarer']) });
  return lab;
}

describe('the held-out splits', () => {
  it('are those of the run on screen, whichever the other has', () => {
    const lab = labWithBoth();
    lab.session.setState({ source: 'recording' });
    expect(options(lab)).toEqual(['test', 'rarer']);
    lab.session.setState({ source: 'live' });
    expect(options(lab)).toEqual(['test', 'longer', 'deeper']);
  });

  it('are not to be chosen in a frame of another page, where none is evaluated on demand', () => {
    expect(options(labWithBoth('embed=1'))).toEqual([]);
  });
});
