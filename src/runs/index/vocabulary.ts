/** Words by number, in the order in which they came: what words are kept and written as. */
import type { Token } from '../../tasks/task.ts';

export class Vocabulary {
  private readonly ids = new Map<Token, number>();
  private readonly list: Token[] = [];

  /** The word's number; a word that never came is added. */
  id(word: Token): number {
    const known = this.ids.get(word);
    if (known !== undefined) return known;
    this.ids.set(word, this.list.length);
    return this.list.push(word) - 1;
  }

  /** Undefined for a word that never came. */
  known(word: Token): number | undefined {
    return this.ids.get(word);
  }

  get size(): number {
    return this.list.length;
  }

  /** @param id below `size`. */
  word(id: number): Token {
    return this.list[id]!;
  }
}
