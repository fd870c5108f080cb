/** What a pipeline is made of: seven choices, one word each, in a fixed order. */
import type { Token } from '../task.ts';

export const CHOICES = {
  /** Leave missing values; the column's median; the median, and a column that says where it was missing. */
  impute: ['keep', 'median', 'flag'],
  /** As it is; mean 0 and deviation 1; position among the sorted training values. */
  scale: ['raw', 'standard', 'rank'],
  /** All columns; squares and products too; three principal components; the three most telling. */
  features: ['all', 'products', 'pca3', 'best3'],
  /** Ridge or logistic regression, k nearest neighbours, and so on. */
  model: ['linear', 'neighbours', 'tree', 'forest', 'bayes', 'boosting'],
  /** How much the model can express: depth, trees, rounds, or how few neighbours. */
  size: ['small', 'medium', 'large'],
  /** Penalty, early stopping, samples per leaf, or learning rate. */
  regularisation: ['weak', 'strong'],
  /** One model, or the vote or mean of three on resampled rows. */
  ensemble: ['alone', 'bagged'],
} as const;

export type Slot = keyof typeof CHOICES;
export type Pipeline = { readonly [S in Slot]: (typeof CHOICES)[S][number] };

export const SLOTS = [
  'impute',
  'scale',
  'features',
  'model',
  'size',
  'regularisation',
  'ensemble',
] as const satisfies readonly Slot[];

export const CHOICE_WORDS: readonly Token[] = SLOTS.flatMap((slot) => CHOICES[slot]);

/** The pipeline that the words spell; undefined unless each is an option of its slot, and none is left. */
export function readPipeline(tokens: readonly Token[]): Pipeline | undefined {
  if (tokens.length !== SLOTS.length) return undefined;
  const [impute, scale, features, model, size, regularisation, ensemble] = SLOTS.map((slot, i) =>
    tokens[i] === undefined ? undefined : optionOf(slot, tokens[i]),
  );
  const read = { impute, scale, features, model, size, regularisation, ensemble };
  return isPipeline(read) ? read : undefined;
}

function optionOf(slot: Slot, word: Token): Token | undefined {
  return CHOICES[slot].find((option) => option === word);
}

function isPipeline(read: Readonly<Record<Slot, Token | undefined>>): read is Pipeline {
  return SLOTS.every((slot) => read[slot] !== undefined);
}

export function writePipeline(pipeline: Pipeline): Token[] {
  return SLOTS.map((slot) => pipeline[slot]);
}

/** Every combination of options, in the order of `CHOICES`. */
export function allPipelines(): Pipeline[] {
  const words = SLOTS.reduce<Token[][]>(
    (starts, slot) =>
      starts.flatMap((start) => CHOICES[slot].map((option): Token[] => [...start, option])),
    [[]],
  );
  return words.map((tokens) => readPipeline(tokens)!);
}

/**
 * The pipeline that stands for all those which compute the same: choices that change nothing are set to
 * the first of their slot.
 * - nothing is missing: nothing is imputed;
 * - linear models and naive Bayes have no size; neighbours and naive Bayes are not regularised;
 * - naive Bayes and everything made of trees do not mind shifting and stretching a column, unless columns
 *   are multiplied or rotated afterwards.
 */
export function canonical(pipeline: Pipeline, hasMissing: boolean): Pipeline {
  const { model, features } = pipeline;
  const sized = model !== 'linear' && model !== 'bayes';
  const regularised = model !== 'neighbours' && model !== 'bayes';
  const columnwise = features === 'all' || features === 'best3';
  const affine = columnwise && model !== 'linear' && model !== 'neighbours';
  return {
    ...pipeline,
    impute: hasMissing ? pipeline.impute : 'keep',
    scale: affine && pipeline.scale === 'standard' ? 'raw' : pipeline.scale,
    size: sized ? pipeline.size : 'small',
    regularisation: regularised ? pipeline.regularisation : 'weak',
  };
}

/** One pipeline per class of equal ones, in a fixed order. */
export function canonicalPipelines(hasMissing: boolean): readonly Pipeline[] {
  return allPipelines().filter(
    (pipeline) => keyOf(canonical(pipeline, hasMissing)) === keyOf(pipeline),
  );
}

export function keyOf(pipeline: Pipeline): string {
  return writePipeline(pipeline).join(' ');
}
