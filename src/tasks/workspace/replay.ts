/** The workspace as a turn finds it: histories hold attempts, and what they did is done over again. */
import type { Attempt } from '../task.ts';
import { readAttempt } from './calls.ts';
import { FileSystem } from './filesystem.ts';
import type { Tree } from './tree.ts';

/** Many attempts start from the same history, so a replay is cached while its workspace lives. */
const REPLAY_CACHE = new WeakMap<Tree, WeakMap<Attempt, Tree>>();

/** `tree` after the final attempts of earlier turns; a malformed one did nothing. */
export function replay(tree: Tree, earlier: readonly Attempt[]): Tree {
  return earlier.reduce(after, tree);
}

function after(tree: Tree, attempt: Attempt): Tree {
  const known = REPLAY_CACHE.get(tree) ?? new WeakMap<Attempt, Tree>();
  REPLAY_CACHE.set(tree, known);
  const left = known.get(attempt) ?? carriedOut(tree, attempt);
  known.set(attempt, left);
  return left;
}

function carriedOut(tree: Tree, { tokens }: Attempt): Tree {
  const files = new FileSystem(tree);
  for (const call of readAttempt(tokens) ?? []) files.run(call);
  return files.tree();
}
