/**
 * Examples for the supervised warm start, of any domain: a random history, and a demonstration of the
 * next attempt. They show the policy every kind of prompt that it will meet when it reads itself.
 */
import type { Rng } from '../base/rng.ts';
import {
  EMPTY_HISTORY,
  type Attempt,
  type History,
  type Json,
  type Mode,
  type Task,
  type Token,
} from './task.ts';

export interface WarmStartExample<I extends Json = Json> {
  readonly instance: I;
  readonly history: History;
  readonly mode: Mode;
  /** Without `<bos>`. */
  readonly prompt: readonly Token[];
  /** Without `<eos>`. */
  readonly completion: readonly Token[];
}

const SOLVE_SHARE = 0.25;
/** Of the examples that are not `solve`. */
const DIVERGE_SHARE = 0.25;
/** Depths 1 … 4 are equally frequent, where a domain does not ask for more. */
const DEEPEST = 4;
/** Draws for a normal instance, before an uneven one has to do: all may be. */
const MOST_DRAWS = 64;
/** A policy sometimes breaks the format, and must have read such an attempt before. */
const BROKEN_SHARE = 0.03;

export async function warmStartExample<I extends Json>(
  task: Task<I>,
  rng: Rng,
): Promise<WarmStartExample<I>> {
  const instance = normalInstance(task, rng);
  const earlier = await earlierTurns(task, instance, rng);
  const solve = rng.chance(SOLVE_SHARE);
  const history = solve ? { earlier } : await rollOut(task, instance, earlier, rng);
  const mode = solve ? 'solve' : rng.chance(DIVERGE_SHARE) ? 'diverge' : 'improve';
  return {
    instance,
    history,
    mode,
    prompt: task.prompt(instance, history, mode),
    completion: task.demonstrate(instance, history, mode, rng),
  };
}

/** An uneven task space is what training meets: before it, demonstrations teach the form, on normal instances. */
function normalInstance<I extends Json>(task: Task<I>, rng: Rng): I {
  let instance = task.sample('train', rng);
  for (let draws = 1; draws < MOST_DRAWS && isUneven(task, instance); draws++) {
    instance = task.sample('train', rng);
  }
  return instance;
}

function isUneven<I extends Json>(task: Task<I>, instance: I): boolean {
  return task.kindOf !== undefined && task.kindOf(instance) !== 'normal';
}

/** Final attempts of the turns before a turn drawn uniformly. */
async function earlierTurns<I extends Json>(
  task: Task<I>,
  instance: I,
  rng: Rng,
): Promise<readonly Attempt[]> {
  let earlier = EMPTY_HISTORY.earlier;
  for (let left = rng.int(task.turns(instance)); left > 0; left--) {
    const { latest } = await rollOut(task, instance, earlier, rng);
    earlier = [...earlier, latest];
  }
  return earlier;
}

/** A chain of one to four demonstrations, or as many as the domain asks for, the first from nothing and each later one improving. */
async function rollOut<I extends Json>(
  task: Task<I>,
  instance: I,
  earlier: readonly Attempt[],
  rng: Rng,
): Promise<{ earlier: readonly Attempt[]; latest: Attempt }> {
  const attempt = async (history: History, mode: Mode): Promise<Attempt> => {
    const written = task.demonstrate(instance, history, mode, rng);
    const tokens = rng.chance(BROKEN_SHARE) ? broken(task, written, rng) : written;
    const { feedback, quality } = await task.grade(instance, history, tokens);
    return { tokens, feedback, quality };
  };
  let latest = await attempt({ earlier }, 'solve');
  for (let depth = 1 + rng.int(task.demonstratedDepth ?? DEEPEST); depth > 1; depth--) {
    latest = await attempt({ earlier, latest }, 'improve');
  }
  return { earlier, latest };
}

/** Cut short, or with one word replaced by any other word of the vocabulary. */
function broken(task: Pick<Task, 'vocabulary'>, tokens: readonly Token[], rng: Rng): Token[] {
  if (tokens.length === 0) return [];
  const at = rng.int(tokens.length);
  return rng.chance(0.5) ? tokens.slice(0, at) : tokens.with(at, rng.pick(task.vocabulary));
}
