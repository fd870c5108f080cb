/**
 * Where histories stand: depth along x, a lane along y.
 *
 * The rule is applied to each history once, when it first appears, in the order of ids: it takes the lane
 * of its parent if that is free at its depth, else the nearest free one there, below before above. Children
 * of the task, and histories whose parent is not kept any more, aim at lane 0. Nothing is ever sorted or
 * moved, so a tree that grows keeps its shape; a lane stays taken when its history is no longer kept.
 * Turns of a conversation are trees of their own, with lanes of their own.
 */
import type { Lineage } from '../../../worker/protocol.ts';

export class Lanes {
  /** Id of a history → its lane. */
  private readonly known = new Map<number, number>();
  private readonly columns = new Map<string, Column>();
  private newest = 0;

  /** Whether the lineage continues what was placed so far; a new run begins with small ids again. */
  continues({ id }: Lineage): boolean {
    return (id.at(-1) ?? 0) >= this.newest && this.newest > 0;
  }

  /** [n] the lane of each history. */
  place(lineage: Lineage): Int32Array {
    const { id, parent } = lineage;
    const lanes = new Int32Array(id.length);
    for (let i = 0; i < id.length; i++) {
      const from = parent[i]!;
      lanes[i] = this.known.get(id[i]!) ?? this.take(lineage, i, from < 0 ? 0 : lanes[from]!);
    }
    return lanes;
  }

  private take({ id, turn, depth }: Lineage, index: number, wanted: number): number {
    const key = `${turn[index]!} ${depth[index]!}`;
    const column = this.columns.get(key) ?? new Column();
    this.columns.set(key, column);
    const lane = column.take(wanted);
    this.known.set(id[index]!, lane);
    this.newest = Math.max(this.newest, id[index]!);
    return lane;
  }
}

/** Which lanes of one depth are taken: runs of taken lanes are skipped by links that shorten themselves. */
class Column {
  private readonly below = new Map<number, number>();
  private readonly above = new Map<number, number>();

  /** Takes the free lane that is nearest to the one wanted. */
  take(wanted: number): number {
    const low = follow(this.below, wanted);
    const high = follow(this.above, wanted);
    const lane = low - wanted <= wanted - high ? low : high;
    this.below.set(lane, lane + 1);
    this.above.set(lane, lane - 1);
    return lane;
  }
}

function follow(links: Map<number, number>, from: number): number {
  let end = from;
  for (let next = links.get(end); next !== undefined; next = links.get(end)) end = next;
  for (let at = from; at !== end;) {
    const next = links.get(at)!;
    links.set(at, end);
    at = next;
  }
  return end;
}
