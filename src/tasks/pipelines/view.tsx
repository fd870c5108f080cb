/** How a person reads a pipeline: what the table is like, the seven choices, and how they did. */
import type { ReactNode } from 'react';
import * as v from 'valibot';
import { KindNote, KindSchema, type AttemptViewProps } from '../attempt-view.ts';
import type { Attempt, Json, Token } from '../task.ts';
import { readPipeline, SLOTS, writePipeline, type Slot } from '../tables/choices.ts';
import { COMPETITIONS, sourceOf } from '../tables/competitions.ts';
import { BLAMED, type Fault } from '../tables/fault.ts';
import { kindOf, PIPELINE_KINDS, tableIn } from './instance.ts';
import { dummyScore, scoreOfSkill } from '../tables/metrics.ts';
import {
  METRIC_NAMES,
  missingShare,
  TableSchema,
  targetKind,
  type Table,
} from '../tables/table.ts';
import { readFeedback } from './vocabulary.ts';
import './view.css';

const InstanceSchema = v.union([
  v.object({ competition: v.picklist(COMPETITIONS), kind: KindSchema }),
  v.object({ table: TableSchema }),
]);

export function PipelinesAttemptView({ instance, attempt, compareTo }: AttemptViewProps) {
  const parsed = v.safeParse(InstanceSchema, instance);
  if (!parsed.success) return <NotACompetition instance={instance} />;
  const table = tableIn(parsed.output);
  return (
    <div className="pipelines attempt-frame attempt-rows">
      <Facts table={table} />
      {attempt && <Outcome table={table} attempt={attempt} before={compareTo?.tokens} />}
      <KindNote kind={kindOf(parsed.output)} names={PIPELINE_KINDS} tried={attempt !== null} />
    </div>
  );
}

function NotACompetition({ instance }: { instance: Json }) {
  return <p className="pipelines attempt-frame">not a competition: {JSON.stringify(instance)}</p>;
}

function Facts({ table }: { table: Table }) {
  const { name, columns, target, metric, targets } = table;
  const source = sourceOf(name);
  const missing = Math.round(missingShare(table) * 100);
  return (
    <dl className="pipelines-facts attempt-task">
      <Fact term="table">{source ? `${name}, from ${source}` : name}</Fact>
      <Fact term="rows">{targets.length}</Fact>
      <Fact term="columns" isDetail>
        {columns.join(', ')}
      </Fact>
      <Fact term="to predict">{`${target}, ${targetKind(table)}`}</Fact>
      <Fact term="missing" isDetail>{`${missing}% of the values`}</Fact>
      <Fact term="metric">
        {METRIC_NAMES[metric]}
        <span className="pipelines-dummy">
          ; {short(dummyScore(table))} without looking at the columns
        </span>
      </Fact>
    </dl>
  );
}

interface FactProps {
  readonly term: string;
  /** Left out where there is room for a line alone. */
  readonly isDetail?: true;
  readonly children: ReactNode;
}

function Fact({ term, isDetail, children }: FactProps) {
  return (
    <div className={isDetail ? 'pipelines-fact pipelines-detail' : 'pipelines-fact'}>
      <dt>{term}</dt> <dd>{children}</dd>
    </div>
  );
}

interface OutcomeProps {
  readonly table: Table;
  readonly attempt: Attempt;
  readonly before: readonly Token[] | undefined;
}

function Outcome({ table, attempt, before }: OutcomeProps) {
  const pipeline = readPipeline(attempt.tokens);
  if (!pipeline) {
    return (
      <p className="pipelines-malformed">
        <span className="pipelines-words">{attempt.tokens.join(' ') || 'nothing'}</span> is not one
        choice for each of {SLOTS.join(', ')}
      </p>
    );
  }
  const { fault, validation, training } = readFeedback(attempt.feedback);
  return (
    <>
      <Stages words={writePipeline(pipeline)} before={before} fault={fault} />
      {validation !== undefined && training !== undefined && (
        <div className="pipelines-scores">
          <Score table={table} label="rows left out" tenths={validation} />
          <Score table={table} label="rows trained on" tenths={training} />
        </div>
      )}
      <p className="pipelines-quality attempt-quality">
        quality {short(attempt.quality)} of the best known
      </p>
    </>
  );
}

const FAULT_TEXTS: Readonly<Record<Fault, string>> = {
  missing: 'values are missing, and no model here can do with that',
  columns: 'there are fewer than three columns',
  kind: 'naive Bayes predicts classes, not numbers',
  degenerate: 'the model came to no prediction for some rows',
  timeout: 'training took too long',
};

interface StagesProps {
  readonly words: readonly Token[];
  readonly before: readonly Token[] | undefined;
  readonly fault: Fault | undefined;
}

function Stages({ words, before, fault }: StagesProps) {
  return (
    <ol className="pipelines-stages" aria-label="pipeline">
      {SLOTS.map((slot, i) => (
        <Stage
          key={slot}
          slot={slot}
          word={words[i]!}
          before={before && (before[i] ?? 'nothing')}
          fault={fault && BLAMED[fault] === slot ? fault : undefined}
        />
      ))}
    </ol>
  );
}

interface StageProps {
  readonly slot: Slot;
  readonly word: Token;
  readonly before: Token | undefined;
  readonly fault: Fault | undefined;
}

function Stage({ slot, word, before, fault }: StageProps) {
  const changed = before !== undefined && before !== word;
  const classes = ['pipelines-stage', fault && 'is-wrong', changed && 'changed'];
  return (
    <li className={classes.filter(Boolean).join(' ')}>
      <span className="pipelines-slot">{slot}</span>{' '}
      <span className="pipelines-choice">{word}</span>
      {fault && (
        <>
          {' '}
          <span className="pipelines-mark" role="img" aria-label="to blame">
            ✗
          </span>{' '}
          <span className="pipelines-fault">{FAULT_TEXTS[fault]}</span>
        </>
      )}
      {changed && <span className="pipelines-before"> was {before}</span>}
    </li>
  );
}

interface ScoreProps {
  readonly table: Table;
  readonly label: string;
  /** Tenths of a skill; -1 for less than 0. */
  readonly tenths: number;
}

/** The bar goes from the dummy predictor to a perfect one. */
function Score({ table, label, tenths }: ScoreProps) {
  const text = rangeOf(table, tenths);
  return (
    <p className="pipelines-score">
      <span className="pipelines-label">{label}</span>{' '}
      <meter min={0} max={10} value={Math.max(0, tenths + 0.5)} aria-label={`${label}: ${text}`} />{' '}
      <span className="pipelines-range">{text}</span>
    </p>
  );
}

function rangeOf(table: Table, tenths: number): string {
  const name = METRIC_NAMES[table.metric];
  const at = (tenth: number): string => short(scoreOfSkill(table, tenth / 10));
  if (tenths < 0) return `${name} worse than ${at(0)}`;
  return `${name} ${at(tenths)} to ${at(tenths + 1)}`;
}

function short(value: number): string {
  return `${Number(value.toPrecision(3))}`;
}
