/** What can be asked of a run's past, and the answers. */
import type { Attempt, CompletionRecord, StartRecord } from '../../schema/records.ts';
import type { Mode, Token } from '../../tasks/task.ts';

/** Where the groups of a step started. Lists are indexed by depth and end at the deepest start. */
export interface DepthProfile {
  readonly step: number;
  /** Groups that started there. */
  readonly count: readonly number[];
  /** Their mean learnability; 0 where there is none. */
  readonly learnability: readonly number[];
  /** Their mean share of distinct attempts; 0 where there is none. */
  readonly distinct: readonly number[];
  /** Mean quality of their attempts; 0 where there is none. */
  readonly quality: readonly number[];
  /** Mean steps since the histories that they continue were created, fresh starts as 0. */
  readonly recency: readonly number[];
  /** Mean depth of the buffer after the step: where a uniform draw would have started. */
  readonly uniformDepth: number;
}

/** The stretch of steps that is kept in full. */
export interface ArchiveRange {
  readonly from: number;
  readonly to: number;
}

export interface CompletionQuery {
  /** Words that follow each other in the attempt or its feedback; empty is any. */
  readonly text: string;
  /** Empty is all. */
  readonly modes: readonly Mode[];
  readonly solved: boolean | null;
  /** Least and most, as are the two below. */
  readonly quality: readonly [number, number];
  readonly steps: readonly [number, number] | null;
  readonly depths: readonly [number, number] | null;
  readonly taskId: number | null;
  readonly sort: {
    readonly by:
      'step' | 'quality' | 'reward' | 'advantage' | 'diversity' | 'depth' | 'length' | 'logprob';
    readonly descending: boolean;
  };
  readonly offset: number;
  readonly limit: number;
}

export interface CompletionRow {
  readonly step: number;
  /** Index into the step's groups. */
  readonly group: number;
  /** Index into the group's completions. */
  readonly index: number;
  readonly start: StartRecord;
  readonly prompt: readonly Token[];
  readonly completion: CompletionRecord;
}

export interface CompletionPage {
  /** How many the query finds. */
  readonly total: number;
  /** Index of the first row among those found. */
  readonly offset: number;
  readonly rows: readonly CompletionRow[];
  readonly range: ArchiveRange | null;
}

/** A base task that has histories in the archive. */
export interface TaskSummary {
  readonly taskId: number;
  readonly instance: StartRecord['instance'];
  /** The instance as a person would type it; null where its domain has no such form. */
  readonly text: string | null;
  readonly histories: number;
  readonly deepest: number;
  /** Best quality of a history. */
  readonly best: number;
  /** When the newest one was created. */
  readonly lastStep: number;
}

/** All histories of a base task in columns, oldest first; parents stand before their children. */
export interface Lineage {
  readonly taskId: number;
  /** Null where the archive knows no history of the task. */
  readonly instance: StartRecord['instance'];
  readonly id: Float64Array;
  /** Index of the parent; -1 for a child of the task itself, -2 where the parent left the archive. */
  readonly parent: Int32Array;
  readonly depth: Uint16Array;
  /** Where it stands among those of its depth and turn; never changes while the task is asked for. */
  readonly lane: Int32Array;
  readonly turn: Uint8Array;
  /** Index into MODES: how it came about. */
  readonly mode: Uint8Array;
  /** When it was created. */
  readonly step: Int32Array;
  readonly quality: Float32Array;
  /** 1 or 0. */
  readonly solved: Uint8Array;
  /** S when last measured. */
  readonly score: Float32Array;
  /** How often it was selected. */
  readonly uses: Uint16Array;
  /** 1 while it is in the buffer. */
  readonly alive: Uint8Array;
  /** The step in which it left the buffer; 0 while it is there. */
  readonly leftAt: Int32Array;
}

/** A history, the group that it came from, and what that group started at. */
export interface HistoryDetail {
  readonly id: number;
  readonly step: number;
  /** Index into the step's groups. */
  readonly group: number;
  /** Index into the group's completions. */
  readonly completion: number;
  readonly start: StartRecord;
  readonly attempt: CompletionRecord;
}

