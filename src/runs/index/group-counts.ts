/**
 * What each base task and each history was trained on: every group of a run, and the tree that the
 * histories form. A few bytes per group and history, so it outlives the records themselves.
 */
import type { StartRecord, StepRecord } from '../../schema/records.ts';
import type { Icicle, IcicleQuery } from './queries.ts';
import { Growing } from './growing.ts';
import { layOut, type Tree } from './icicle.ts';

/** Finds a base task again; null where the archive let go of it. */
export type InstanceAt = (step: number, group: number) => StartRecord['instance'] | null;

/** Nodes are numbered: a history by its id, the n-th base task by −1 − n. */
export class GroupCounts {
  private readonly numbers = new Map<number, number>();
  /** [task] */
  private readonly taskIds = new Growing(Float64Array);
  private readonly lastStep = new Growing(Int32Array);
  private readonly lastGroup = new Growing(Uint16Array);
  /** [history] */
  private readonly parents = new Growing(Int32Array);
  private readonly depths = new Growing(Uint16Array);
  private newest = 0;
  /** [group] */
  private readonly nodes = new Growing(Int32Array);
  private readonly learnability = new Growing(Float32Array);
  private groups = 0;
  /** [step − first] groups up to its end */
  private readonly ends = new Growing(Int32Array);
  private first = 0;
  private steps = 0;

  add({ step, groups }: StepRecord): void {
    if (this.steps === 0) this.first = step;
    groups.forEach(({ start, completions, learnability }, group) => {
      const task = this.taskOf(start, step, group);
      const node = this.nodeOf(start, task);
      this.nodes.set(this.groups, node);
      this.learnability.set(this.groups++, learnability);
      for (const { insertedAs } of completions) {
        if (insertedAs !== null) this.addHistory(insertedAs, node, start.depth + 1);
      }
    });
    this.ends.set(this.steps++, this.groups);
  }

  icicle({ to, recent, most }: IcicleQuery, instanceAt: InstanceAt): Icicle {
    const last = this.first + this.steps - 1;
    const end = Math.min(to ?? last, last);
    const from = Math.max(recent === null ? this.first : end - recent + 1, this.first);
    const { tasks, ...columns } = layOut(this.tree(from, end), most);
    return {
      ...{ from: this.steps > 0 ? from : 0, to: this.steps > 0 ? end : 0, ...columns },
      tasks: tasks.map((number) => ({
        number: number + 1,
        taskId: this.taskIds.values[number]!,
        instance: instanceAt(this.lastStep.values[number]!, this.lastGroup.values[number]!),
      })),
    };
  }

  private tree(from: number, to: number): Tree {
    const [begin, end] = [this.groupsUpTo(from - 1), this.groupsUpTo(to)];
    return {
      nodes: this.nodes.values.subarray(begin, end),
      learnability: this.learnability.values.subarray(begin, end),
      tasks: this.numbers.size,
      histories: this.newest,
      parents: this.parents.values,
      depths: this.depths.values,
    };
  }

  private groupsUpTo(step: number): number {
    return step < this.first ? 0 : this.ends.values[step - this.first]!;
  }

  private taskOf({ taskId }: StartRecord, step: number, group: number): number {
    const known = this.numbers.get(taskId);
    const number = known ?? this.numbers.size;
    if (known === undefined) {
      this.numbers.set(taskId, number);
      this.taskIds.set(number, taskId);
    }
    this.lastStep.set(number, step);
    this.lastGroup.set(number, group);
    return -1 - number;
  }

  /** A base task that was selected from the buffer is still the task. */
  private nodeOf({ depth, historyId }: StartRecord, task: number): number {
    if (depth === 0 || historyId === null) return task;
    // A history from before the records began, as in a run that goes on: it hangs on its task.
    if (!this.isKnown(historyId)) this.addHistory(historyId, task, depth);
    return historyId;
  }

  private isKnown(id: number): boolean {
    return (this.parents.values[id] ?? 0) !== 0;
  }

  private addHistory(id: number, parent: number, depth: number): void {
    this.parents.set(id, parent);
    this.depths.set(id, depth);
    this.newest = Math.max(this.newest, id);
  }
}
