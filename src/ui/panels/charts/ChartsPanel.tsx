import { CURRICULUM_CHARTS, TRAINING_CHARTS } from './catalog.ts';
import type { StepChartSpec } from './catalog.ts';
import { HeldOutChart } from './HeldOutChart.tsx';
import { StepChart } from './StepChart.tsx';

/** What the page is about: whether revising helps, and how deep training has come to start. */
export function CurriculumCharts() {
  return (
    <div className="charts">
      <HeldOutChart />
      <StepCharts specs={CURRICULUM_CHARTS} />
    </div>
  );
}

/** What a person who trains looks after. */
export function TrainingCharts() {
  return (
    <div className="charts">
      <StepCharts specs={TRAINING_CHARTS} />
    </div>
  );
}

function StepCharts({ specs }: { readonly specs: readonly StepChartSpec[] }) {
  return specs.map((spec) => <StepChart key={spec.title} spec={spec} />);
}
