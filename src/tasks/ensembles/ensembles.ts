/**
 * Ensembles: three single models on a small table, which predict together. A first attempt chooses all
 * three; an improvement replaces one. What an attempt costs is counted in single models trained: three for
 * an ensemble written anew, one for a replacement, nothing for what is known already and is not run again.
 *
 * The best so far, by the rows of the table that its models had not seen, is what is improved on and what
 * counts; how good it is, rows decide that no table has. The prompt has a constant layout,
 * `[table][what became of the last attempt][weakest member][skill][best so far][tried in vain][mode]`.
 * Which member is weakest is free: the others are asked without it.
 */
import type { Grade, History, Task, TaskNames, Token } from '../task.ts';
import { tableOf } from '../tables/competitions.ts';
import { META_COUNT, metaWords } from '../tables/meta.ts';
import { attempt, benchOf, LEAKED, NOISE } from './attempt.ts';
import { drawTable } from './competitions.ts';
import { DEMONSTRATION, demonstrateEnsemble, type DemonstrationOptions } from './demonstrate.ts';
import type { EnsembleInstance } from './instance.ts';
import { predictionsOf } from './predictions.ts';
import { qualityOf } from './score.ts';
import {
  ENSEMBLE_WORDS,
  MEMORY,
  readProposal,
  readState,
  SHOWN_WORDS,
  shownState,
  writeState,
  type State,
} from './state.ts';
import { formatInstance, parseInstance } from './text.ts';
import { VOCABULARY } from './vocabulary.ts';

/** So that a full memory is seen as often as one that fills. */
const DEMONSTRATED_DEPTH = 2 * MEMORY;

export interface EnsemblesOptions extends TaskNames {
  readonly demonstration?: DemonstrationOptions;
}

export function createEnsembles(options: EnsemblesOptions): Task<EnsembleInstance> {
  const { id, label, summary, demonstration = DEMONSTRATION } = options;
  return {
    id,
    label,
    summary,
    vocabulary: VOCABULARY,
    maxPromptTokens: META_COUNT + SHOWN_WORDS + 1,
    maxCompletionTokens: ENSEMBLE_WORDS + 1,
    feedback: true,
    heldOut: [
      {
        id: 'test',
        label: 'Unseen tables',
        summary: 'Other real tables, and of other shapes, than those of training.',
      },
    ],
    turns: () => 1,
    sample: (split, rng) => ({ competition: drawTable(split, rng) }),
    unsolvable: (instance) => ({ ...instance, kind: 'unsolvable' }),
    trivial: (instance) => ({ ...instance, kind: 'trivial' }),
    kindOf: ({ kind }) => kind ?? 'normal',
    prompt: ({ competition }, { latest }, mode) => [
      ...metaWords(tableOf(competition)),
      ...shownState(latest?.feedback ?? []),
      mode,
    ],
    grade: gradeAttempt,
    demonstrate: ({ competition }, { latest }, mode, rng) =>
      demonstrateEnsemble({
        table: tableOf(competition),
        options: demonstration,
        known: knownIn(latest?.feedback),
        mode,
        rng,
      }),
    demonstratedDepth: DEMONSTRATED_DEPTH,
    solutionKey: (_instance, completion) => solutionKey(completion),
    parse: parseInstance,
    format: formatInstance,
  };
}

function knownIn(feedback: readonly Token[] | undefined): State['known'] {
  return (feedback && readState(feedback)?.known) ?? null;
}

async function gradeAttempt(
  { competition, kind }: EnsembleInstance,
  { latest }: History,
  completion: readonly Token[],
): Promise<Grade> {
  const before = knownIn(latest?.feedback);
  const proposal = readProposal(completion);
  if (kind !== undefined) {
    const leaked = kind === 'trivial';
    const state = attempt(leaked ? LEAKED : NOISE, before, proposal);
    return gradeOf(state, Number(leaked), leaked ? 1 : -1);
  }
  const predicted = await predictionsOf(tableOf(competition));
  const bench = benchOf(predicted);
  const state = attempt(bench, before, proposal);
  const best = state.known?.best;
  return best
    ? gradeOf(state, qualityOf(predicted, best), bench.skill(best))
    : gradeOf(state, 0, -1);
}

/** A malformed attempt is worth nothing by itself; what is known stays known. */
function gradeOf(state: State, quality: number, standing: number): Grade {
  const valid = state.outcome !== 'malformed';
  const worth = valid ? quality : 0;
  return {
    quality: worth,
    solved: worth === 1,
    valid,
    feedback: writeState(state),
    cost: state.cost,
    standing,
    known: state.outcome === 'known',
  };
}

/** Ensembles of the same members have one key. */
function solutionKey(completion: readonly Token[]): string {
  const proposal = readProposal(completion);
  if (!proposal) return completion.join(' ');
  if (proposal.kind === 'replace') return `${proposal.place} ${proposal.member}`;
  return proposal.ensemble.toSorted((a, b) => a - b).join(' ');
}
