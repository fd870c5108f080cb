import { useState } from 'react';
import { panelState } from '../../../app/panel-state.ts';
import type { StepRecord } from '../../../schema/records.ts';
import { useAnswer } from '../../../app/answers.ts';
import { useConfig, useFocus, usePanelState } from '../../../app/hooks.ts';
import { CompletionCard } from './CompletionCard.tsx';
import { lessonOf } from '../../attempts/groups.ts';
import { SymbolLegend } from './SymbolLegend.tsx';
import { narrateGroup } from './narrate.ts';
import { RewardHistogram } from './RewardHistogram.tsx';
import { binOf } from './rewards.ts';
import { StartCard } from './StartCard.tsx';
import { TokenLegend } from './TokenLegend.tsx';
import type { TokenMeasure } from './tokens.ts';

const MEASURE = panelState<TokenMeasure>('logprob');

export interface GroupViewProps {
  readonly record: StepRecord;
  readonly index: number;
  /** Whether the policy is asked about the tokens: not for a group that is only passed by. */
  readonly asks: boolean;
}

/** How often the policy of now is asked again about a group that is kept in view, in ms. */
const ASK_AGAIN = 3000;

/** A group from the history that it started at to what came of it. */
export function GroupView({ record, index, asks }: GroupViewProps) {
  const group = record.groups[index]!;
  const [bin, setBin] = useState<number | null>(null);
  const [measure, setMeasure] = usePanelState(MEASURE);
  const chosen = useFocus((focus) => focus.completion);
  const pinned = useFocus((focus) => focus.pinned);
  const clip = useConfig(({ applied, current }) => applied ?? current);
  const request = asks ? { step: record.step, group: index } : null;
  const stats = useAnswer('tokenStats', request, { every: pinned === null ? 0 : ASK_AGAIN });
  const rewards = group.completions.map(({ reward }) => reward);
  const ranked = [...group.completions.keys()]
    .filter((i) => bin === null || binOf(rewards[i]!, rewards) === bin)
    .sort((a, b) => group.completions[b]!.advantage - group.completions[a]!.advantage || a - b);
  return (
    <div className="group">
      <div className="group-start">
        <StartCard start={group.start} bufferSize={record.metrics['buffer/size'] ?? null} />
        <RewardHistogram rewards={rewards} chosen={bin} choose={setBin} />
      </div>
      <div className="group-completions">
        <div>
          <h3>Group {index + 1}</h3>
          <p className="inspector-note">
            {narrateGroup(group)} {lessonOf(group)}
          </p>
        </div>
        <TokenLegend
          {...{ measure, setMeasure, clip }}
          isMute={asks && stats.value === null && !stats.pending}
        />
        {/* Cards are reached by what can be pressed in them. */}
        <div className="completion-cards" role="region" aria-label="Completions of the group">
          {ranked.map((i) => (
            <CompletionCard
              key={i}
              group={group}
              index={i}
              stats={stats.value?.[i] ?? null}
              measure={measure}
              clip={clip}
              isChosen={chosen === i}
            />
          ))}
        </div>
        <SymbolLegend />
      </div>
    </div>
  );
}
