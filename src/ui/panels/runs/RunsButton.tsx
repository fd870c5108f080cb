import { lazy, Suspense } from 'react';
import { useRunLibrary, useRunLibraryActions } from '../../../app/hooks.ts';
import { ErrorBoundary } from '../../controls/ErrorBoundary.tsx';
import { Icon } from '../../controls/Icon.tsx';

const RunsSheet = lazy(() => import('./RunsSheet.tsx'));

/** Opens the list of runs, which is fetched then. */
export function RunsButton() {
  const isOpen = useRunLibrary((state) => state.isOpen);
  const { show } = useRunLibraryActions();
  return (
    <>
      <button
        type="button"
        className="quiet"
        title="Runs that this browser keeps"
        aria-haspopup="dialog"
        onClick={() => show(true)}
      >
        <Icon name="runs" />
        <span className="button-text">Runs</span>
      </button>
      {isOpen && (
        <ErrorBoundary name="Runs">
          <Suspense fallback={null}>
            <RunsSheet />
          </Suspense>
        </ErrorBoundary>
      )}
    </>
  );
}
