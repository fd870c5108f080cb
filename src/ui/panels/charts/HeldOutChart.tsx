import { useId, useMemo, useRef, useState } from 'react';
import type { Estimate } from '../../../exit/records.ts';
import { useActions, useRunInfo, useSession } from '../../../store/hooks.ts';
import { TEST_SPLIT } from '../../../store/run.ts';
import type { DomainInfo, SplitInfo } from '../../../worker/protocol.ts';
import { ChartCard } from '../../charts/ChartCard.tsx';
import { useTurn } from '../../charts/useTurn.ts';
import { formatFixed } from '../../format.ts';
import { heldOutView, sharedSplits, type HeldOutView } from './heldOut.ts';
import { TurnTable } from './TurnTable.tsx';

const Q: readonly [number, number] = [0, 1];
const NO_DOMAINS: readonly DomainInfo[] = [];

/** Does revising help on tasks never trained on, and more than trying again would? */
export function HeldOutChart() {
  const frame = useRef<HTMLElement>(null);
  const choice = useChoice();
  const { split, domain, domains } = choice;
  const evaluations = useTurn(frame, (run) => run.evaluations);
  const { latest, ...view } = useMemo(
    () => heldOutView(evaluations, { split: split.id, domain, domains }),
    [evaluations, split.id, domain, domains],
  );
  return (
    <ChartCard
      {...view}
      frame={frame}
      className="chart-hero"
      title="Held-out quality by self-improvement steps"
      symbol="q(k)"
      explanation={explanation(choice)}
      controls={<Choices {...choice} />}
      xLabel="k ="
      domain={Q}
      empty={emptyWords(split)}
    >
      {latest && <Figures evaluation={latest} />}
      {latest?.turns && <TurnTable turns={latest.turns} depth={latest.depth} />}
      <p className="chart-note">
        Read it against the control: GRPO never trains on improve prompts, so its flat curve is
        partly by construction. Resampling, the best of as many independent attempts, is the fair
        comparison.
      </p>
      <EvaluateNow split={split.id} />
    </ChartCard>
  );
}

/** What makes a split different holds for one domain, not for several at once. */
function explanation({ split, domain, domains }: Choice): string {
  const about = domain !== null || domains.length === 1 ? [split.summary] : [];
  return ['Quality of the last attempt after k self-improvement steps on tasks never trained on.']
    .concat(about, 'Faint: earlier evaluations.')
    .join(' ');
}

interface Choice {
  readonly split: SplitInfo;
  readonly splits: readonly SplitInfo[];
  readonly chooseSplit: (id: string) => void;
  /** Of a mixture; null is the mean of all domains. */
  readonly domain: string | null;
  readonly domains: readonly DomainInfo[];
  readonly chooseDomain: (id: string | null) => void;
}

const TEST: SplitInfo = { id: TEST_SPLIT, label: 'held out', summary: '' };

/** What was chosen as far as the session has it: a new one may have other domains. */
function useChoice(): Choice {
  const domains = useRunInfo()?.domains ?? NO_DOMAINS;
  const [splitId, chooseSplit] = useState<string>(TEST_SPLIT);
  const [domainId, chooseDomain] = useState<string | null>(null);
  const domain = (domains.length > 1 && domains.find(({ id }) => id === domainId)) || null;
  const splits = domain === null ? sharedSplits(domains) : sharedSplits([domain, ...domains]);
  const splitOf = (id: string): SplitInfo | undefined => splits.find((split) => split.id === id);
  return {
    split: splitOf(splitId) ?? splitOf(TEST_SPLIT) ?? TEST,
    splits,
    chooseSplit,
    domain: domain?.id ?? null,
    domains,
    chooseDomain,
  };
}

function Choices({ split, splits, chooseSplit, domain, domains, chooseDomain }: Choice) {
  if (splits.length <= 1 && domains.length <= 1) return null;
  return (
    <div className="chart-controls">
      {domains.length > 1 && (
        <Choose
          label="Domain"
          value={domain ?? MEAN}
          options={[{ id: MEAN, label: 'each, and their mean' }, ...domains]}
          choose={(id) => chooseDomain(id === MEAN ? null : id)}
        />
      )}
      {splits.length > 1 && (
        <Choose label="Held-out split" value={split.id} options={splits} choose={chooseSplit} />
      )}
    </div>
  );
}

/** Stands for no domain in particular; no id of a domain is empty. */
const MEAN = '';

interface ChooseProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly id: string; readonly label: string }[];
  readonly choose: (id: string) => void;
}

function Choose({ label, value, options, choose }: ChooseProps) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {options.map((option) => (
          <option key={option.id} value={option.id}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

function emptyWords({ id }: SplitInfo): string {
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
