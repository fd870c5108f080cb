import { ErrorBoundary } from '../controls/ErrorBoundary.tsx';
import { ChartsPanel } from '../panels/charts/ChartsPanel.tsx';
import { CompletionsPanel } from '../panels/completions/CompletionsPanel.tsx';

/** Every metric and every completion of the run. */
export function DataPlace() {
  return (
    <>
      <ErrorBoundary name="Charts">
        <ChartsPanel />
      </ErrorBoundary>
      <ErrorBoundary name="Completions">
        <CompletionsPanel />
      </ErrorBoundary>
    </>
  );
}
