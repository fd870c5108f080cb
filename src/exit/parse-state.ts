/** The algorithm's state as it comes back from a file, checked before anything rests on it. */
import * as v from 'valibot';
import type { Json } from '../tasks/task.ts';
import { PAGE_SIZE } from './buffer-page.ts';
import { checkState } from './check-state.ts';
import type { ExitState } from './state.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const tokens = v.array(v.string());
const json = v.custom<Json>((value) => value !== undefined, 'expected a JSON value');
const mode = v.picklist(['solve', 'improve', 'diverge']);

const Attempt = v.object({
  tokens,
  feedback: tokens,
  quality: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
});

const History = v.union([
  v.strictObject({ earlier: v.array(Attempt), latest: Attempt }),
  v.strictObject({ earlier: v.array(Attempt) }),
]);

const Entry = v.object({
  id: count,
  parentId: v.nullable(count),
  taskId: count,
  instance: json,
  turn: count,
  depth: count,
  mode,
  history: History,
  score: v.pipe(v.number(), v.minValue(0), v.maxValue(0.25)),
  createdStep: count,
  scoredStep: count,
  uses: count,
});

const Stream = v.object({
  seed: v.pipe(v.number(), v.safeInteger()),
  generator: v.pipe(v.array(v.pipe(v.number(), v.safeInteger())), v.length(4)),
});

const Buffer = v.object({
  content: v.picklist(['none', 'base', 'histories']),
  blocks: v.array(v.pipe(v.array(Entry), v.minLength(1), v.maxLength(PAGE_SIZE))),
  nextId: count,
});

/** Runs saved before the buffer was paged hold one list. */
function inPages(buffer: unknown): unknown {
  if (typeof buffer !== 'object' || buffer === null || !('entries' in buffer)) return buffer;
  const { entries, ...rest } = buffer;
  if (!Array.isArray(entries)) return buffer;
  const blocks: unknown[][] = [];
  for (let i = 0; i < entries.length; i += PAGE_SIZE) blocks.push(entries.slice(i, i + PAGE_SIZE));
  return { ...rest, blocks };
}

/** Runs saved before sampled tokens were counted trained on all of them, but for resampled groups. */
function withSampledTokens(state: unknown): unknown {
  if (typeof state !== 'object' || state === null || !('tokensTrained' in state)) return state;
  return { tokensSampled: state.tokensTrained, ...state };
}

const State = v.object({
  step: count,
  tokensSampled: count,
  tokensTrained: count,
  streams: v.object({
    tasks: Stream,
    select: Stream,
    mode: Stream,
    sample: Stream,
    episodes: Stream,
    children: Stream,
    evict: Stream,
    shuffle: Stream,
  }),
  buffer: v.pipe(v.unknown(), v.transform(inPages), Buffer),
  episodes: v.array(v.object({ instance: json, earlier: v.array(Attempt) })),
});

/** @throws Error naming the field and what is wrong with it. */
export function parseExitState(value: unknown): ExitState {
  const result = v.safeParse(State, withSampledTokens(value), { abortEarly: true });
  if (result.success) {
    checkState(result.output);
    return result.output;
  }
  const [issue] = result.issues;
  throw new Error(`exitState.${v.getDotPath(issue) ?? ''}: ${issue.message}`);
}
