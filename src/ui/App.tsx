import type { Comparison } from '../app/comparison.ts';
import { OpenComparison } from '../app/comparison-hooks.ts';
import { LabContext, useLab } from '../app/hooks.ts';
import type { Lab } from '../app/lab.ts';
import type { Part } from '../schema/view.ts';
import { ErrorBoundary } from './controls/ErrorBoundary.tsx';
import { ChartsPanel } from './panels/charts/ChartsPanel.tsx';
import { CurriculumNumbers } from './panels/curriculum/CurriculumNumbers.tsx';
import { CurriculumPanel } from './panels/curriculum/CurriculumPanel.tsx';
import { NoticesPanel } from './panels/notices/NoticesPanel.tsx';
import { LadderPanel } from './panels/overview/LadderPanel.tsx';
import { LearningPanel } from './panels/overview/LearningPanel.tsx';
import { TaskPanel } from './panels/overview/TaskPanel.tsx';
import { ParametersButton, ParametersDrawer } from './panels/parameters/ParametersDrawer.tsx';
import { RecordingBar } from './panels/recording/RecordingBar.tsx';
import { KeptBar } from './panels/runs/KeptBar.tsx';
import { RunsButton } from './panels/runs/RunsButton.tsx';
import { Share } from './panels/share/Share.tsx';
import { SlowMotionButton } from './panels/slow/SlowMotion.tsx';
import { TopBar } from './panels/topbar/TopBar.tsx';
import { PlacesPanel } from './places/PlacesPanel.tsx';
import { KeysSwitch, ShortcutSheet } from './shortcuts/ShortcutSheet.tsx';
import { useShortcuts } from './shortcuts/useShortcuts.ts';
import './tokens.css';
import './app.css';
import './attempts/attempts.css';

export interface AppProps {
  readonly lab: Lab;
  /** Fetches what compares strategies over seeds; absent where there is nothing to run them. */
  readonly openComparison?: () => Promise<Comparison>;
}

export function App({ lab, openComparison }: AppProps) {
  return (
    <LabContext value={lab}>
      <OpenComparison value={openComparison ?? null}>
        {lab.view.embed ? <EmbeddedPage /> : <Page />}
      </OpenComparison>
    </LabContext>
  );
}

function Page() {
  useShortcuts();
  const { show, large } = useLab().view;
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <ErrorBoundary name="The bar">
        <TopBar
          slow={<SlowMotionButton />}
          runs={
            <>
              <ParametersButton />
              <RunsButton />
              <Share />
            </>
          }
        />
      </ErrorBoundary>
      <Bars />
      <div className="layout">
        <main id="main" className={large ? 'is-large' : undefined} tabIndex={-1}>
          <FirstScreen />
          {show === null && <PlacesPanel />}
        </main>
      </div>
      <Footer />
      <ErrorBoundary name="Parameters">
        <ParametersDrawer />
      </ErrorBoundary>
    </>
  );
}

/** Between the transport and the page: what is shown, and what is to be known of it. */
function Bars() {
  return (
    <>
      <ErrorBoundary name="The last run">
        <KeptBar />
      </ErrorBoundary>
      <ErrorBoundary name="Notices">
        <NoticesPanel />
      </ErrorBoundary>
    </>
  );
}

/** One task, one curve, and what was chosen to practise. */
function FirstScreen() {
  const { show } = useLab().view;
  const has = (part: Part): boolean => show === null || show.includes(part);
  return (
    <div className="overview">
      <div className="overview-top">
        <p className="overview-headline">
          <span className="headline-name">Exploratory iteration (ExIt): </span>a tiny model learns
          to fix its own mistakes.
        </p>
        <ErrorBoundary name="The recording">
          <RecordingBar />
        </ErrorBoundary>
      </div>
      <div className="overview-both">
        {has('task') && (
          <ErrorBoundary name="The task">
            <TaskPanel />
          </ErrorBoundary>
        )}
        {has('curve') && (
          <ErrorBoundary name="Is it learning?">
            <LearningPanel />
          </ErrorBoundary>
        )}
      </div>
      {has('map') && (
        <ErrorBoundary name="Curriculum">
          <CurriculumPanel />
        </ErrorBoundary>
      )}
      {has('method') && (
        <ErrorBoundary name="Method">
          <LadderPanel />
        </ErrorBoundary>
      )}
    </div>
  );
}

/** In a frame of another page: what moves, and what moves it. */
function EmbeddedPage() {
  return (
    <>
      <ErrorBoundary name="The bar">
        <TopBar />
      </ErrorBoundary>
      <ErrorBoundary name="The recording">
        <RecordingBar />
      </ErrorBoundary>
      <ErrorBoundary name="Notices">
        <NoticesPanel />
      </ErrorBoundary>
      <main className="embedded">
        <ErrorBoundary name="Curriculum">
          <CurriculumPanel />
          <CurriculumNumbers />
        </ErrorBoundary>
        <ErrorBoundary name="Charts">
          <ChartsPanel />
        </ErrorBoundary>
      </main>
    </>
  );
}

function Footer() {
  const { guide } = useLab();
  return (
    <footer className="footer">
      <div>
        <KeysSwitch />
        <button type="button" className="quiet" onClick={() => guide.actions.setSheet(true)}>
          All keys <kbd>?</kbd>
        </button>
      </div>
      <p>Everything runs in this tab; nothing is sent anywhere.</p>
      <ShortcutSheet />
    </footer>
  );
}
