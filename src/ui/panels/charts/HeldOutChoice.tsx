import { useId } from 'react';
import { panelState } from '../../../app/panel-state.ts';
import { useLab, useRunInfo, usePanelState } from '../../../app/hooks.ts';
import { TEST_SPLIT } from '../../../app/run.ts';
import type { HeldOutSplit } from '../../../tasks/task.ts';
import type { DomainInfo } from '../../../training/session-info.ts';
import { sharedSplits } from './heldOut.ts';

const SPLIT = panelState<string>(TEST_SPLIT);
const DOMAIN = panelState<string | null>(null);

const NO_SPLITS: readonly HeldOutSplit[] = [];
const NO_DOMAINS: readonly DomainInfo[] = [];

/** Which of the evaluations a person wants to see. */
export interface Choice {
  readonly split: HeldOutSplit;
  readonly splits: readonly HeldOutSplit[];
  readonly chooseSplit: (id: string) => void;
  /** Of a mixture; null is the mean of all domains. */
  readonly domain: string | null;
  readonly domains: readonly DomainInfo[];
  readonly chooseDomain: (id: string | null) => void;
}

const TEST: HeldOutSplit = { id: TEST_SPLIT, label: 'held out', summary: '' };

/** What was chosen as far as the session has it: a new one may have other domains. */
export function useChoice(): Choice {
  const { embed } = useLab().view;
  const domains = useRunInfo()?.domains ?? NO_DOMAINS;
  const [splitId, chooseSplit] = usePanelState(SPLIT);
  const [domainId, chooseDomain] = usePanelState(DOMAIN);
  const domain = (domains.length > 1 && domains.find(({ id }) => id === domainId)) || null;
  // In a frame of another page nothing but the test split is ever evaluated.
  const splits = embed
    ? NO_SPLITS
    : domain === null
      ? sharedSplits(domains)
      : sharedSplits([domain, ...domains]);
  const splitOf = (id: string): HeldOutSplit | undefined => splits.find((split) => split.id === id);
  return {
    split: splitOf(splitId) ?? splitOf(TEST_SPLIT) ?? TEST,
    splits,
    chooseSplit,
    domain: domain?.id ?? null,
    domains,
    chooseDomain,
  };
}

export function Choices({ split, splits, chooseSplit, domain, domains, chooseDomain }: Choice) {
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
