/**
 * Every step of a run as far as memory allows, and what can be asked of it. The oldest steps leave when it
 * is full; what stays is always an unbroken stretch up to the newest step.
 */
import type { BufferEntry } from '../../exit/buffer.ts';
import type { StepRecord } from '../../schema/records.ts';
import type {
  ArchiveRange,
  AttemptMap,
  CompletionPage,
  CompletionQuery,
  HistoryDetail,
  Icicle,
  IcicleQuery,
  Lineage,
  TaskSummary,
} from './queries.ts';
import { createAttemptMapper, type AttemptMapper } from './attempt-map.ts';
import { bufferSnapshot } from './buffer-snapshot.ts';
import { TreeLayout } from './tree-layout.ts';
import { historyDetail, lineageOf, tasksOf, type Describe } from './lineage.ts';
import { bytesOf, toColumnar, fromColumnar, type ColumnarStep } from './columnar.ts';
import { Vocabulary } from './vocabulary.ts';
import { createSearch } from './search.ts';
import { GroupCounts } from './group-counts.ts';

/**
 * Bytes: a few thousand steps of the default preset. With what the rest of a page keeps of each step, a run
 * of 50,000 steps takes less than 100 MB.
 */
const CAPACITY = 40e6;
/** Base tasks whose histories keep their places. */
const MOST_LAYOUTS = 4;

export class Archive {
  private readonly words = new Vocabulary();
  private readonly steps: ColumnarStep[] = [];
  /** Of the whole run: what it keeps of a step is small. */
  private readonly groupCounts = new GroupCounts();
  private bytes = 0;
  private readonly searcher = createSearch(this.words);
  private readonly layouts = new Map<number, TreeLayout>();
  private mapper: AttemptMapper = createAttemptMapper();

  constructor(private readonly capacity = CAPACITY) {}

  add(record: StepRecord): void {
    const packed = toColumnar(record, this.words);
    this.steps.push(packed);
    this.bytes += bytesOf(packed);
    this.groupCounts.add(record);
    let leaving = 0;
    while (this.bytes > this.capacity && leaving < this.steps.length - 1) {
      this.bytes -= bytesOf(this.steps[leaving++]!);
    }
    if (leaving > 0) this.steps.splice(0, leaving);
  }

  /** Null while it is empty. */
  range(): ArchiveRange | null {
    const [first, last] = [this.steps[0], this.steps.at(-1)];
    return first && last ? { from: first.step, to: last.step } : null;
  }

  /** Null where the step is not, or no longer, there. */
  record(step: number): StepRecord | null {
    const packed = this.at(step);
    return packed ? fromColumnar(packed, this.words) : null;
  }

  /** Of all steps that are there, in their order. */
  *records(): Generator<StepRecord> {
    for (const packed of this.steps) yield fromColumnar(packed, this.words);
  }

  search(query: CompletionQuery): CompletionPage {
    return { ...this.searcher(this.steps, query), range: this.range() };
  }

  tasks(limit: number, describe: Describe = () => null): readonly TaskSummary[] {
    return tasksOf(this.steps, limit, describe);
  }

  lineage(taskId: number): Lineage {
    return lineageOf(this.steps, taskId, this.layoutOf(taskId));
  }

  history(id: number): HistoryDetail | null {
    return historyDetail(this.steps, id, this.words);
  }

  /** Histories that are in the buffer after the newest step, as far as the archive saw them come. */
  bufferSnapshot(): readonly BufferEntry[] {
    return bufferSnapshot(this.steps, this.words);
  }

  attemptMap(most: number): AttemptMap {
    return this.mapper(this.steps, most, this.words);
  }

  /** Those of the tasks that were asked for last: places stay as long as somebody looks. */
  private layoutOf(taskId: number): TreeLayout {
    const layout = this.layouts.get(taskId) ?? new TreeLayout();
    this.layouts.delete(taskId);
    this.layouts.set(taskId, layout);
    const [oldest] = this.layouts.keys();
    if (this.layouts.size > MOST_LAYOUTS && oldest !== undefined) this.layouts.delete(oldest);
    return layout;
  }

  /** Groups spent on the task space up to a step, which need not be in the archive any more. */
  icicle(query: IcicleQuery): Icicle {
    return this.groupCounts.icicle(
      query,
      (step, group) => this.at(step)?.groups[group]?.start.instance ?? null,
    );
  }

  private at(step: number): ColumnarStep | undefined {
    const [first] = this.steps;
    return first && this.steps[step - first.step];
  }
}
