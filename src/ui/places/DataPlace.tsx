import { ErrorBoundary } from '../controls/ErrorBoundary.tsx';
import { ChartsPanel } from '../panels/charts/ChartsPanel.tsx';
import { CompletionsPanel } from '../panels/completions/CompletionsPanel.tsx';
import { InTurn } from '../controls/InTurn.tsx';

/** Every metric and every completion of the run. */
export function DataPlace() {
  return (
    <InTurn>
      <ErrorBoundary name="Charts">
        <ChartsPanel />
      </ErrorBoundary>
      <ErrorBoundary name="Completions">
        <CompletionsPanel />
      </ErrorBoundary>
    </InTurn>
  );
}
