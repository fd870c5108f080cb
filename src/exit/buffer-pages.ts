/**
 * The buffer's histories in pages, so that a step costs what it changes and not what is stored: a history
 * comes and goes without moving those of other pages, and only pages that changed are summed
 * again. A step changes twenty of the four hundred pages of a hundred thousand histories.
 */
import { binarySearch } from '../base/binarySearch.ts';
import { BufferPage, PAGE_SIZE, type ScoredEntry, type PriorityParams } from './buffer-page.ts';

/** Where a history lies, until one leaves. */
export interface EntryRef<R extends ScoredEntry> {
  readonly page: BufferPage<R>;
  readonly row: number;
}

/** Of each page, side by side: a pass over all pages reads a few kilobytes. */
export interface PageSums {
  readonly size: readonly number[];
  readonly weight: readonly number[];
  readonly score: readonly number[];
  /** Of S². */
  readonly square: readonly number[];
}

export class BufferPages<R extends ScoredEntry> {
  readonly list: BufferPage<R>[];
  private priority: PriorityParams = { factor: 0, top: 0 };
  private readonly columns = {
    size: Array<number>(),
    weight: Array<number>(),
    score: Array<number>(),
    square: Array<number>(),
  };
  /** Since they were last summed. */
  private readonly changed: Set<BufferPage<R>>;

  /**
   * @param stored lists of at most `PAGE_SIZE` entries, none of them empty, in the order of their ids. They are
   *   changed in at: what is known beside them follows from them alone.
   */
  constructor(
    private readonly stored: R[][],
    keyOf: (entry: R) => string,
  ) {
    this.list = stored.map((entries) => new BufferPage(entries, entries.map(keyOf), this.priority));
    this.changed = new Set(this.list);
  }

  find(entry: R): EntryRef<R> {
    const page = this.pageOf(entry);
    return { page, row: page.rowOf(entry) };
  }

  /** @param entry with an id above all others. */
  push(entry: R, key: string): void {
    const page = this.openPage();
    page.push(entry, key);
    this.changed.add(page);
  }

  setScore({ page, row }: EntryRef<R>, score: number): void {
    page.setScore(row, score);
    this.changed.add(page);
  }

  /** @returns their keys. */
  remove(leaving: readonly R[]): string[] {
    const gone = new Set(leaving.map(({ id }) => id));
    const touched = new Set(leaving.map((entry) => this.pageOf(entry)));
    const keys = [...touched].flatMap((page) => page.remove(({ id }) => gone.has(id)));
    for (const page of touched) {
      this.changed.add(page);
      this.compact(this.list.indexOf(page));
    }
    return keys;
  }

  /** Weights that are as they were are not computed again. */
  applyPriority(priority: PriorityParams): PageSums {
    const { factor, top } = this.priority;
    if (factor !== priority.factor || top !== priority.top) {
      this.priority = priority;
      for (const page of this.list) {
        page.applyPriority(priority);
        this.changed.add(page);
      }
    }
    return this.sums();
  }

  /** With the weights as last asked for. */
  sums(): PageSums {
    const { columns, list } = this;
    for (const page of this.changed) {
      const at = list.indexOf(page);
      if (at < 0) continue;
      const { weight, score, square } = page.sums();
      columns.size[at] = page.size;
      columns.weight[at] = weight;
      columns.score[at] = score;
      columns.square[at] = square;
    }
    this.changed.clear();
    return columns;
  }

  private pageOf({ id }: R): BufferPage<R> {
    const { list } = this;
    return list[binarySearch(id, list.length, (at) => list[at]!.firstId)]!;
  }

  /** The last one, or a new one where that is full. */
  private openPage(): BufferPage<R> {
    const last = this.list.at(-1);
    if (last && last.size < PAGE_SIZE) return last;
    const entries: R[] = [];
    const page = new BufferPage(entries, [], this.priority);
    this.stored.push(entries);
    this.list.push(page);
    return page;
  }

  /** Neighbours that fit in one page are merged, so that nearly empty ones do not accumulate. */
  private compact(at: number): void {
    if (at < 0) return;
    while (this.mergesWithNext(at)) continue;
    if (at > 0) this.mergesWithNext(at - 1);
    if (this.list[0]?.size === 0) this.deletePage(0);
  }

  /** Whether there was a next one that fitted in. */
  private mergesWithNext(at: number): boolean {
    const [page, next] = [this.list[at]!, this.list[at + 1]];
    if (!next || page.size + next.size > PAGE_SIZE) return false;
    next.each((entry, key) => {
      page.push(entry, key);
    });
    this.changed.add(page);
    this.deletePage(at + 1);
    return true;
  }

  private deletePage(at: number): void {
    for (const column of Object.values(this.columns)) column.splice(at, 1);
    this.stored.splice(at, 1);
    this.list.splice(at, 1);
  }
}
