import { useRef } from 'react';
import type { Estimate, Evaluation } from '../../../exit/records.ts';
import { useActions, useSession } from '../../../store/hooks.ts';
import { ChartCard } from '../../charts/ChartCard.tsx';
import { useTurn } from '../../charts/useTurn.ts';
import { formatFixed } from '../../format.ts';
import { heldOutView } from './heldOut.ts';

const Q: readonly [number, number] = [0, 1];

/** Does revising help on tasks never trained on, and more than trying again would? */
export function HeldOutChart() {
  const frame = useRef<HTMLElement>(null);
  const { latest, ...view } = useTurn(frame, (run) => heldOutView(run.evaluations));
  return (
    <ChartCard
      {...view}
      frame={frame}
      className="chart-hero"
      title="Held-out quality by self-improvement steps"
      symbol="q(k)"
      explanation="Quality of the last attempt after k self-improvement steps on tasks never trained on. Faint: earlier evaluations."
      xLabel="k ="
      domain={Q}
      empty="Appears with the first evaluation."
    >
      {latest && <Figures evaluation={latest} />}
      <p className="chart-note">
        Read it against the control: GRPO never trains on improve prompts, so its flat curve is
        partly by construction. Resampling, the best of as many independent attempts, is the fair
        comparison.
      </p>
      <EvaluateNow />
    </ChartCard>
  );
}

function Figures({ evaluation }: { readonly evaluation: Evaluation }) {
  const solved = evaluation.solved.at(-1);
  return (
    <dl className="figures">
      <Figure name={`solved at k = ${evaluation.depth}`} estimate={solved} />
      <Figure name="net corrections per 100" estimate={evaluation.netCorrections} />
      <Figure name="distinct attempts" estimate={evaluation.distinct} />
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

function EvaluateNow() {
  const { evaluate } = useActions();
  const ready = useSession(({ phase, busy, running }) => phase === 'ready' && !busy && !running);
  const evaluating = useSession(({ busy }) => busy === 'evaluate');
  return (
    <button type="button" className="evaluate" disabled={!ready} onClick={() => void evaluate('test')}>
      {evaluating ? 'Evaluating …' : 'Evaluate now'}
    </button>
  );
}
