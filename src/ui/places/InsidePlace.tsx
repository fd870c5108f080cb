import { ErrorBoundary } from '../controls/ErrorBoundary.tsx';
import { BufferPanel } from '../panels/buffer/BufferPanel.tsx';
import { IcicleSection } from '../panels/curriculum/IcicleSection.tsx';
import { InspectorPanel } from '../panels/inspector/InspectorPanel.tsx';
import { LineagePanel } from '../panels/lineage/LineagePanel.tsx';
import { PlaygroundPanel } from '../panels/playground/PlaygroundPanel.tsx';
import { InTurn } from '../controls/InTurn.tsx';

/** One step and what it grew from: groups, lineage, buffer, and a task of one's own. */
export function InsidePlace() {
  return (
    <InTurn>
      <ErrorBoundary name="Inspector">
        <InspectorPanel />
      </ErrorBoundary>
      <ErrorBoundary name="Lineage">
        <LineagePanel />
      </ErrorBoundary>
      <ErrorBoundary name="Replay buffer">
        <BufferPanel />
      </ErrorBoundary>
      <ErrorBoundary name="Tasks">
        <IcicleSection />
      </ErrorBoundary>
      <ErrorBoundary name="Playground">
        <PlaygroundPanel />
      </ErrorBoundary>
    </InTurn>
  );
}
