/**
 * Where histories stand: depth along x, a lane along y.
 *
 * The rule is applied to each history once, when it first appears, in the order of ids: it takes the lane
 * of its parent if that is free at its depth, else the nearest free one there, below before above. Children
 * of the task, and histories whose parent is not kept any more, aim at lane 0. Nothing is ever sorted or
 * moved, so a tree that grows keeps its shape; a lane stays taken when its history is no longer kept.
 * Turns of a conversation are trees of their own, with lanes of their own.
 */
import type { Lineage } from './queries.ts';

type Placeable = Pick<Lineage, 'id' | 'parent' | 'depth' | 'turn'>;

/** Of one base task, as long as its histories are asked for. */
export class TreeLayout {
  /** [n] what was placed, by id; ids rise. */
  private ids = new Float64Array(0);
  private lanes = new Int32Array(0);
  /** By turn, then by depth. */
  private readonly columns: Column[][] = [];

  /** [n] the lane of each history. */
  place(lineage: Placeable): Int32Array {
    const { id, parent } = lineage;
    const placed = new Int32Array(id.length);
    const newest = this.ids.at(-1) ?? 0;
    let known = 0;
    for (let i = 0; i < id.length; i++) {
      if (id[i]! > newest) {
        const from = parent[i]!;
        placed[i] = this.columnOf(lineage, i).take(from < 0 ? 0 : placed[from]!);
      } else {
        while (this.ids[known]! < id[i]!) known++;
        placed[i] = this.lanes[known]!;
      }
    }
    if ((id.at(-1) ?? 0) > newest) [this.ids, this.lanes] = [id.slice(), placed];
    return placed;
  }

  private columnOf({ turn, depth }: Placeable, index: number): Column {
    const columns = (this.columns[turn[index]!] ??= []);
    return (columns[depth[index]!] ??= new Column());
  }
}

/** Which lanes of one depth are taken: runs of taken lanes are skipped by links that shorten themselves. */
class Column {
  /** Lane → where to look on, for lanes that are taken; lanes from 0 down are stored at odd places. */
  private readonly below: number[] = [];
  private readonly above: number[] = [];

  /** Takes the free lane that is nearest to the one wanted. */
  take(wanted: number): number {
    const low = follow(this.below, wanted);
    const high = follow(this.above, wanted);
    const lane = low - wanted <= wanted - high ? low : high;
    this.below[slot(lane)] = lane + 1;
    this.above[slot(lane)] = lane - 1;
    return lane;
  }
}

function slot(lane: number): number {
  return lane >= 0 ? 2 * lane : -2 * lane - 1;
}

function follow(links: number[], from: number): number {
  let end = from;
  for (let next = links[slot(end)]; next !== undefined; next = links[slot(end)]) end = next;
  for (let at = from; at !== end;) {
    const next = links[slot(at)]!;
    links[slot(at)] = end;
    at = next;
  }
  return end;
}
