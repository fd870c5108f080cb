/**
 * The single models that an ensemble is made of: a pipeline in three words, one for how columns are scaled,
 * one for which are used, one for the model. What else a pipeline chooses is fixed: missing values become
 * the median, and no model is bagged, since an ensemble is what bagging makes of one.
 */
import { canonical, CHOICES, keyOf, readPipeline, type Pipeline } from '../tables/choices.ts';
import type { Token } from '../task.ts';

/** `forest-large-strong`; parts that do nothing for a model are not in its word. */
const MODEL_WORDS = new Map<Token, Pick<Pipeline, 'model' | 'size' | 'regularisation'>>(
  CHOICES.model.flatMap((model) =>
    sizesOf(model).flatMap((size) =>
      strengthsOf(model).map((regularisation) => {
        const parts = [
          model,
          ...(sizesOf(model).length > 1 ? [size] : []),
          ...(strengthsOf(model).length > 1 ? [regularisation] : []),
        ];
        return [parts.join('-'), { model, size, regularisation }] as const;
      }),
    ),
  ),
);

/** Those of many trees come in two sizes: an ensemble makes them larger by itself. */
function sizesOf(model: Pipeline['model']): readonly Pipeline['size'][] {
  const [small, medium] = CHOICES.size;
  if (model === 'linear' || model === 'bayes') return [small];
  return model === 'forest' || model === 'boosting' ? [small, medium] : CHOICES.size;
}

function strengthsOf(model: Pipeline['model']): readonly Pipeline['regularisation'][] {
  const none = model === 'neighbours' || model === 'bayes';
  return none ? [CHOICES.regularisation[0]] : CHOICES.regularisation;
}

/** The words of each place. */
export const MEMBER_SLOTS = [
  { name: 'scale', words: CHOICES.scale },
  { name: 'features', words: CHOICES.features },
  { name: 'model', words: [...MODEL_WORDS.keys()] },
] as const satisfies readonly { readonly name: string; readonly words: readonly Token[] }[];

export const MEMBER_WORDS = MEMBER_SLOTS.length;
export const WORDS: readonly Token[] = MEMBER_SLOTS.flatMap(({ words }): readonly Token[] => words);

/** Three words that name a single model. */
export type Member = readonly Token[];

export function isMember(words: readonly Token[]): words is Member {
  return (
    words.length === MEMBER_WORDS &&
    MEMBER_SLOTS.every((slot, i) => {
      const options: readonly Token[] = slot.words;
      return options.includes(words[i] ?? '');
    })
  );
}

/** @throws RangeError if the words name no single model. */
export function pipelineOf(member: Member, hasMissing: boolean): Pipeline {
  const [scale, features, word] = member;
  const model = MODEL_WORDS.get(word ?? '');
  const said = [scale, features, model?.model, model?.size, model?.regularisation, 'alone'];
  const words = [hasMissing ? 'median' : 'keep', ...said].map((part) => part ?? '');
  const pipeline = readPipeline(words);
  if (!pipeline) {
    throw new RangeError(`member: got "${member.join(' ')}", expected scale, features and model`);
  }
  return canonical(pipeline, hasMissing);
}

/** All single models, one of each that compute the same, in a fixed order: an index stands for one. */
export const MEMBERS: readonly Member[] = MEMBER_SLOTS[0].words.flatMap((scale) =>
  MEMBER_SLOTS[1].words.flatMap((features) =>
    MEMBER_SLOTS[2].words
      .map((model): Member => [scale, features, model])
      .filter((member) => keyOf(pipelineOf(member, false)) === rawKey(member)),
  ),
);

/** Of the words as they stand, before equal ones are brought together. */
function rawKey([scale, features, word]: Member): string {
  const { model, size, regularisation } = MODEL_WORDS.get(word ?? '')!;
  return ['keep', scale, features, model, size, regularisation, 'alone'].join(' ');
}

const INDICES = new Map(MEMBERS.map((member, i) => [keyOf(pipelineOf(member, false)), i]));

/** Which of `MEMBERS` computes what these words say. */
export function indexOf(member: Member): number {
  return INDICES.get(keyOf(pipelineOf(member, false)))!;
}
