import { panelState } from '../../../app/panel-state.ts';
import { useLab, usePanelState } from '../../../app/hooks.ts';
import { InTurn } from '../../controls/InTurn.tsx';
import { BaselineList } from './BaselineList.tsx';
import { MAIN_CHARTS } from './catalog.ts';
import { AllMetrics } from './Gallery.tsx';
import { HeldOutChart } from './HeldOutChart.tsx';
import { StepChart } from './StepChart.tsx';
import { Toolbar } from './Toolbar.tsx';
import './panel.css';

const ALL = panelState(false);

/** The course of the run in four charts, and all others behind a button. */
export function ChartsPanel() {
  const { embed } = useLab().view;
  const [all, setAll] = usePanelState(ALL);
  return (
    <section className="charts-panel" aria-labelledby="charts-title">
      <h2 id="charts-title">Charts</h2>
      {!embed && <Toolbar stays={all} />}
      <BaselineList />
      <div className="charts charts-main">
        <InTurn>
          <HeldOutChart />
          {MAIN_CHARTS.map((spec) => (
            <StepChart key={spec.title} spec={spec} />
          ))}
        </InTurn>
      </div>
      <AllMetrics open={all} setOpen={setAll} />
    </section>
  );
}
