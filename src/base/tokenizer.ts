/**
 * Word-level tokenizer: one token per word of a fixed vocabulary, three of them special. Inside the app a
 * token is its word; ids exist only where a policy is called.
 */

export const PAD = '<pad>';
export const BOS = '<bos>';
export const EOS = '<eos>';
export const SPECIALS = [PAD, BOS, EOS] as const;

export interface Tokenizer {
  /** All words in id order, specials included. */
  readonly words: readonly string[];
  readonly padId: number;
  readonly bosId: number;
  readonly eosId: number;
  /** Throws RangeError naming the first word that is not in the vocabulary. */
  encode(words: readonly string[]): number[];
  /** Throws RangeError naming the first id that is out of range. */
  decode(ids: ArrayLike<number>): string[];
}

/**
 * A new tokenizer, whose specials come first.
 * @throws RangeError if a word repeats, is empty, holds white space or is a special.
 */
export function createTokenizer(vocabulary: readonly string[]): Tokenizer {
  return tokenizerOf([...SPECIALS, ...vocabulary]);
}

/**
 * The tokenizer with exactly these words, e.g. that of weights from a file.
 * @param words in id order; the specials may stand anywhere.
 * @throws RangeError if a word repeats, is empty or holds white space, or if a special is missing.
 */
export function tokenizerOf(words: readonly string[]): Tokenizer {
  const ids = new Map<string, number>();
  words.forEach((word, id) => {
    if (!/^\S+$/.test(word)) throw new RangeError(`vocabulary: "${word}" is not a single word`);
    if (ids.has(word)) throw new RangeError(`vocabulary: "${word}" occurs twice`);
    ids.set(word, id);
  });
  const special = (word: string): number => {
    const id = ids.get(word);
    if (id === undefined) throw new RangeError(`vocabulary: "${word}" is missing`);
    return id;
  };
  return {
    words,
    padId: special(PAD),
    bosId: special(BOS),
    eosId: special(EOS),
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
