/** What a run did since it was last looked at, in words and numbers. */
import type { GroupRecord, StepRecord } from '../../../schema/records.ts';
import type { MetricId } from '../../../schema/metrics.ts';
import { PARAMS } from '../../../schema/params.ts';
import type { Param } from '../../../schema/params.ts';
import type { RunState } from '../../../app/run.ts';
import { TEST_SPLIT } from '../../../app/run.ts';
import { curriculumVerdict, verdictSentence } from '../../../app/curriculumVerdict.ts';
import type { CurriculumCase } from '../../../app/curriculumVerdict.ts';
import { formatFixed, formatNumber, formatParam } from '../../format.ts';

export type EventKind =
  | 'malformed'
  | 'collapse'
  | 'heldOut'
  | 'parameter'
  | 'depth'
  | 'buffer'
  | 'flat'
  | 'curriculum'
  | 'solved'
  | 'diverged'
  | 'split';

export interface RunEvent {
  readonly kind: EventKind;
  readonly words: string;
  readonly step: number;
  /** Index of the group that it is about. */
  readonly group: number | null;
}

/** What has to be known of the past to tell what is new. */
export interface ObserverState {
  readonly rows: number;
  readonly marks: number;
  readonly evaluations: number;
  readonly latest: number;
  readonly deepest: number;
  readonly bestHeldOut: number;
  readonly mostEntropy: number;
  readonly replayed: boolean;
  readonly collapsed: boolean;
  readonly malformed: boolean;
  readonly curriculum: CurriculumCase;
}

export const NOTHING_OBSERVED: ObserverState = {
  rows: 0,
  marks: 0,
  evaluations: 0,
  latest: 0,
  deepest: 0,
  bestHeldOut: -Infinity,
  mostEntropy: 0,
  replayed: false,
  collapsed: false,
  // Until attempts have once been well-formed there is nothing to lose.
  malformed: true,
  curriculum: 'unknown',
};

/** Entropy has collapsed below this share of the most there was, and is back above twice of it. */
const COLLAPSED = 0.1;
/** Fewer well-formed attempts than this are news; twice as many end it. */
const MALFORMED = 0.4;
/** Of groups without variance. */
const ALL_BUT_FLAT = 0.9;
/** A higher held-out quality by less is noise. */
const HELD_OUT_GAIN = 0.005;
/** From this depth on, solving a history is news. */
const DEEP = 2;

/** What is new in `run` since the state, and the state that includes it. */
export function observe(
  state: ObserverState,
  run: RunState,
): { readonly state: ObserverState; readonly events: readonly RunEvent[] } {
  const parts = [observeRows, observeCurriculum, observeMarks, observeEvaluations, observeStep];
  const events: RunEvent[] = [];
  const add = (event: RunEvent): void => void events.push(event);
  const next = parts.reduce((known, part) => part(known, run, add), state);
  return { state: next, events };
}

type Add = (event: RunEvent) => void;

function observeRows(state: ObserverState, { history, latest }: RunState, add: Add): ObserverState {
  let known = state;
  for (let i = state.rows; i < history.length; i++) {
    const value = (id: MetricId): number => history.columns.get(id)?.[i] ?? NaN;
    known = observeRow(known, { step: history.steps[i]!, value, latest }, add);
  }
  return { ...known, rows: history.length };
}

/** Said anew when the answer is another. */
function observeCurriculum(state: ObserverState, { history }: RunState, add: Add): ObserverState {
  const verdict = curriculumVerdict(history);
  const words = verdictSentence(verdict);
  if (words !== null && verdict.case !== state.curriculum) {
    add({ kind: 'curriculum', step: history.steps[history.length - 1]!, group: null, words });
  }
  return { ...state, curriculum: verdict.case };
}

interface Row {
  readonly step: number;
  /** NaN where it was not measured. */
  readonly value: (id: MetricId) => number;
  readonly latest: StepRecord | null;
}

function observeRow(known: ObserverState, { step, value, latest }: Row, add: Add): ObserverState {
  const [depth, entropy, valid] = [
    value('start_depth/max'),
    value('entropy'),
    value('quality/valid'),
  ];
  const mostEntropy = Math.max(known.mostEntropy, entropy || 0);
  const collapsed = hysteresis(known.collapsed, entropy, COLLAPSED * mostEntropy);
  const malformed = hysteresis(known.malformed, valid, MALFORMED);
  const replayed = known.replayed || value('share/fresh') < 1;
  if (depth > known.deepest) add(newDepth(step, depth, latest));
  if (replayed && !known.replayed) {
    const words = 'The buffer is large enough: from now on starts come from it too.';
    add({ kind: 'buffer', step, group: null, words });
  }
  if (collapsed && !known.collapsed) {
    const words = `Entropy fell to ${formatNumber(entropy)} nats, from ${formatNumber(mostEntropy)} at most: the policy repeats itself.`;
    add({ kind: 'collapse', step, group: null, words });
  }
  if (malformed && !known.malformed) {
    const words = `Only ${percent(valid)} of the attempts are still well-formed.`;
    add({ kind: 'malformed', step, group: null, words });
  }
  const deepest = depth > known.deepest ? depth : known.deepest;
  return { ...known, deepest, mostEntropy, collapsed, malformed, replayed };
}

/** Holds below `limit`, and until the value is above twice of it. */
function hysteresis(held: boolean, value: number, limit: number): boolean {
  return held ? !(value > 2 * limit) : value < limit;
}

