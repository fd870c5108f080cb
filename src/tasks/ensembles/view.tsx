/** How a person reads an ensemble: the table, what was tried and what it cost, the best so far and its place. */
import * as v from 'valibot';
import { KindNote, KindSchema, type AttemptViewProps } from '../attempt-view.ts';
import type { Attempt, Json, Token } from '../task.ts';
import { sourceOf, tableOf } from '../tables/competitions.ts';
import { METRIC_NAMES, targetKind, type Table } from '../tables/table.ts';
import { ENSEMBLE_TABLES } from './competitions.ts';
import { ENSEMBLE_KINDS } from './instance.ts';
import { MEMBERS } from './members.ts';
import { TOP } from './score.ts';
import { readProposal, readState, type Known, type Proposal, type State } from './state.ts';
import type { Outcome } from './vocabulary.ts';
import './view.css';

const InstanceSchema = v.object({ competition: v.picklist(ENSEMBLE_TABLES), kind: KindSchema });

export function EnsemblesAttemptView({ instance, attempt, compareTo }: AttemptViewProps) {
  const parsed = v.safeParse(InstanceSchema, instance);
  if (!parsed.success) return <NotATable instance={instance} />;
  const { competition, kind } = parsed.output;
  return (
    <div className="ensemble attempt-frame attempt-rows">
      <Facts table={tableOf(competition)} />
      {attempt && <Tried attempt={attempt} before={compareTo ?? null} />}
      <KindNote kind={kind} names={ENSEMBLE_KINDS} tried={attempt !== null} />
    </div>
  );
}

function NotATable({ instance }: { instance: Json }) {
  return <p className="ensemble">not a table: {JSON.stringify(instance)}</p>;
}

function Facts({ table }: { table: Table }) {
  const { name, columns, target, metric, targets } = table;
  const source = sourceOf(name);
  return (
    <p className="ensemble-facts attempt-task">
      <strong>{name}</strong>
      {source !== undefined && <span className="ensemble-detail"> (from {source})</span>}:{' '}
      {targets.length} rows, {columns.length} {columns.length === 1 ? 'column' : 'columns'}; predict{' '}
      {target}
      <span className="ensemble-detail">, {targetKind(table)}</span>, by {METRIC_NAMES[metric]}
    </p>
  );
}

interface TriedProps {
  readonly attempt: Attempt;
  readonly before: Attempt | null;
}

function Tried({ attempt, before }: TriedProps) {
  const state = readState(attempt.feedback);
  const proposal = readProposal(attempt.tokens);
  if (!state) return <p className="ensemble-words">{attempt.tokens.join(' ') || 'nothing'}</p>;
  const isRun = state.outcome !== 'malformed';
  const replaced = proposal?.kind === 'replace' ? proposal : null;
  return (
    <>
      <p className="ensemble-tried">
        <Words proposal={proposal} tokens={attempt.tokens} /> <Verdict state={state} />
      </p>
      {state.known && <Best known={state.known} changed={changedPlace(state, replaced)} />}
      {state.known && (
        <div className="attempt-state">
          {isRun && <Place label="now" quality={attempt.quality} />}
          {before && <Place label="before" quality={before.quality} />}
          <Failed known={state.known} />
        </div>
      )}
      <p className="ensemble-note attempt-quality">quality {short(attempt.quality)}</p>
    </>
  );
}

interface WordsProps {
  readonly proposal: Proposal | undefined;
  readonly tokens: readonly Token[];
}

function Words({ proposal, tokens }: WordsProps) {
  if (!proposal) {
    return (
      <span className="ensemble-malformed">
        “{tokens.join(' ')}” is neither three different models nor one change.
      </span>
    );
  }
  if (proposal.kind === 'fresh') return <span>Three models, chosen anew.</span>;
  const [scale, features, model] = MEMBERS[proposal.member]!;
  return (
    <span>
      Model {proposal.place + 1}
      <span className="ensemble-becomes"> becomes</span> {model}
      <span className="ensemble-how">{` · ${features} · ${scale}.`}</span>
    </span>
  );
}

function nameOf(member: number): string {
  const [scale, features, model] = MEMBERS[member]!;
  return `${model} · ${features} · ${scale}`;
}

const VERDICTS: Readonly<Record<Outcome, string>> = {
  first: 'The first.',
  better: 'Better: kept.',
  'no-better': 'No better: dropped.',
  known: 'Known already: not trained.',
  malformed: 'Nothing trained.',
};

function Verdict({ state: { outcome, cost } }: { state: State }) {
  const good = outcome === 'better' || outcome === 'first';
  const trained = cost === 1 ? '1 model trained' : `${cost} models trained`;
  return (
    <>
      <span className={good ? 'ensemble-verdict is-good' : 'ensemble-verdict'}>
        {VERDICTS[outcome]}
      </span>{' '}
      {outcome !== 'malformed' && <span className="ensemble-cost">{trained}</span>}
    </>
  );
}

/** Where the change is in the best so far; null where it was not kept. */
function changedPlace({ outcome }: State, replaced: { place: number } | null): number | null {
  return outcome === 'better' && replaced ? replaced.place : null;
}

function Name({ member }: { member: number }) {
  const [scale, features, model] = MEMBERS[member]!;
  return (
    <span className="ensemble-words">
      {model}
      <span className="ensemble-how">{` · ${features} · ${scale}`}</span>
    </span>
  );
}

function Best({ known, changed }: { known: Known; changed: number | null }) {
  return (
    <ul className="ensemble-members" aria-label="best so far">
      {known.best.map((member, place) => (
        <li
          key={place}
          className={place === changed ? 'ensemble-member changed' : 'ensemble-member'}
        >
          <Name member={member} />
          {place === known.weakest && <span className="ensemble-weakest">weakest</span>}
        </li>
      ))}
    </ul>
  );
}

interface PlaceProps {
  readonly label: string;
  readonly quality: number;
}

/** On the table's leaderboard: among ensembles drawn at random, by rows that no model saw. */
function Place({ label, quality }: PlaceProps) {
  const text = quality >= 1 ? 'in the best 1%' : `in the best ${percent(TOP ** quality)}%`;
  return (
    <p className="ensemble-place">
      <span className="ensemble-label">{label}</span>{' '}
      <meter min={0} max={1} value={quality} aria-label={`${label}: ${text}`} /> <span>{text}</span>
    </p>
  );
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))}`;
}

function Failed({ known: { failed } }: { known: Known }) {
  if (failed.length === 0) return null;
  return (
    <p className="ensemble-note">
      tried last in vain, or replaced:{' '}
      <span className="ensemble-words">{failed.map(nameOf).join(', ')}</span>
    </p>
  );
}

function short(value: number): string {
  return `${Number(value.toPrecision(2))}`;
}
