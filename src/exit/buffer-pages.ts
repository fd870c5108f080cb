/**
 * The buffer's histories in blocks, so that a step costs what it changes and not what is stored: a history
 * comes and goes without moving those of other blocks, and only blocks that changed are summed
 * again. A step changes twenty of the four hundred blocks of a hundred thousand histories.
 */
import { lastAtMost } from '../base/binarySearch.ts';
import { Block, BLOCK, type Row, type Weighing } from './buffer-page.ts';

/** Where a history lies, until one leaves. */
export interface Place<R extends Row> {
  readonly block: Block<R>;
  readonly row: number;
}

/** Of each block, side by side: a pass over all blocks reads a few kilobytes. */
export interface BlockSums {
  readonly size: readonly number[];
  readonly weight: readonly number[];
  readonly score: readonly number[];
  /** Of S². */
  readonly square: readonly number[];
}

export class Blocks<R extends Row> {
  readonly list: Block<R>[];
  private weighing: Weighing = { factor: 0, top: 0 };
  private readonly columns = {
    size: Array<number>(),
    weight: Array<number>(),
    score: Array<number>(),
    square: Array<number>(),
  };
  /** Since they were last summed. */
  private readonly changed: Set<Block<R>>;

  /**
   * @param stored lists of at most `BLOCK` entries, none of them empty, in the order of their ids. They are
   *   changed in place: what is known beside them follows from them alone.
   */
  constructor(
    private readonly stored: R[][],
    keyOf: (entry: R) => string,
  ) {
    this.list = stored.map((entries) => new Block(entries, entries.map(keyOf), this.weighing));
    this.changed = new Set(this.list);
  }

  find(entry: R): Place<R> {
    const block = this.blockOf(entry);
    return { block, row: block.rowOf(entry) };
  }

  /** @param entry with an id above all others. */
  push(entry: R, key: string): void {
    const block = this.open();
    block.push(entry, key);
    this.changed.add(block);
  }

  setScore({ block, row }: Place<R>, score: number): void {
    block.setScore(row, score);
    this.changed.add(block);
  }

  /** @returns their keys. */
  drop(leaving: readonly R[]): string[] {
    const gone = new Set(leaving.map(({ id }) => id));
    const touched = new Set(leaving.map((entry) => this.blockOf(entry)));
    const keys = [...touched].flatMap((block) => block.drop(({ id }) => gone.has(id)));
    for (const block of touched) {
      this.changed.add(block);
      this.tidy(this.list.indexOf(block));
    }
    return keys;
  }

  /** Weights that are as they were are not computed again. */
  weigh(weighing: Weighing): BlockSums {
    const { factor, top } = this.weighing;
    if (factor !== weighing.factor || top !== weighing.top) {
      this.weighing = weighing;
      for (const block of this.list) {
        block.weigh(weighing);
        this.changed.add(block);
      }
    }
    return this.sums();
  }

  /** With the weights as last asked for. */
  sums(): BlockSums {
    const { columns, list } = this;
    for (const block of this.changed) {
      const place = list.indexOf(block);
      if (place < 0) continue;
      const { weight, score, square } = block.sums();
      columns.size[place] = block.size;
      columns.weight[place] = weight;
      columns.score[place] = score;
      columns.square[place] = square;
    }
    this.changed.clear();
    return columns;
  }

  private blockOf({ id }: R): Block<R> {
    const { list } = this;
    return list[lastAtMost(id, list.length, (place) => list[place]!.firstId)]!;
  }

  /** The last one, or a new one where that is full. */
  private open(): Block<R> {
    const last = this.list.at(-1);
    if (last && last.size < BLOCK) return last;
    const entries: R[] = [];
    const block = new Block(entries, [], this.weighing);
    this.stored.push(entries);
    this.list.push(block);
    return block;
  }

  /** What fits in one block is one block, so that thin ones do not heap up. */
  private tidy(place: number): void {
    if (place < 0) return;
    while (this.joinsNext(place)) continue;
    if (place > 0) this.joinsNext(place - 1);
    if (this.list[0]?.size === 0) this.takeOut(0);
  }

  /** Whether there was a next one that fitted in. */
  private joinsNext(place: number): boolean {
    const [block, next] = [this.list[place]!, this.list[place + 1]];
    if (!next || block.size + next.size > BLOCK) return false;
    next.each((entry, key) => {
      block.push(entry, key);
    });
    this.changed.add(block);
    this.takeOut(place + 1);
    return true;
  }

  private takeOut(place: number): void {
    for (const column of Object.values(this.columns)) column.splice(place, 1);
    this.stored.splice(place, 1);
    this.list.splice(place, 1);
  }
}
