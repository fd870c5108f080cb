import { ErrorBoundary } from '../controls/ErrorBoundary.tsx';
import { ClaimsPanel } from '../panels/claims/ClaimsPanel.tsx';
import { CurriculumMap } from '../panels/curriculum/CurriculumMap.tsx';
import { CurriculumNumbers } from '../panels/curriculum/CurriculumNumbers.tsx';
import { NarrationPanel } from '../panels/narration/NarrationPanel.tsx';
import { NoSessionPanel } from '../panels/no-session/NoSessionPanel.tsx';
import { LearningFigure } from '../panels/overview/LearningPanel.tsx';
import { ScenariosPanel } from '../panels/scenarios/ScenariosPanel.tsx';
import { ScenesPanel } from '../panels/scenes/ScenesPanel.tsx';
import { InTurn } from '../controls/InTurn.tsx';

/** What just happened in the run, what the method is, what can be tried, and what it was found to be worth. */
export function ExplainPlace() {
  return (
    <InTurn>
      <ErrorBoundary name="Training cannot start">
        <NoSessionPanel />
      </ErrorBoundary>
      <ErrorBoundary name="Events">
        <NarrationPanel />
      </ErrorBoundary>
      <ErrorBoundary name="The method">
        <ScenesPanel map={<CurriculumMap />} curve={<LearningFigure />} />
      </ErrorBoundary>
      <ErrorBoundary name="Numbers">
        <CurriculumNumbers />
      </ErrorBoundary>
      <ErrorBoundary name="Scenarios">
        <ScenariosPanel />
      </ErrorBoundary>
      <ErrorBoundary name="Claims">
        <ClaimsPanel />
      </ErrorBoundary>
    </InTurn>
  );
}
