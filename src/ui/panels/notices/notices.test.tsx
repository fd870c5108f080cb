import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { LabContext } from '../../../app/hooks.ts';
import { notify } from '../../../app/notices.ts';
import type { Lab } from '../../../app/lab.ts';
import { idleLab } from '../../testing/idleLab.ts';
import { NoticesPanel } from './NoticesPanel.tsx';

function markup(lab: Lab): string {
  return renderToStaticMarkup(
    <LabContext value={lab}>
      <NoticesPanel />
    </LabContext>,
  );
}

describe('the notice about the address', () => {
  it('lists field, value and allowed range of everything refused', () => {
    const text = markup(idleLab('?v=1&groupSize=1000&colour=red'));
    expect(text).toContain('groupSize: got &quot;1000&quot;, expected a whole number from 2 to 64');
    expect(text).toContain('colour: got &quot;red&quot;, expected the name of a parameter');
  });

  it('goes away when dismissed, and does not come for a good address', () => {
    const lab = idleLab('?groupSize=1000');
    const [notice] = lab.notices.getState().notices;
    lab.actions.dismissNotice(notice!.id);
    expect(markup(lab)).not.toContain('groupSize');
    expect(markup(idleLab('?v=1&groupSize=4'))).not.toContain('<section');
  });
});

it('offers to reload where a part of the page is missing, and only there', () => {
  const lab = idleLab();
  notify(lab.notices, 'The session could not be built.', ['it failed']);
  expect(markup(lab)).not.toContain('Reload');
  notify(lab.notices, 'The session could not be built.', [
    'Failed to fetch dynamically imported module: https://x/assets/wasm-kernels.js',
  ]);
  expect(markup(lab)).toContain('no longer on the server');
  expect(markup(lab).match(/>Reload the page</g)).toHaveLength(1);
});

describe('a failure', () => {
  it('says why training stopped while the session still stands', () => {
    const lab = idleLab();
    lab.session.setState({ phase: 'ready', failure: 'the GPU was lost' });
    expect(markup(lab)).toContain('the GPU was lost');
  });
});
