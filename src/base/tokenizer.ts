/**
 * Word-level tokenizer: one token per word of a fixed vocabulary, three specials in front. Inside the
 * app a token is its word; ids exist only where a policy is called.
 */

export const PAD = '<pad>';
export const BOS = '<bos>';
export const EOS = '<eos>';
export const SPECIALS = [PAD, BOS, EOS] as const;

export interface Tokenizer {
  /** All words in id order; ids 0, 1, 2 are `<pad>`, `<bos>`, `<eos>`. */
  readonly words: readonly string[];
  readonly padId: 0;
  readonly bosId: 1;
  readonly eosId: 2;
  /** Throws RangeError naming the first word that is not in the vocabulary. */
  encode(words: readonly string[]): number[];
  /** Throws RangeError naming the first id that is out of range. */
  decode(ids: ArrayLike<number>): string[];
}

/** @throws RangeError if a word repeats, is empty, holds white space or is a special. */
export function createTokenizer(vocabulary: readonly string[]): Tokenizer {
  const words = [...SPECIALS, ...vocabulary];
  const ids = new Map<string, number>();
  words.forEach((word, id) => {
    if (!/^\S+$/.test(word)) throw new RangeError(`vocabulary: "${word}" is not a single word`);
    if (ids.has(word)) throw new RangeError(`vocabulary: "${word}" occurs twice`);
    ids.set(word, id);
  });
  return {
    words,
    padId: 0,
    bosId: 1,
    eosId: 2,
    encode: (text) =>
      text.map((word) => {
        const id = ids.get(word);
        if (id === undefined) throw new RangeError(`"${word}" is not in the vocabulary`);
        return id;
      }),
    decode: (tokens) =>
      Array.from(tokens, (id) => {
        const word = words[id];
        if (word === undefined)
          throw new RangeError(`token id ${id}: expected 0 … ${words.length - 1}`);
        return word;
      }),
  };
}
