import { Tokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTokenizer } from '../base/tokenizer.ts';
import { RunFormatError } from './checks.ts';
import { fromTokenizerJson, toTokenizerConfig, toTokenizerJson } from './tokenizer-json.ts';

const VOCABULARY = [
  'A3',
  'B11',
  'v0',
  'v1',
  '✓',
  '✗',
  '·',
  's0',
  'improve',
  '12',
  '3',
  '.',
  '=',
  ';',
  "'s",
];
const ours = createTokenizer(VOCABULARY);

/** The files as another program gets them, read by the library that it would use. */
function theirTokenizer(): Tokenizer {
  const files = [toTokenizerJson(ours.words), toTokenizerConfig(32)];
  const [tokenizer, config] = files.map((file) => JSON.parse(JSON.stringify(file)) as object);
  return new Tokenizer(tokenizer!, config!);
}

describe('tokenizer.json', () => {
  const theirs = theirTokenizer();

  test('every word, specials included, has the same id in both', () => {
    ours.words.forEach((word, id) => {
      expect(theirs.encode(word, { add_special_tokens: false }).ids).toEqual([id]);
      expect(theirs.decode([id])).toBe(word);
    });
    expect(theirs.get_vocab().size).toBe(ours.words.length);
  });

  test('any sequence is encoded and decoded alike', () => {
    const sequence = fc.array(fc.constantFrom(...ours.words), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(sequence, (words) => {
        const ids = ours.encode(words);
        expect(theirs.encode(words.join(' '), { add_special_tokens: false }).ids).toEqual(ids);
        expect(theirs.decode(ids)).toBe(words.join(' '));
      }),
    );
  });

  test('encoding puts <bos> in front, and decoding can leave the specials out', () => {
    const { ids } = theirs.encode('A3 ✓');
    expect(ids).toEqual([ours.bosId, ...ours.encode(['A3', '✓'])]);
    expect(theirs.decode([...ids, ours.eosId], { skip_special_tokens: true })).toBe('A3 ✓');
  });

  test('an unknown word becomes no known one', () => {
    expect(theirs.encode('A4', { add_special_tokens: false }).ids).toEqual([undefined]);
  });

  test('specials may stand anywhere, and other programs find them there', () => {
    const words = ['A3', '<eos>', 'v0', '<pad>', '✓', '<bos>'];
    const files = [toTokenizerJson(words), toTokenizerConfig(32)];
    const [json, config] = files.map((file) => JSON.parse(JSON.stringify(file)) as object);
    expect(fromTokenizerJson(json)).toEqual(words);
    const tokenizer = new Tokenizer(json!, config!);
    expect(tokenizer.encode('A3 ✓').ids).toEqual([5, 0, 4]);
    expect(tokenizer.decode([5, 0, 4, 1], { skip_special_tokens: true })).toBe('A3 ✓');
  });

  test('the words come back in id order, whatever order the file has', () => {
    const file = toTokenizerJson(ours.words);
    const vocab = Object.fromEntries(Object.entries(file.model.vocab).reverse());
    const reordered = { ...file, model: { ...file.model, vocab } };
    expect(fromTokenizerJson(JSON.parse(JSON.stringify(file)))).toEqual(ours.words);
    expect(fromTokenizerJson(reordered)).toEqual(ours.words);
  });

  test.each<[string, object, string]>([
    ['letters in lower case', { normalizer: { type: 'Lowercase' } }, 'normalizer: got {"type":'],
    [
      'words cut at punctuation',
      { pre_tokenizer: { type: 'Whitespace' } },
      'pre_tokenizer: got {"type":"Whitespace"}, expected {"type":"WhitespaceSplit"}',
    ],
    ['no words at all', { pre_tokenizer: null }, 'pre_tokenizer: got null, expected'],
    [
      'another token in front',
      { post_processor: { type: 'BertProcessing' } },
      'post_processor: got {"type":"BertProcessing"}, expected a template that puts <bos>',
    ],
    [
      'a token that is no word',
      { added_tokens: [{ id: 99, content: 'new' }] },
      'added_tokens: got {"id":99,"content":"new"}, expected a word of model.vocab with its id',
    ],
  ])('a tokenizer that splits otherwise is refused: %s', (_what, changes, message) => {
    const file = { ...toTokenizerJson(ours.words), ...changes };
    expect(() => fromTokenizerJson(file)).toThrow(RunFormatError);
    expect(() => fromTokenizerJson(file)).toThrow(`tokenizer.json: ${message}`);
  });

  test.each<[string, unknown, string]>([
    ['another model', { type: 'BPE', vocab: {} }, 'model.type: got "BPE", expected "WordLevel"'],
    ['no model', undefined, 'model: got nothing, expected a WordLevel model'],
    [
      'a fraction for an id',
      { type: 'WordLevel', vocab: { a: 0.5 } },
      'model.vocab.a: got 0.5, expected a whole number of at least 0',
    ],
    [
      'a gap',
      { type: 'WordLevel', vocab: { '<pad>': 0, '<bos>': 1, '<eos>': 3 } },
      'model.vocab["<eos>"]: got 3, expected 2',
    ],
    [
      'an id twice',
      { type: 'WordLevel', vocab: { '<pad>': 0, '<bos>': 1, '<eos>': 1 } },
      'model.vocab["<eos>"]: got 1, expected 2',
    ],
    [
      'a special that is missing',
      { type: 'WordLevel', vocab: { '<bos>': 0, '<pad>': 1, a: 2 } },
      'vocabulary: "<eos>" is missing',
    ],
    [
      'a word with a space',
      { type: 'WordLevel', vocab: { '<pad>': 0, '<bos>': 1, '<eos>': 2, 'a b': 3 } },
      'vocabulary: "a b" is not a single word',
    ],
  ])('%s is refused', (_what, model, message) => {
    const read = (): unknown => fromTokenizerJson({ model });
    expect(read).toThrow(RunFormatError);
    expect(read).toThrow(`tokenizer.json: ${message}`);
  });
});
