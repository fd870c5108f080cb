import { memo, useRef } from 'react';
import { panelState } from '../../../app/panel-state.ts';
import type { StepRecord } from '../../../schema/records.ts';
import {
  useFocus,
  useFocusActions,
  useIsReopened,
  useRun,
  usePanelState,
} from '../../../app/hooks.ts';
import { INSPECTOR } from '../../navigation.ts';
import { useVisible } from '../../useVisible.ts';
import { GroupStrip } from '../../attempts/GroupStrip.tsx';
import { GroupView } from './GroupView.tsx';
import { mostInformative, type GroupOrder } from '../../attempts/groups.ts';
import { narrateStep } from './narrate.ts';
import { useStepRecord } from '../../attempts/useStepRecord.ts';
import './inspector.css';

const ORDER = panelState<GroupOrder>('learnability');

/** One step, group by group: where each started and why, and what its attempts were worth. */
export function InspectorPanel() {
  const ref = useRef<HTMLElement>(null);
  const onScreen = useVisible(ref, { margin: '200px', initially: true });
  const reopened = useIsReopened();
  const { record, problem } = useStepRecord(onScreen);
  return (
    <section
      ref={ref}
      className="inspector"
      id={INSPECTOR}
      tabIndex={-1}
      aria-labelledby="inspector-title"
    >
      <div className="inspector-head">
        <h2 id="inspector-title">
          {record ? `Groups of step ${record.step}` : 'Groups of a step'}
        </h2>
        {record && <StepControls step={record.step} />}
      </div>
      {problem !== null && <p className="inspector-note">{sentence(problem)}</p>}
      {record && record.groups.length > 0 ? (
        <Step record={record} onScreen={onScreen} />
      ) : (
        <p className="inspector-note">
          {reopened
            ? 'A saved run does not carry its steps along: the groups of the next step appear here.'
            : 'Press play: the groups of attempts of the latest step appear here, the one that teaches most in full.'}
        </p>
      )}
    </section>
  );
}

function sentence(problem: string): string {
  return `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`;
}

/** Keeps the step in view, lets go of it, or walks to its neighbours. */
function StepControls({ step }: { readonly step: number }) {
  const pinned = useFocus((focus) => focus.pinned);
  const latest = useRun((run) => run.latest?.step ?? step);
  const { pin, follow } = useFocusActions();
  return (
    <div className="inspector-controls">
      <button
        type="button"
        className="quiet icon-only"
        aria-label="Step before"
        disabled={step <= 1}
        onClick={() => pin(step - 1)}
      >
        ◂
      </button>
      <button
        type="button"
        className="quiet icon-only"
        aria-label="Step after"
        disabled={step >= latest}
        onClick={() => pin(step + 1)}
      >
        ▸
      </button>
      <button
        type="button"
        className="quiet"
        aria-pressed={pinned !== null}
        onClick={() => (pinned === null ? pin(step) : follow())}
      >
        {pinned === null ? 'Pin this step' : `Pinned; follow the run again`}
      </button>
    </div>
  );
}

interface StepProps {
  readonly record: StepRecord;
  readonly onScreen: boolean;
}

/** The panel hears of every step; what it shows changes with the record only. */
const Step = memo(function Step({ record, onScreen }: StepProps) {
  const [order, setOrder] = usePanelState(ORDER);
  const group = useFocus((focus) => focus.group);
  const hovered = useFocus((focus) => focus.hovered);
  const { pin } = useFocusActions();
  const chosen =
    group !== null && group < record.groups.length ? group : mostInformative(record.groups);
  return (
    <>
      <p className="inspector-note">{narrateStep(record)}</p>
      <GroupStrip
        groups={record.groups}
        chosen={chosen}
        order={order}
        setOrder={setOrder}
        // What a person looks at must not run away.
        choose={(index) => pin(record.step, index)}
      />
      <GroupView
        key={`${record.step} ${chosen}`}
        record={record}
        index={chosen}
        asks={onScreen && hovered === null}
      />
    </>
  );
});
