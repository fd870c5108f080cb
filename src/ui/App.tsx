import type { Comparison } from '../app/comparison.ts';
import { OpenComparison } from '../app/comparison-hooks.ts';
import { LabContext, useLab } from '../app/hooks.ts';
import type { Lab } from '../app/lab.ts';
import { ErrorBoundary } from './controls/ErrorBoundary.tsx';
import { BufferPanel } from './panels/buffer/BufferPanel.tsx';
import { ChartsPanel } from './panels/charts/ChartsPanel.tsx';
import { CompareSection } from './panels/compare/CompareSection.tsx';
import { CompletionsPanel } from './panels/completions/CompletionsPanel.tsx';
import { CurriculumPanel } from './panels/curriculum/CurriculumPanel.tsx';
import { InspectorPanel } from './panels/inspector/InspectorPanel.tsx';
import { IntroPanel } from './panels/intro/IntroPanel.tsx';
import { LineagePanel } from './panels/lineage/LineagePanel.tsx';
import { NarrationPanel } from './panels/narration/NarrationPanel.tsx';
import { NoticesPanel } from './panels/notices/NoticesPanel.tsx';
import { PlaygroundPanel } from './panels/playground/PlaygroundPanel.tsx';
import { ParametersButton, ParametersDrawer } from './panels/parameters/ParametersDrawer.tsx';
import { RecordingBar } from './panels/recording/RecordingBar.tsx';
import { KeptBar } from './panels/runs/KeptBar.tsx';
import { RunsButton } from './panels/runs/RunsButton.tsx';
import { ScenariosPanel } from './panels/scenarios/ScenariosPanel.tsx';
import { TopBar } from './panels/topbar/TopBar.tsx';
import { TourPanel } from './panels/tour/TourPanel.tsx';
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
  return (
    <>
      <a className="skip-link" href="#charts">
        Skip to the charts
      </a>
      <ErrorBoundary name="The bar">
        <TopBar
          runs={
            <>
              <ParametersButton />
              <RunsButton />
            </>
          }
        />
      </ErrorBoundary>
      <Bars />
      <div className="layout">
        <main id="charts" tabIndex={-1}>
          <ErrorBoundary name="Introduction">
            <IntroPanel />
          </ErrorBoundary>
          <ErrorBoundary name="Scenarios">
            <ScenariosPanel />
          </ErrorBoundary>
          <ErrorBoundary name="Events">
            <NarrationPanel />
          </ErrorBoundary>
          <ErrorBoundary name="Curriculum">
            <CurriculumPanel />
          </ErrorBoundary>
          <Stage />
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
      <ErrorBoundary name="The recording">
        <RecordingBar />
      </ErrorBoundary>
      <ErrorBoundary name="The last run">
        <KeptBar />
      </ErrorBoundary>
      <ErrorBoundary name="The tour">
        <TourPanel />
      </ErrorBoundary>
      <ErrorBoundary name="Notices">
        <NoticesPanel />
      </ErrorBoundary>
    </>
  );
}

/** What is looked at while a run goes on, and what it leads to. */
function Stage() {
  return (
    <div className="stage">
      <ErrorBoundary name="Charts">
        <ChartsPanel />
      </ErrorBoundary>
      <ErrorBoundary name="Lineage">
        <LineagePanel />
      </ErrorBoundary>
      <ErrorBoundary name="Inspector">
        <InspectorPanel />
      </ErrorBoundary>
      <ErrorBoundary name="Replay buffer">
        <BufferPanel />
      </ErrorBoundary>
      <ErrorBoundary name="Playground">
        <PlaygroundPanel />
      </ErrorBoundary>
      <ErrorBoundary name="Completions">
        <CompletionsPanel />
      </ErrorBoundary>
      <ErrorBoundary name="Compare">
        <CompareSection />
      </ErrorBoundary>
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