function newDepth(step: number, depth: number, latest: StepRecord | null): RunEvent {
  const group =
    latest?.step === step ? latest.groups.findIndex((g) => g.start.depth === depth) : -1;
  const known = latest?.groups[group];
  const words = known
    ? `Deepest start so far: a history of depth ${depth}, ${outcome(known)}.`
    : `Deepest start so far: a history of depth ${depth}.`;
  return { kind: 'depth', step, group: known ? group : null, words };
}

function observeMarks(state: ObserverState, { marks }: RunState, add: Add): ObserverState {
  const fresh = marks.slice(state.marks);
  const last = fresh.at(-1);
  if (last) {
    const together = fresh.filter(({ step }) => step === last.step);
    const { label, symbol }: Param = PARAMS[last.param];
    const name = symbol ? `${label} ${symbol.replace('_', ' ')}` : label;
    const change = `${name}: ${formatParam(last.param, last.from)} → ${formatParam(last.param, last.to)}`;
    const words =
      together.length === 1
        ? `${change}, from step ${last.step} on.`
        : `${together.length} parameters changed, from step ${last.step} on.`;
    add({ kind: 'parameter', step: last.step, group: null, words });
  }
  return { ...state, marks: marks.length };
}

function observeEvaluations(
  state: ObserverState,
  { evaluations }: RunState,
  add: Add,
): ObserverState {
  let { bestHeldOut } = state;
  for (const { step, split, quality } of evaluations.slice(state.evaluations)) {
    const last = quality.at(-1)?.mean;
    if (split !== TEST_SPLIT || last === undefined) continue;
    if (last > bestHeldOut + HELD_OUT_GAIN && bestHeldOut !== -Infinity) {
      const words = `Held-out quality after ${count(quality.length - 1, 'revision')}: ${formatFixed(last)}, the best so far (before: ${formatFixed(bestHeldOut)}).`;
      add({ kind: 'heldOut', step, group: null, words });
    }
    bestHeldOut = Math.max(bestHeldOut, last);
  }
  return { ...state, bestHeldOut, evaluations: evaluations.length };
}

function observeStep(state: ObserverState, { latest }: RunState, add: Add): ObserverState {
  if (latest === null || latest.step === state.latest) return state;
  const { step, groups } = latest;
  const flat = groups.filter(({ learnability }) => learnability === 0).length;
  if (flat >= ALL_BUT_FLAT * groups.length) {
    const which = flat === groups.length ? 'All' : `${flat} of`;
    const words = `${which} ${groups.length} groups are flat: their attempts fare alike, and there is next to nothing to learn.`;
    add({ kind: 'flat', step, group: null, words });
  }
  const about = (kind: EventKind, group: number, words: (record: GroupRecord) => string): void => {
    const record = groups[group];
    if (record) add({ kind, step, group, words: words(record) });
  };
  about('solved', highest(groups, depthSolved), solvedWords);
  about('diverged', highest(groups, gainByDiverging), divergedWords);
  about(
    'split',
    highest(groups, ({ learnability }) => learnability),
    splitWords,
  );
  return { ...state, latest: step };
}

/** Index of the group with the highest value above 0; −1 if there is none. */
function highest(groups: readonly GroupRecord[], value: (group: GroupRecord) => number): number {
  const values = groups.map(value);
  const top = Math.max(0, ...values);
  return top > 0 ? values.indexOf(top) : -1;
}

/** The depth of a history that was not solved before and is now; else 0. */
function depthSolved({ start: { latest, depth }, completions }: GroupRecord): number {
  const news = latest !== null && latest.quality < 1 && depth >= DEEP;
  return news && completions.some(({ solved }) => solved) ? depth : 0;
}

function solvedWords({ start, completions }: GroupRecord): string {
  const solved = completions.filter((completion) => completion.solved).length;
  return `Solved a depth-${start.depth} history that stood at ${formatFixed(start.latest?.quality ?? 0)}: ${solved} of ${completions.length} attempts.`;
}

function gainByDiverging({ start: { mode, latest }, completions }: GroupRecord): number {
  if (mode !== 'diverge' || latest === null) return 0;
  return Math.max(...completions.map(({ quality }) => quality)) - latest.quality;
}

function divergedWords({ start, completions }: GroupRecord): string {
  const best = Math.max(...completions.map(({ quality }) => quality));
  return `Answering differently paid off: a depth-${start.depth} history went from ${formatFixed(start.latest?.quality ?? 0)} to ${formatFixed(best)}.`;
}

function splitWords(group: GroupRecord): string {
  const { start, learnability } = group;
  const what = start.source === 'fresh' ? freshName(start.depth) : `a depth-${start.depth} history`;
  return `Picked ${what}: ${outcome(group)}, variance ${formatNumber(learnability)}.`;
}

function freshName(depth: number): string {
  return depth === 0 ? 'a fresh task' : 'a fresh turn';
}

function outcome({ completions }: GroupRecord): string {
  const solved = completions.filter((completion) => completion.solved).length;
  if (solved > 0) return `${solved} of ${completions.length} solved`;
  const qualities = completions.map(({ quality }) => quality);
  const [least, most] = [Math.min(...qualities), Math.max(...qualities)].map(formatFixed);
  const range = least === most ? `all of quality ${least}` : `qualities ${least} to ${most}`;
  return `none of ${completions.length} solved, ${range}`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
