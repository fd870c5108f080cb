import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { LabContext } from '../../../app/hooks.ts';
import type { SessionState } from '../../../app/session.ts';
import { idleLab } from '../../testing/idleLab.ts';
import { TopBar } from './TopBar.tsx';

function markup(state: Partial<SessionState>): string {
  const lab = idleLab();
  lab.session.setState({ phase: 'ready', source: 'live', ...state });
  return renderToStaticMarkup(
    <LabContext value={lab}>
      <TopBar />
    </LabContext>,
  );
}

/** The first button, which plays and pauses. */
const playButton = (html: string): string =>
  /<button[^>]*class="primary".*?<\/button>/.exec(html)![0];

describe('while training', () => {
  it('offers to pause', () => {
    expect(playButton(markup({ running: true }))).toMatch(/title="Pause \(space\)".*>Pause</);
  });

  it('says that it pauses as soon as it was asked to, and can be called off', () => {
    const html = markup({ running: true, busy: 'pause', step: 7 });
    expect(playButton(html)).toContain('>Pausing…<');
    expect(playButton(html)).not.toContain('disabled');
    expect(html).toMatch(/role="status"[^>]*>Pausing after step 8</);
  });
});
