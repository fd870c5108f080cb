/**
 * What every step reads of all histories, as columns beside the entries and in their order: a pass over
 * a hundred thousand objects takes milliseconds, over numbers that lie together a tenth of one.
 */

/** What of an entry lies in columns. */
export interface Row {
  readonly score: number;
  readonly scoredStep: number;
  readonly createdStep: number;
  readonly depth: number;
  readonly uses: number;
}

export class Columns {
  length = 0;
  private all = allocate(64);

  constructor(entries: readonly Row[]) {
    for (const entry of entries) this.push(entry);
  }

  /** S. */
  get score(): Float64Array {
    return this.all.score.subarray(0, this.length);
  }

  get scoredStep(): Int32Array {
    return this.all.scoredStep.subarray(0, this.length);
  }

  get createdStep(): Int32Array {
    return this.all.createdStep.subarray(0, this.length);
  }

  get depth(): Int32Array {
    return this.all.depth.subarray(0, this.length);
  }

  get uses(): Int32Array {
    return this.all.uses.subarray(0, this.length);
  }

  push(entry: Row): void {
    if (this.length === this.all.score.length) this.grow();
    this.length += 1;
    this.set(this.length - 1, entry);
  }

  /** Takes over what changed in the entry at `index`. */
  set(index: number, { score, scoredStep, createdStep, depth, uses }: Row): void {
    this.all.score[index] = score;
    this.all.scoredStep[index] = scoredStep;
    this.all.createdStep[index] = createdStep;
    this.all.depth[index] = depth;
    this.all.uses[index] = uses;
  }

  /** @param leaving ascending indices. */
  remove(leaving: readonly number[]): void {
    for (const column of Object.values(this.all)) removeFrom(column, this.length, leaving);
    this.length -= leaving.length;
  }

  private grow(): void {
    const larger = allocate(2 * this.all.score.length);
    for (const [name, column] of Object.entries(this.all)) {
      larger[name as keyof typeof larger].set(column);
    }
    this.all = larger;
  }
}

function allocate(capacity: number): {
  readonly score: Float64Array;
  readonly scoredStep: Int32Array;
  readonly createdStep: Int32Array;
  readonly depth: Int32Array;
  readonly uses: Int32Array;
} {
  return {
    score: new Float64Array(capacity),
    scoredStep: new Int32Array(capacity),
    createdStep: new Int32Array(capacity),
    depth: new Int32Array(capacity),
    uses: new Int32Array(capacity),
  };
}

/** Moves each run between two leavers as a whole. */
function removeFrom(
  column: Float64Array | Int32Array,
  length: number,
  leaving: readonly number[],
): void {
  let to = leaving[0] ?? length;
  leaving.forEach((index, i) => {
    const next = leaving[i + 1] ?? length;
    column.copyWithin(to, index + 1, next);
    to += next - index - 1;
  });
}
