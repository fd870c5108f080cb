/** A run of the buffer's histories, short enough to be moved and summed up quickly. */

import { binarySearch } from '../base/binarySearch.ts';

/** Histories in a page, at most. */
export const PAGE_SIZE = 256;

/** What a page reads of a history. */
export interface ScoredEntry {
  readonly id: number;
  /** S. */
  readonly score: number;
}

/** A weight is exp(factor·(S − top)). */
export interface PriorityParams {
  readonly factor: number;
  readonly top: number;
}

export class BufferPage<R extends ScoredEntry> {
  /** [PAGE_SIZE], of which `size` count. */
  readonly weights = new Float64Array(PAGE_SIZE);
  /** As the weights: numbers that lie together are read faster than entries. */
  private readonly scores = new Float64Array(PAGE_SIZE);

  /**
   * @param entries in the order of their ids. The page changes this very list.
   * @param keys one per entry, whatever the owner finds it by.
   */
  constructor(
    readonly entries: R[],
    private readonly keys: string[],
    private priority: PriorityParams,
  ) {
    entries.forEach(({ score }, row) => {
      this.setScore(row, score);
    });
  }

  get size(): number {
    return this.entries.length;
  }

  get firstId(): number {
    return this.entries[0]!.id;
  }

  rowOf({ id }: R): number {
    return binarySearch(id, this.size, (row) => this.entries[row]!.id);
  }

  each(visit: (entry: R, key: string) => void): void {
    this.entries.forEach((entry, row) => {
      visit(entry, this.keys[row]!);
    });
  }

  push(entry: R, key: string): void {
    this.entries.push(entry);
    this.keys.push(key);
    this.setScore(this.size - 1, entry.score);
  }

  setScore(row: number, score: number): void {
    this.scores[row] = score;
    this.weights[row] = weightOf(score, this.priority);
  }

  /** @returns the keys of those removed. */
  remove(leaves: (entry: R) => boolean): string[] {
    const removed: string[] = [];
    let to = 0;
    for (let row = 0; row < this.size; row++) {
      if (leaves(this.entries[row]!)) removed.push(this.keys[row]!);
      else this.move(row, to++);
    }
    this.entries.length = this.keys.length = to;
    return removed;
  }

  private move(from: number, to: number): void {
    this.entries[to] = this.entries[from]!;
    this.keys[to] = this.keys[from]!;
    this.scores[to] = this.scores[from]!;
    this.weights[to] = this.weights[from]!;
  }

  applyPriority(priority: PriorityParams): void {
    this.priority = priority;
    for (let row = 0; row < this.size; row++) {
      this.weights[row] = weightOf(this.scores[row]!, priority);
    }
  }

  /** Sums of the weights, of S and of S². */
  sums(): { readonly weight: number; readonly score: number; readonly square: number } {
    const { size, weights, scores } = this;
    let [weight, score, square] = [0, 0, 0];
    for (let row = 0; row < size; row++) {
      weight += weights[row]!;
      score += scores[row]!;
      square += scores[row]! * scores[row]!;
    }
    return { weight, score, square };
  }
}

function weightOf(score: number, { factor, top }: PriorityParams): number {
  return Math.exp(factor * (score - top));
}
