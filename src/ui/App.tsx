import { useState } from 'react';
import { LabContext } from '../store/hooks.ts';
import type { Lab } from '../store/lab.ts';
import { BufferPanel } from './panels/buffer/BufferPanel.tsx';
import { CurriculumCharts, TrainingCharts } from './panels/charts/ChartsPanel.tsx';
import { IntroPanel } from './panels/intro/IntroPanel.tsx';
import { NoticesPanel } from './panels/notices/NoticesPanel.tsx';
import { NowPanel } from './panels/now/NowPanel.tsx';
import { OwnPanel } from './panels/own/OwnPanel.tsx';
import { ParametersPanel } from './panels/parameters/ParametersPanel.tsx';
import { TopBar } from './panels/topbar/TopBar.tsx';
import { useMediaQuery } from './useMediaQuery.ts';
import { useShortcuts } from './useShortcuts.ts';
import './tokens.css';
import './app.css';
import './attempts/attempts.css';

export function App({ lab }: { readonly lab: Lab }) {
  return (
    <LabContext value={lab}>
      <Page />
    </LabContext>
  );
}

function Page() {
  return (
    <>
      <a className="skip-link" href="#charts">
        Skip to the charts
      </a>
      <TopBar />
      <NoticesPanel />
      <div className="layout">
        <Sidebar />
        <main id="charts" tabIndex={-1}>
          <IntroPanel />
          <div className="stage">
            <CurriculumCharts />
            <NowPanel />
            <BufferPanel />
            <OwnPanel />
            <TrainingCharts />
          </div>
        </main>
      </div>
      <Footer />
    </>
  );
}

/** Beside the charts where there is room; folded away above them where there is not. */
function Sidebar() {
  const roomy = useMediaQuery('(min-width: 1000px)');
  if (roomy) {
    return (
      <aside className="sidebar" aria-labelledby="parameters-title">
        <h2 id="parameters-title">Parameters</h2>
        <ParametersPanel />
      </aside>
    );
  }
  return (
    <aside className="sidebar" aria-label="Parameters">
      <details className="drawer">
        <summary>
          <h2>Parameters</h2>
        </summary>
        <ParametersPanel />
      </details>
    </aside>
  );
}

function Footer() {
  const [shortcuts, setShortcuts] = useState(true);
  useShortcuts(shortcuts);
  return (
    <footer className="footer">
      <label>
        <input
          type="checkbox"
          role="switch"
          className="switch"
          checked={shortcuts}
          onChange={(event) => setShortcuts(event.currentTarget.checked)}
        />
        Keyboard: <kbd>space</kbd> plays and pauses, <kbd>s</kbd> steps
      </label>
      <p>Everything runs in this tab; nothing is sent anywhere.</p>
    </footer>
  );
}
