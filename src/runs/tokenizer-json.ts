/**
 * The word-level tokenizer as files of the Hugging Face `tokenizers` library. There is no unknown token:
 * a word outside of the vocabulary is an error there as it is in `base/tokenizer.ts`.
 */
import * as v from 'valibot';
import { BOS, EOS, PAD, SPECIALS, tokenizerOf } from '../base/tokenizer.ts';
import { checkObject, RunFormatError, show, whole } from './checks.ts';

/**
 * The content of tokenizer.json. Encoding a text splits it at white space and puts `<bos>` in front.
 * @param words all words in id order, specials included.
 */
export function toTokenizerJson(words: readonly string[]) {
  const special = (content: string) => ({
    id: words.indexOf(content),
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: words.filter(isSpecial).map(special),
    normalizer: null,
    pre_tokenizer: { type: 'WhitespaceSplit' },
    post_processor: prependBos(words.indexOf(BOS)),
    decoder: null,
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(words.map((word, id) => [word, id])),
      // Required by the format, and absent from the vocabulary on purpose.
      unk_token: '<unk>',
    },
  };
}

function isSpecial(word: string): boolean {
  return SPECIALS.some((special) => special === word);
}

function prependBos(id: number) {
  const bos = { SpecialToken: { id: BOS, type_id: 0 } };
  const text = (name: 'A' | 'B') => ({ Sequence: { id: name, type_id: 0 } });
  return {
    type: 'TemplateProcessing',
    single: [bos, text('A')],
    pair: [bos, text('A'), text('B')],
    special_tokens: { [BOS]: { id: BOS, ids: [id], tokens: [BOS] } },
  };
}

/** The content of tokenizer_config.json. */
export function toTokenizerConfig(maxPositions: number) {
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    pad_token: PAD,
    bos_token: BOS,
    eos_token: EOS,
    padding_side: 'left',
    model_max_length: maxPositions,
    // The default would join words and punctuation.
    clean_up_tokenization_spaces: false,
  };
}

const TokenizerSchema = v.looseObject({
  model: v.looseObject(
    {
      type: v.literal('WordLevel', '"WordLevel"'),
      vocab: v.record(v.string(), whole(0), 'ids by word'),
    },
    'a WordLevel model',
  ),
});

/** More than any domain has, and than an id of two bytes can tell apart. */
const MOST_WORDS = 65_535;

/**
 * All words in id order, specials included.
 * @throws RunFormatError unless texts are split at white space and `<bos>` stands in front, as ours are, and the ids are 0 … n − 1 and `tokenizerOf` accepts the words.
 */
export function fromTokenizerJson(value: unknown, file = 'tokenizer.json'): readonly string[] {
  const tokenizer = checkObject(file, TokenizerSchema, value);
  const entries = Object.entries(tokenizer.model.vocab).sort(([, a], [, b]) => a - b);
  if (entries.length > MOST_WORDS) {
    throw new RunFormatError(
      file,
      `model.vocab: got ${entries.length} words, expected at most ${MOST_WORDS}`,
    );
  }
  entries.forEach(([word, id], expected) => {
    if (id === expected) return;
    throw new RunFormatError(file, `model.vocab["${word}"]: got ${id}, expected ${expected}`);
  });
  const words = checkWords(
    file,
    entries.map(([word]) => word),
  );
  checkSplitting(file, tokenizer, words);
  return words;
}

/** A tokenizer that makes other words of a text stands for a policy that reads something else. */
function checkSplitting(
  file: string,
  tokenizer: Readonly<Record<string, unknown>>,
  words: readonly string[],
): void {
  const refuse = (field: string, value: unknown, expected: string): never => {
    throw new RunFormatError(file, `${field}: got ${show(value)}, expected ${expected}`);
  };
  const { pre_tokenizer: splitter, normalizer, added_tokens: added } = tokenizer;
  if (!isAbsent(normalizer)) refuse('normalizer', normalizer, 'null: words are taken as they are');
  if (!v.is(SplitterSchema, splitter)) {
    refuse('pre_tokenizer', splitter, '{"type":"WhitespaceSplit"}: words stand between spaces');
  }
  const { post_processor: template } = tokenizer;
  if (!isAbsent(template) && !v.is(TemplateSchema, template)) {
    refuse('post_processor', template, `a template that puts ${BOS} in front of a text`);
  }
  const tokens = isAbsent(added) ? [] : added;
  if (!v.is(AddedSchema, tokens)) return refuse('added_tokens', tokens, 'a list of tokens');
  for (const { id, content } of tokens) {
    if (words[id] === content) continue;
    refuse('added_tokens', { id, content }, 'a word of model.vocab with its id');
  }
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

const SplitterSchema = v.looseObject({ type: v.literal('WhitespaceSplit') });

const AddedSchema = v.array(v.looseObject({ id: whole(0), content: v.string() }));

/** `<bos>`, then the text. */
const TemplateSchema = v.looseObject({
  type: v.literal('TemplateProcessing'),
  single: v.strictTuple([
    v.looseObject({ SpecialToken: v.looseObject({ id: v.literal(BOS) }) }),
    v.looseObject({ Sequence: v.looseObject({ id: v.literal('A') }) }),
  ]),
});

/** @throws RunFormatError if a special is missing, or a word comes twice or is no single word. */
export function checkWords(file: string, words: readonly string[]): readonly string[] {
  try {
    return tokenizerOf(words).words;
  } catch (cause) {
    throw new RunFormatError(file, (cause as Error).message, { cause });
  }
}
