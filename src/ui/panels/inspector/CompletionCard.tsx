import type { CompletionRecord, GroupRecord } from '../../../schema/records.ts';
import { useFocusActions, useShownModel } from '../../../app/hooks.ts';
import type { TokenStats } from '../../../runs/index/queries.ts';
import { TaskAttempt } from '../../attempts/TaskAttempt.tsx';
import { Symbol } from '../../controls/Symbol.tsx';
import { formatFixed, formatNumber } from '../../format.ts';
import { bonusFactor, signed } from '../../attempts/groups.ts';
import { symbolHelp } from './symbols.ts';
import { TokenStrip } from './TokenStrip.tsx';
import { meanLogprob, tokenNumbers, type ClipOptions, type TokenMeasure } from './tokens.ts';

export interface CompletionCardProps {
  readonly group: GroupRecord;
  readonly index: number;
  /** Under the policy of now; null until it has been asked. */
  readonly stats: TokenStats | null;
  readonly measure: TokenMeasure;
  readonly clip: ClipOptions;
  readonly isChosen: boolean;
}

/** One completion: the attempt against where it started, what it was worth, and its tokens. */
export function CompletionCard(props: CompletionCardProps) {
  const { group, index, stats, measure, clip, isChosen } = props;
  const { start } = group;
  const pieceKind = useShownModel()?.pieceKind;
  const completion = group.completions[index]!;
  return (
    <article
      className={isChosen ? 'completion-card is-chosen' : 'completion-card'}
      aria-label={`Completion ${index + 1}`}
      aria-current={isChosen ? 'true' : undefined}
    >
      <div className="completion-head">
        <h4>Completion {index + 1}</h4>
        <Verdicts completion={completion} />
      </div>
      <TaskAttempt
        instance={start.instance}
        attempt={completion}
        compareTo={start.latest}
        {...(start.earlier.length > 0 && { earlier: start.earlier })}
      />
      <Worth completion={completion} before={start.latest?.quality ?? null} />
      <TokenStrip
        label={`Tokens of completion ${index + 1}`}
        tokens={tokenNumbers(completion, stats, clip, pieceKind)}
        measure={measure}
      />
      <Inserted taskId={start.taskId} historyId={completion.insertedAs} />
    </article>
  );
}

function Verdicts({ completion: { solved, valid, truncated } }: { completion: CompletionRecord }) {
  return (
    <p className="verdicts">
      {solved && <span className="verdict is-solved">✓ solved</span>}
      {!valid && <span className="verdict">✗ malformed</span>}
      {truncated && <span className="verdict">cut off</span>}
    </p>
  );
}

interface WorthProps {
  readonly completion: CompletionRecord;
  /** Quality of the attempt that the group started from. */
  readonly before: number | null;
}

function Worth({ completion, before }: WorthProps) {
  const { quality, reward, baseAdvantage, advantage, diversity } = completion;
  const factor = bonusFactor(baseAdvantage, advantage);
  return (
    <>
      <dl className="worth">
        <Figure symbol="q" name="quality" value={formatFixed(quality)} />
        <Figure symbol="r" name="reward" value={formatFixed(reward)} />
        <Figure symbol="A" name="advantage" value={signed(advantage)} />
      </dl>
      <dl className="worth-notes">
        {before !== null && (
          <Figure symbol="" name="against the start" value={signed(quality - before)} />
        )}
        <Figure
          symbol="A"
          name="before and bonus"
          value={`${signed(baseAdvantage)} × ${formatNumber(factor)}`}
        />
        <Figure symbol="d" name="diversity" value={formatFixed(diversity)} />
        <Figure symbol="log π" name="mean" value={formatFixed(meanLogprob(completion))} />
      </dl>
    </>
  );
}

interface FigureProps {
  readonly symbol: string;
  readonly name: string;
  readonly value: string;
}

function Figure({ symbol, name, value }: FigureProps) {
  return (
    // A button for each of eight completions would be in the way: they are told in full once, below.
    <div title={symbolHelp(symbol)}>
      <dt>
        {name} {symbol && <Symbol of={symbol} />}
      </dt>
      <dd>{value}</dd>
    </div>
  );
}

/** What became a history of the buffer leads to its place in the lineage. */
function Inserted({ taskId, historyId }: { taskId: number; historyId: number | null }) {
  const { chooseTask } = useFocusActions();
  if (historyId === null) return null;
  return (
    <p className="inserted">
      <button type="button" className="quiet" onClick={() => chooseTask(taskId, historyId)}>
        Became history {formatNumber(historyId)}
      </button>
    </p>
  );
}
