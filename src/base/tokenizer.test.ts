import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOS, createTokenizer, EOS, PAD, SPECIALS, tokenizerOf } from './tokenizer.ts';

const tokenizer = createTokenizer(['red', 'blue', '✓']);

describe('a tokenizer', () => {
  it('puts the specials first and the words after them, in order', () => {
    expect(tokenizer.words).toEqual([PAD, BOS, EOS, 'red', 'blue', '✓']);
    expect(tokenizer.encode([...SPECIALS])).toEqual([
      tokenizer.padId,
      tokenizer.bosId,
      tokenizer.eosId,
    ]);
    expect(tokenizer.encode(['✓', 'red'])).toEqual([5, 3]);
  });

  it('brings every text of its words back', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...tokenizer.words)), (text) => {
        expect(tokenizer.decode(tokenizer.encode(text))).toEqual(text);
        expect(tokenizer.decode(Int32Array.from(tokenizer.encode(text)))).toEqual(text);
      }),
    );
  });

  it('names the word that it does not know', () => {
    expect(() => tokenizer.encode(['red', 'green', 'mauve'])).toThrow(
      new RangeError('"green" is not in the vocabulary'),
    );
  });

  it.each([6, -1, 1.5])('names the id %d, which is out of range', (id) => {
    expect(() => tokenizer.decode([3, id])).toThrow(
      new RangeError(`token id ${id}: expected 0 … 5`),
    );
  });
});

describe('a tokenizer of given words', () => {
  it('finds its specials wherever they stand', () => {
    const other = tokenizerOf(['red', EOS, 'blue', PAD, BOS]);
    expect([other.padId, other.bosId, other.eosId]).toEqual([3, 4, 1]);
    expect(other.encode([BOS, 'red', EOS])).toEqual([4, 0, 1]);
    expect(other.decode([4, 2, 1])).toEqual([BOS, 'blue', EOS]);
  });

  it.each(SPECIALS)('needs %s', (special) => {
    const words = [...SPECIALS, 'red'].filter((word) => word !== special);
    expect(() => tokenizerOf(words)).toThrow(new RangeError(`vocabulary: "${special}" is missing`));
  });
});

describe('a vocabulary', () => {
  it.each([
    [['a', 'b', 'a'], 'vocabulary: "a" occurs twice'],
    [['<eos>'], 'vocabulary: "<eos>" occurs twice'],
    [[''], 'vocabulary: "" is not a single word'],
    [['two words'], 'vocabulary: "two words" is not a single word'],
    [['line\n'], 'vocabulary: "line\n" is not a single word'],
  ])('is refused: %j', (words, message) => {
    expect(() => createTokenizer(words)).toThrow(new RangeError(message));
  });
});
