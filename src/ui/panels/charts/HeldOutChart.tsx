import { useMemo, useRef } from 'react';
import type { RefObject } from 'react';
import type { Estimate } from '../../../schema/records.ts';
import { comparedRuns } from '../../../app/control.ts';
import { stepInView } from '../../../app/focus.ts';
import { useActions, useLab, useSession } from '../../../app/hooks.ts';
import type { Lab } from '../../../app/lab.ts';
import { TEST_SPLIT } from '../../../app/run.ts';
import type { HeldOutSplit } from '../../../tasks/task.ts';
import { ChartCard } from '../../charts/ChartCard.tsx';
import { useOwnCursor } from '../../charts/cursor.ts';
import { useScheduledDraw } from '../../charts/useScheduledDraw.ts';
import type { Trigger } from '../../charts/useScheduledDraw.ts';
import { formatFixed } from '../../format.ts';
import {
  controlAt,
  heldOutCsv,
  heldOutOverlays,
  heldOutView,
  madeBy,
  type HeldOutView,
} from './heldOut.ts';
import { comparison } from './comparison.ts';
import { Choices, useChoice } from './HeldOutChoice.tsx';
import type { Choice } from './HeldOutChoice.tsx';
import { TurnTable } from './TurnTable.tsx';
import { useFile } from './useFile.ts';

const Q: readonly [number, number] = [0, 1];

/** Does revising help on tasks never trained on, and more than trying again would? */
export function HeldOutChart() {
  const frame = useRef<HTMLElement>(null);
  const { embed } = useLab().view;
  const choice = useChoice();
  const { split, domain, domains } = choice;
  const { latest, ...view } = useView(frame, choice);
  const cursor = useOwnCursor(view.data.xs.length);
  const file = useFile(({ label, run, compared }) =>
    heldOutCsv([{ label, evaluations: run.evaluations }, ...compared], {
      split: split.id,
      domain,
      domains,
    }),
  );
  return (
    <ChartCard
      {...view}
      frame={frame}
      className="chart-wide"
      title="Held-out quality by self-improvement steps"
      symbol="q(k)"
      explanation={explanation(choice)}
      controls={<Choices {...choice} />}
      xLabel="k ="
      caption="k"
      domain={Q}
      cursor={cursor}
      file={file}
      empty={emptyWords(split)}
    >
      {latest && <Figures evaluation={latest} />}
      {latest?.turns && (
        <TurnTable turns={latest.turns} taskReturn={latest.taskReturn} depth={latest.depth} />
      )}
      <p className="chart-note">
        Read it against the control: GRPO never trains on improve prompts, so its flat curve is
        partly by construction. Resampling, the best of as many independent attempts, is the fair
        comparison.
      </p>
      {!embed && <EvaluateNow split={split.id} />}
    </ChartCard>
  );
}

/** The newest evaluation, or the one that was newest at the step in view, beside those of kept runs. */
function useView(frame: RefObject<HTMLElement | null>, { split, domain, domains }: Choice) {
  const lab = useLab();
  const asked = useMemo(() => [comparison(lab), evaluationInView(lab)], [lab]);
  const drawn = useScheduledDraw(
    frame,
    ({ evaluations }) => ({
      evaluations,
      step: stepInView(lab.focus.store.getState()),
      compared: comparedRuns(lab),
    }),
    asked,
  );
  return useMemo(() => {
    const chosen = { split: split.id, domain, domains };
    const made = drawn.evaluations.filter((evaluation) => evaluation.split === split.id);
    const view = heldOutView(made.slice(0, madeBy(made, drawn.step)), chosen);
    const compared = drawn.compared.map((one) => controlAt(one, view.latest?.step ?? 0));
    return { ...view, overlays: heldOutOverlays(compared, chosen) };
  }, [drawn, split.id, domain, domains]);
}

/** Tells when the step in view has come to another evaluation: not every step is worth a drawing. */
function evaluationInView({ focus, run }: Lab): Trigger {
  const count = (): number =>
    madeBy(run.getState().evaluations, stepInView(focus.store.getState()));
  return {
    subscribe: (listener) => {
      let last = count();
      return focus.store.subscribe(() => {
        const now = count();
        if (now !== last) listener();
        last = now;
      });
    },
  };
}

/** What makes a split different holds for one domain, not for several at once. */
function explanation({ split, domain, domains }: Choice): string {
  const about = domain !== null || domains.length === 1 ? [split.summary] : [];
  const which = split.trained ? 'these tasks' : 'tasks never trained on';
  return [`Quality of the last attempt after k self-improvement steps on ${which}.`]
    .concat(about, 'Faint: earlier evaluations.')
    .join(' ');
}

function emptyWords({ id }: HeldOutSplit): string {
  return id === TEST_SPLIT
    ? 'Appears with the first evaluation.'
    : 'Training evaluates the test split only: evaluate this one with the button below.';
}

function Figures({ evaluation }: { readonly evaluation: NonNullable<HeldOutView['latest']> }) {
  const solved = evaluation.solved.at(-1);
  return (
    <dl className="figures">
      <Figure name={`solved at k = ${evaluation.depth}`} estimate={solved} />
      <Figure name="net corrections per 100" estimate={evaluation.netCorrections} />
      <Figure name="distinct attempts" estimate={evaluation.distinct} />
      <div>
        <dt>held-out tasks</dt>
        <dd>{evaluation.tasks}</dd>
      </div>
    </dl>
  );
}

function Figure({
  name,
  estimate,
}: {
  readonly name: string;
  readonly estimate: Estimate | undefined;
}) {
  if (!estimate) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {formatFixed(estimate.mean)} <span className="unit">± {formatFixed(estimate.ci95)}</span>
      </dd>
    </div>
  );
}

function EvaluateNow({ split }: { readonly split: string }) {
  const { evaluate } = useActions();
  const ready = useSession(({ phase, busy, running }) => phase === 'ready' && !busy && !running);
  const evaluating = useSession(({ busy }) => busy === 'evaluate');
  return (
    <button
      type="button"
      className="evaluate"
      disabled={!ready}
      onClick={() => void evaluate(split)}
    >
      {evaluating ? 'Evaluating …' : 'Evaluate now'}
    </button>
  );
}
