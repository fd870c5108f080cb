/**
 * Locks: set every dial right. A lock shows three descriptors. The right value of a dial is what a fixed
 * table gives for one descriptor, plus a shift that is hidden and often 0, so a first attempt can only
 * be a good guess, and the marks that come back tell which dials to turn again. A jammed lock marks every
 * dial of every attempt wrong, an open one right; their descriptors are those of any lock. A hard lock is
 * marked like any other, and paid only when it is wholly open.
 *
 * The prompt has a constant layout, `[descriptors][previous attempt][marks][score][mode]`, so that token
 * and mark of a dial always stand equally far before the dial's place in the new attempt.
 */
import type { Grade, Task, TaskNames, Token } from '../task.ts';
import { DEMONSTRATION, demonstrateLock, type DemonstrationOptions } from './demonstrate.ts';
import { lockTables, sampleLock, solution, unshifted, type LockInstance } from './instance.ts';
import type { LockShape } from './manifest.ts';
import { formatLock, parseLock, type LockRules } from './text.ts';
import {
  descriptorToken,
  DESCRIPTORS,
  dialToken,
  dialTokens,
  LOCK_VOCABULARY,
  MARKS,
  padOrCut,
  RIGHT,
  SCORES,
  scoreToken,
  WRONG,
} from './vocabulary.ts';
import { lockWording } from './wording.ts';

export interface LockOptions extends LockShape, TaskNames {
  readonly demonstration?: DemonstrationOptions;
}

/** Percent of the quality that comes from dials one by one, and from the pair being right together. */
const DIALS_PERCENT = 85;
const PAIR_PERCENT = 15;
const PAIR = [1, 2] as const;

export function createLocks(options: LockOptions): Task<LockInstance> {
  const { id, label, summary, dials, values, uniform, demonstration = DEMONSTRATION } = options;
  const tables = lockTables(options);
  const words = dialTokens(values);
  const rules = { tables, values };
  const qualityOf = uniform ? shareOf : lockQuality;
  return {
    id,
    label,
    summary,
    vocabulary: LOCK_VOCABULARY,
    maxPromptTokens: DESCRIPTORS + 2 * dials + 2,
    maxCompletionTokens: dials + 1,
    feedback: true,
    turns: () => 1,
    sample: (split, rng) => sampleLock(options, split, rng),
    unsolvable: (instance) => ({ ...instance, kind: 'unsolvable' }),
    trivial: (instance) => ({ ...instance, kind: 'trivial' }),
    kindOf: ({ kind }) => kind ?? 'normal',
    ...(uniform && { hard: (instance) => ({ ...instance, hard: true }) }),
    isHard: ({ hard }) => hard === true,
    prompt: (instance, { latest }, mode) => [
      ...instance.descriptors.map((value, slot) => descriptorToken(slot, value)),
      ...padOrCut(latest?.tokens ?? [], dials, words),
      ...padOrCut(latest?.feedback ?? [], dials, MARKS),
      ...padOrCut(latest?.feedback.slice(dials) ?? [], 1, SCORES),
      mode,
    ],
    grade: (instance, _history, completion) => {
      const valid = isSetting(completion, dials, words);
      const hits = hitsOf(rules, instance, valid ? completion : []);
      return gradeHits(hits, { valid, quality: qualityOf(hits), hard: instance.hard === true });
    },
    demonstrate: (instance, { latest }, mode, rng) =>
      demonstrateLock({
        shape: options,
        options: demonstration,
        suggested: unshifted(tables, instance),
        latest,
        mode,
        rng,
      }),
    wording: lockWording(options),
    spans: ({ feedback }) =>
      feedback.slice(0, dials).map((mark, dial) => {
        return { from: dial, to: dial + 1, right: mark === RIGHT };
      }),
    parse: (text) => parseLock(rules, text),
    format: (instance) => formatLock(rules, instance),
  };
}

function isSetting(completion: readonly Token[], dials: number, words: readonly Token[]): boolean {
  return completion.length === dials && completion.every((token) => words.includes(token));
}

/** Which dials are right; none where there is no setting. */
function hitsOf(
  { tables, values }: LockRules,
  instance: LockInstance,
  setting: readonly Token[],
): boolean[] {
  return solution(tables, values, instance).map((value, dial) => {
    const token = setting[dial];
    if (instance.kind !== undefined) return token !== undefined && instance.kind === 'trivial';
    return token === dialToken(value);
  });
}

/** @param quality as it is shown, and paid unless the lock is hard. */
function gradeHits(
  hits: readonly boolean[],
  { valid, quality, hard }: { valid: boolean; quality: number; hard: boolean },
): Grade {
  const solved = hits.every(Boolean);
  return {
    quality: hard ? Number(solved) : quality,
    solved,
    valid,
    feedback: [...hits.map((hit) => (hit ? RIGHT : WRONG)), scoreToken(quality)],
  };
}

function shareOf(hits: readonly boolean[]): number {
  return hits.filter(Boolean).length / hits.length;
}

/** In whole percent until the last division, so that 1 is exactly 1. Weights fall n, n − 1, … 1. */
function lockQuality(hits: readonly boolean[]): number {
  const n = hits.length;
  const total = (n * (n + 1)) / 2;
  const reached = hits.reduce((sum, hit, dial) => sum + (hit ? n - dial : 0), 0);
  const pair = PAIR.every((dial) => hits[dial]) ? PAIR_PERCENT : 0;
  return ((DIALS_PERCENT * reached) / total + pair) / 100;
}
