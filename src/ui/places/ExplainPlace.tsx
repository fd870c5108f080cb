import { ErrorBoundary } from '../controls/ErrorBoundary.tsx';
import { IntroPanel } from '../panels/intro/IntroPanel.tsx';
import { NarrationPanel } from '../panels/narration/NarrationPanel.tsx';
import { CurriculumNumbers } from '../panels/curriculum/CurriculumNumbers.tsx';
import { ScenariosPanel } from '../panels/scenarios/ScenariosPanel.tsx';

/** What the method is, what just happened in the run, and what can be tried. */
export function ExplainPlace() {
  return (
    <>
      <ErrorBoundary name="Introduction">
        <IntroPanel />
      </ErrorBoundary>
      <ErrorBoundary name="Events">
        <NarrationPanel />
      </ErrorBoundary>
      <ErrorBoundary name="Whether choosing matters">
        <CurriculumNumbers />
      </ErrorBoundary>
      <ErrorBoundary name="Scenarios">
        <ScenariosPanel />
      </ErrorBoundary>
    </>
  );
}
