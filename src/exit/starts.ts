/** Where the groups of a step start from, and what they leave behind for later steps. */
import type { Rng } from '../base/rng.ts';
import type { Config } from '../schema/params.ts';
import type { Mode } from '../tasks/task.ts';
import { find, insert, rescore, sizeOf, taskIdOf } from './buffer.ts';
import type { Candidate } from './buffer.ts';
import { chooseChildren, isKept } from './children.ts';
import { attemptAt } from './group.ts';
import type { Group, Start } from './group.ts';
import { createSelector } from './selector.ts';
import type { Draw, Selector } from './selector.ts';
import type { Step } from './state.ts';

/** `count` starts from the buffer as it stands: a stored history, or the next turn of a fresh episode. */
export function chooseStarts(step: Step, count: number): Start[] {
  const { config, rng } = step;
  const isReady = config.bufferContent !== 'none' && sizeOf(step.buffer) >= config.bufferMin;
  const selector = isReady ? createSelector(step.buffer, step.number, config) : null;
  const chosen = Array.from({ length: count }, () => {
    const isReplay = selector !== null && rng.select.chance(config.selectProbability);
    return (isReplay ? replay(step, selector) : null) ?? nextTurn(step);
  });
  const draws = chosen.flatMap(({ draw }) => draw ?? []);
  const selections = selector?.describe(draws) ?? [];
  let next = 0;
  return chosen.map(({ instance, history, depth, mode, draw }) => {
    const selection = draw ? selections[next++]! : null;
    return { instance, history, depth, mode, selection };
  });
}

/** A start whose selection is not described yet. */
type PendingStart = Omit<Start, 'selection'> & { readonly draw: Draw | null };

/** A history from the buffer; null when all of them are used up. */
function replay({ config, rng }: Step, selector: Selector): PendingStart | null {
  const draw = selector.draw(rng.select);
  if (!draw) return null;
  const { instance, history, depth } = draw.entry;
  return { instance, history, depth, mode: chooseMode(depth, config, rng.mode), draw };
}

function chooseMode(depth: number, config: Config, rng: Rng): Mode {
  if (depth === 0) return 'solve';
  return rng.chance(config.divergeProbability) ? 'diverge' : 'improve';
}

function nextTurn({ context, state, rng }: Step): PendingStart {
  const { instance, earlier } = state.episodes.shift() ?? {
    instance: context.task.sample('train', rng.tasks),
    earlier: [],
  };
  return { instance, history: { earlier }, depth: 0, mode: 'solve', draw: null };
}

/** The start's score ← S, and new histories enter with S as their first score. */
export function updateBuffer(step: Step, group: Group): void {
  const ref = group.start.selection?.ref;
  if (ref) rescore(step.buffer, ref, group.learnability, step.number);
  switch (step.config.bufferContent) {
    case 'none':
      return;
    case 'base':
      return insertStart(step, group);
    case 'histories':
      return insertChildren(step, group);
    default:
      return step.config.bufferContent satisfies never;
  }
}

function insertStart({ buffer, number }: Step, { start, learnability }: Group): void {
  const base = candidateFrom(start, { history: start.history, depth: 0, score: learnability });
  const stored = find(buffer, base);
  if (stored) rescore(buffer, stored, learnability, number);
  else insert(buffer, base, number);
}

function insertChildren({ buffer, number, config, rng }: Step, group: Group): void {
  const { start, grades, learnability: score } = group;
  const qualities = grades.map(({ quality }) => quality);
  for (const index of chooseChildren(qualities, config, rng.children)) {
    if (!isKept(qualities[index]!, config.solvedShare, rng.children)) continue;
    const history = { earlier: start.history.earlier, latest: attemptAt(group, index) };
    const child = candidateFrom(start, { history, depth: start.depth + 1, score });
    group.insertedAs[index] = insert(buffer, child, number)?.id ?? null;
  }
}

function candidateFrom(
  { instance, mode, selection, history: { earlier } }: Start,
  { history, depth, score }: Pick<Candidate, 'history' | 'depth' | 'score'>,
): Candidate {
  const parentId = selection?.entry.id ?? null;
  const taskId = selection?.entry.taskId ?? taskIdOf(instance);
  return { parentId, taskId, instance, turn: earlier.length, depth, mode, history, score };
}

/** One completion, drawn uniformly, becomes the final attempt of a fresh episode's turn. */
export function continueEpisode({ context, state, rng }: Step, group: Group): void {
  const { instance, history, selection } = group.start;
  if (selection || history.earlier.length + 1 >= context.task.turns(instance)) return;
  const final = attemptAt(group, rng.episodes.int(group.completions.length));
  state.episodes.push({ instance, earlier: [...history.earlier, final] });
}