/** Which histories of the buffer are asked for; null and empty are all. */
export interface BufferFilter {
  readonly depth: number | null;
  /** Index into RECENCY_BINS. */
  readonly bin: number | null;
  /** How they came about. */
  readonly modes: readonly Mode[];
  /** Words that follow each other in the latest attempt or its feedback. */
  readonly text: string;
}

export interface BufferQuery extends BufferFilter {
  readonly sort: {
    readonly by: 'id' | 'depth' | 'turn' | 'mode' | 'score' | 'created' | 'uses' | 'quality';
    readonly descending: boolean;
  };
  readonly offset: number;
  readonly limit: number;
}

/** A history (or base task) that can be selected. */
export interface BufferRow {
  readonly id: number;
  readonly parentId: number | null;
  readonly taskId: number;
  readonly instance: StartRecord['instance'];
  readonly turn: number;
  readonly depth: number;
  /** Index into MODES. */
  readonly mode: number;
  readonly score: number;
  readonly createdStep: number;
  readonly scoredStep: number;
  readonly uses: number;
  readonly earlier: readonly Attempt[];
  readonly latest: Attempt | null;
}

export interface BufferCell {
  readonly depth: number;
  /** Index into RECENCY_BINS. */
  readonly bin: number;
  readonly count: number;
  /** Mean score. */
  readonly learnability: number;
}

export interface BufferView {
  /** The step after which it stood so. */
  readonly step: number;
  readonly size: number;
  /** Whether any history of the whole buffer is past the first turn of its conversation. */
  readonly hasTurns: boolean;
  /** Of the whole buffer, whatever the filter. */
  readonly cells: readonly BufferCell[];
  /** How many the filter lets through. */
  readonly total: number;
  /** Where `rows` begins among them. */
  readonly offset: number;
  readonly sort: BufferQuery['sort'];
  readonly rows: readonly BufferRow[];
}

export interface IcicleQuery {
  /** The last step that counts; null is the newest. */
  readonly to: number | null;
  /** How many steps count up to there; null is all. */
  readonly recent: number | null;
  /** How many parts of the whole can be told apart, e.g. pixels of its width: what is smaller is merged. */
  readonly most: number;
}

/**
 * Groups spent on base tasks and on what grew from them, as nested intervals in columns: parents stand
 * before their children.
 */
export interface Icicle {
  /** The steps that count. */
  readonly from: number;
  readonly to: number;
  /** Groups of these steps. */
  readonly total: number;
  /** The history; 0 for a base task and for what is merged. */
  readonly id: Float64Array;
  /** Index into `tasks`; -1 where many tasks are merged. */
  readonly task: Int32Array;
  /** Index of the block above; -1 for the topmost. */
  readonly parent: Int32Array;
  readonly depth: Uint16Array;
  /** Where it begins, in groups from the left. */
  readonly start: Float64Array;
  /** Its width: groups that started here or at what grew from here. */
  readonly count: Uint32Array;
  /** Groups that started right here. */
  readonly own: Uint32Array;
  /** Mean S of the groups that started right here; NaN without any. */
  readonly learnability: Float32Array;
  /** How many tasks or histories it stands for: more than one where they are merged. */
  readonly members: Uint32Array;
  readonly tasks: readonly IcicleTask[];
}

export interface IcicleTask {
  /** Its place in the order in which the run's base tasks came. */
  readonly number: number;
  readonly taskId: number;
  /** Null where the archive let go of it. */
  readonly instance: StartRecord['instance'] | null;
}

/** Attempts on the two principal components of their embeddings, in columns, oldest first. */
export interface AttemptMap {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Share of the variance along each axis. */
  readonly explained: readonly number[];
  readonly step: Int32Array;
  readonly group: Uint16Array;
  readonly completion: Uint16Array;
  /** Index into all completions of the step. */
  readonly index: Uint16Array;
  readonly quality: Float32Array;
  /** Index into MODES. */
  readonly mode: Uint8Array;
  /** Ids; null for an attempt of a run with one domain alone. */
  readonly domain: readonly (string | null)[];
  /** The words of each. */
  readonly text: readonly string[];
}

/** Each token of a completion under the policy as it stands now, at the run's temperature. */
export interface TokenStats {
  /** Log-probability, nats. */
  readonly logprobs: readonly number[];
  /** Entropy of the distribution that the token is drawn from, nats. */
  readonly entropies: readonly number[];
}
