/**
 * The word-level tokenizer as files of the Hugging Face `tokenizers` library. There is no unknown token:
 * a word outside of the vocabulary is an error there as it is in `base/tokenizer.ts`.
 */
import * as v from 'valibot';
import { BOS, EOS, PAD, SPECIALS, tokenizerOf } from '../base/tokenizer.ts';
import { checkObject, RunFormatError, whole } from './checks.ts';

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

/**
 * All words in id order, specials included.
 * @throws RunFormatError unless the ids are 0 … n − 1 and `tokenizerOf` accepts the words.
 */
export function fromTokenizerJson(value: unknown, file = 'tokenizer.json'): readonly string[] {
  const { model } = checkObject(file, TokenizerSchema, value);
  const entries = Object.entries(model.vocab).sort(([, a], [, b]) => a - b);
  entries.forEach(([word, id], expected) => {
    if (id === expected) return;
    throw new RunFormatError(file, `model.vocab["${word}"]: got ${id}, expected ${expected}`);
  });
  return checkWords(
    file,
    entries.map(([word]) => word),
  );
}

/** @throws RunFormatError if a special is missing, or a word comes twice or is no single word. */
export function checkWords(file: string, words: readonly string[]): readonly string[] {
  try {
    return tokenizerOf(words).words;
  } catch (cause) {
    throw new RunFormatError(file, (cause as Error).message, { cause });
  }
}
