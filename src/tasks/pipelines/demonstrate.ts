/**
 * Demonstrations for the warm start: what somebody would try who has read a textbook and not tried much.
 * They teach the format, which choices fail, and to read the scores; which pipeline suits which table is
 * left to be learned by reinforcement.
 */
import type { Rng } from '../../base/rng.ts';
import type { Attempt, Mode, Token } from '../task.ts';
import {
  CHOICES,
  readPipeline,
  SLOTS,
  writePipeline,
  type Pipeline,
  type Slot,
} from '../tables/choices.ts';
import { BLAMED } from '../tables/fault.ts';
import { SOLVED } from './instance.ts';
import { hasMissing, isClassification, type Table } from '../tables/table.ts';
import { readFeedback, type Reading } from './vocabulary.ts';

export interface DemonstrationOptions {
  /** Chance that a choice which cannot work on the table is taken for one that can. */
  readonly blunderShare: number;
  /** Chance that an improvement follows from the feedback, rather than being any change. */
  readonly readShare: number;
  /** Chance that an improvement keeps a pipeline that counts as solved. */
  readonly keepShare: number;
  /** Chance that an improvement changes a second choice. */
  readonly secondShare: number;
}

/**
 * Of first attempts at training competitions 14% are solved, with a mean quality of 0.63; of fifth ones
 * 26%, with 0.69.
 */
export const DEMONSTRATION: DemonstrationOptions = {
  blunderShare: 0.15,
  readShare: 0.8,
  keepShare: 0.8,
  secondShare: 0.15,
};

export interface DemonstrationRequest {
  readonly table: Table;
  readonly options: DemonstrationOptions;
  readonly latest: Attempt | undefined;
  readonly mode: Mode;
  readonly rng: Rng;
}

export function demonstratePipeline(request: DemonstrationRequest): Token[] {
  const { latest, mode, options, rng } = request;
  const before = latest && readPipeline(latest.tokens);
  if (!latest || !before || mode === 'solve') return writePipeline(plausible(request));
  if (mode === 'diverge') return writePipeline(otherFamily(request, before));
  if (latest.quality >= SOLVED && rng.chance(options.keepShare)) return [...latest.tokens];
  return writePipeline(improved(request, before, readFeedback(latest.feedback)));
}

type Weights = { readonly [S in Slot]: Readonly<Record<Pipeline[S], number>> };

/** How likely each option is taken, before it is asked whether it can work. */
const TASTE: Weights = {
  impute: { keep: 1, median: 1, flag: 1 },
  scale: { raw: 1, standard: 2, rank: 1 },
  features: { all: 4, products: 4, pca3: 1, best3: 2 },
  model: { linear: 2, neighbours: 2, tree: 1, forest: 4, bayes: 1, boosting: 4 },
  size: { small: 1, medium: 2, large: 2 },
  regularisation: { weak: 1, strong: 1 },
  ensemble: { alone: 1, bagged: 1 },
};

function plausible({ table, options, rng }: DemonstrationRequest): Pipeline {
  const words = SLOTS.map((slot) => {
    const blunder = rng.chance(options.blunderShare);
    return chooseFrom(slot, (option) => blunder || canWork(table, option), rng);
  });
  return readPipeline(words)!;
}

/** An option of the slot, by taste, among those that are admitted. */
function chooseFrom(slot: Slot, admitted: (option: Token) => boolean, rng: Rng): Token {
  const options: readonly Token[] = CHOICES[slot].filter(admitted);
  const taste: Readonly<Record<Token, number>> = TASTE[slot];
  return options[rng.weighted(options.map((option) => taste[option]!))]!;
}

function canWork(table: Table, option: Token): boolean {
  if (option === 'keep') return !hasMissing(table);
  if (option === 'bayes') return isClassification(table);
  if (option === 'pca3' || option === 'best3') return table.columns.length >= 3;
  return true;
}

function otherFamily(request: DemonstrationRequest, before: Pipeline): Pipeline {
  const { table, rng } = request;
  const model = chooseFrom('model', (o) => o !== before.model && canWork(table, o), rng);
  const other = plausible(request);
  // What has to do with the table rather than with the model stays, as often as not.
  const kept = rng.chance(0.5) ? { impute: before.impute, scale: before.scale } : {};
  return withChoice({ ...other, ...kept }, 'model', model);
}

function improved(request: DemonstrationRequest, before: Pipeline, reading: Reading): Pipeline {
  const { options, rng } = request;
  if (reading.fault) return changed(request, before, BLAMED[reading.fault]);
  const moves = rng.chance(options.readShare) ? movesFor(before, reading) : [];
  const [slot, option] = moves.length > 0 ? rng.pick(moves) : [rng.pick(SLOTS), undefined];
  const once = option ? withChoice(before, slot, option) : changed(request, before, slot);
  return rng.chance(options.secondShare) ? changed(request, once, rng.pick(SLOTS)) : once;
}

/** Another option of the slot. */
function changed({ table, rng }: DemonstrationRequest, before: Pipeline, slot: Slot): Pipeline {
  const fits = (option: Token): boolean => option !== before[slot] && canWork(table, option);
  const some = CHOICES[slot].some(fits);
  const option = chooseFrom(slot, some ? fits : (other) => other !== before[slot], rng);
  return withChoice(before, slot, option);
}

type Move = readonly [Slot, Token];

/** Tenths of a skill by which training may be above validation. */
const OVERFIT = 2;
/** Tenths of a skill above which training is well enough. */
const FITTED = 7;

/** Changes that the scores suggest, of those that change something. */
function movesFor(before: Pipeline, { validation, training }: Reading): readonly Move[] {
  if (validation === undefined || training === undefined) return [];
  const over = training - validation >= OVERFIT;
  if (!over && training >= FITTED) return [];
  const size = CHOICES.size[CHOICES.size.indexOf(before.size) + (over ? -1 : 1)] ?? before.size;
  const moves: readonly Move[] = [['size', size], ...(over ? STEADIER : RICHER)];
  return moves.filter(([slot, option]) => before[slot] !== option);
}

const STEADIER: readonly Move[] = [
  ['regularisation', 'strong'],
  ['ensemble', 'bagged'],
  ['features', 'all'],
  ['model', 'forest'],
  ['model', 'boosting'],
];

const RICHER: readonly Move[] = [
  ['regularisation', 'weak'],
  ['features', 'products'],
  ['model', 'boosting'],
  ['model', 'forest'],
];

function withChoice(before: Pipeline, slot: Slot, option: Token): Pipeline {
  return readPipeline(writePipeline(before).with(SLOTS.indexOf(slot), option))!;
}
