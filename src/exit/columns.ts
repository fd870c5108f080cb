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
  /** Where the first entry lies: the oldest leave without moving the others. */
  private start = 0;
  /** Greatest score and how many have it; undefined where it has to be looked for. */
  private top: { readonly score: number; count: number } | undefined;
  /** What the weights were computed with; undefined where they do not stand. */
  private weighed: { readonly factor: number; readonly top: number } | undefined;

  constructor(entries: readonly Row[]) {
    for (const entry of entries) this.push(entry);
  }

  /** S. */
  get score(): Float64Array {
    return this.of('score');
  }

  get scoredStep(): Int32Array {
    return this.of('scoredStep');
  }

  get createdStep(): Int32Array {
    return this.of('createdStep');
  }

  get depth(): Int32Array {
    return this.of('depth');
  }

  get uses(): Int32Array {
    return this.of('uses');
  }

  push(entry: Row): void {
    if (this.start + this.length === this.all.score.length) this.makeRoom();
    this.length += 1;
    this.write(this.length - 1, entry);
  }

  /** Takes over what changed in the entry at `index`. */
  set(index: number, entry: Row): void {
    this.forgetTop(this.all.score[this.start + index]!);
    this.write(index, entry);
  }

  /** To be called after scores were changed in place. */
  invalidate(): void {
    this.top = this.weighed = undefined;
  }

  /** Greatest score; 0 where there is none. */
  topScore(): number {
    this.top ??= topOf(this.score);
    return this.top.score;
  }

  /** exp(factor·(S − top)) of all; of those that are as they were it is not computed again. */
  weights(factor: number): Float64Array {
    const { score } = this;
    const top = this.topScore();
    const weight = this.of('weight');
    if (this.weighed?.factor === factor && this.weighed.top === top) return weight;
    this.weighed = { factor, top };
    for (let i = 0; i < weight.length; i++) weight[i] = Math.exp(factor * (score[i]! - top));
    return weight;
  }

  private of<K extends keyof Arrays>(name: K): Arrays[K] {
    return this.all[name].subarray(this.start, this.start + this.length) as Arrays[K];
  }

  private write(place: number, { score, scoredStep, createdStep, depth, uses }: Row): void {
    const index = this.start + place;
    if (this.top && score === this.top.score) this.top.count += 1;
    else if (this.top && score > this.top.score) this.top = { score, count: 1 };
    if (this.weighed) {
      const { factor, top } = this.weighed;
      this.all.weight[index] = Math.exp(factor * (score - top));
    }
    this.all.score[index] = score;
    this.all.scoredStep[index] = scoredStep;
    this.all.createdStep[index] = createdStep;
    this.all.depth[index] = depth;
    this.all.uses[index] = uses;
  }

  private forgetTop(score: number): void {
    if (this.top?.score !== score) return;
    this.top.count -= 1;
    if (this.top.count === 0) this.top = undefined;
  }

  /** @param leaving ascending indices. */
  remove(leaving: readonly number[]): void {
    for (const index of leaving) this.forgetTop(this.all.score[this.start + index]!);
    if (leaving.at(-1) === leaving.length - 1) this.start += leaving.length;
    else for (const column of this.columns()) removeFrom(column, this.length, leaving);
    this.length -= leaving.length;
  }

  private columns(): (Float64Array | Int32Array)[] {
    return NAMES.map((name) => this.of(name));
  }

  /** To the front of the same arrays where the oldest have left enough, else of larger ones. */
  private makeRoom(): void {
    const from = this.columns();
    if (this.start < this.length) this.all = allocate(2 * this.all.score.length);
    NAMES.forEach((name, i) => this.all[name].set(from[i]!));
    this.start = 0;
  }
}

interface Arrays {
  readonly score: Float64Array;
  readonly scoredStep: Int32Array;
  readonly createdStep: Int32Array;
  readonly depth: Int32Array;
  readonly uses: Int32Array;
  readonly weight: Float64Array;
}

const NAMES = ['score', 'scoredStep', 'createdStep', 'depth', 'uses', 'weight'] as const;

function allocate(capacity: number): Arrays {
  return {
    score: new Float64Array(capacity),
    scoredStep: new Int32Array(capacity),
    createdStep: new Int32Array(capacity),
    depth: new Int32Array(capacity),
    uses: new Int32Array(capacity),
    weight: new Float64Array(capacity),
  };
}

function topOf(scores: Float64Array): { score: number; count: number } {
  const top = { score: 0, count: 0 };
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    if (score > top.score) Object.assign(top, { score, count: 1 });
    else if (score === top.score) top.count += 1;
  }
  return top;
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
