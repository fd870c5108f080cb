import { CURRICULUM_CHARTS, HELD_OUT_CHART, TRAINING_CHARTS } from './catalog.ts';
import { HeldOutChart } from './HeldOutChart.tsx';
import { StepChart } from './StepChart.tsx';

export function ChartsPanel() {
  return (
    <div className="charts">
      <HeldOutChart />
      {[...CURRICULUM_CHARTS, HELD_OUT_CHART, ...TRAINING_CHARTS].map((spec) => (
        <StepChart key={spec.title} spec={spec} />
      ))}
    </div>
  );
}
