/**
 * How ragged prompts and completions become rectangles. Prompts are padded on the left and stand once
 * each, however many completions share them; completions are padded on the right. So all completions
 * begin in the same column, their group pays for its prompt once, and only their columns pay for the
 * head.
 */
import type { TokenIds } from '../../policy.ts';

/** Distinct or not, as the caller has it: [count, time] each, row-major. */
export interface PromptLayout {
  readonly count: number;
  readonly time: number;
  readonly ids: Int32Array;
  /** 1 where a real token stands. */
  readonly valid: Uint8Array;
  /** Position of each token in its own sequence; 0 on padding. */
  readonly positions: Int32Array;
  readonly lengths: Int32Array;
  /** Whether there is any padding at all. */
  readonly padded: boolean;
}

export interface Layout {
  readonly rows: number;
  /** The distinct prompts. */
  readonly prompts: PromptLayout;
  /** [rows] index of each row's prompt. */
  readonly promptOf: Int32Array;
  readonly completionTime: number;
  /** [rows, completionTime − 1]: the last completion token is never an input. */
  readonly ids: Int32Array;
  readonly positions: Int32Array;
  /** [rows, completionTime] the completion tokens, `padId` after their end. */
  readonly targets: Int32Array;
  /** [rows, completionTime] 1 on completion tokens. */
  readonly mask: Float32Array;
}

/** @throws RangeError if there is no prompt, or an empty one. */
export function layOutPrompts(prompts: readonly TokenIds[], padId: number): PromptLayout {
  const count = prompts.length;
  const time = longest(prompts, 'prompt');
  const ids = new Int32Array(count * time).fill(padId);
  const valid = new Uint8Array(count * time);
  const positions = new Int32Array(count * time);
  prompts.forEach((prompt, row) => {
    const start = (row + 1) * time - prompt.length;
    prompt.forEach((token, i) => {
      ids[start + i] = token;
      valid[start + i] = 1;
      positions[start + i] = i;
    });
  });
  const lengths = Int32Array.from(prompts, ({ length }) => length);
  return { count, time, ids, valid, positions, lengths, padded: valid.includes(0) };
}

/** @throws RangeError if a prompt or a completion is empty. */
export function layOut(
  prompts: readonly TokenIds[],
  completions: readonly TokenIds[],
  padId: number,
): Layout {
  const { distinct, promptOf } = shareEqual(prompts);
  const rows = completions.length;
  const completionTime = longest(completions, 'completion');
  const inputTime = completionTime - 1;
  const ids = new Int32Array(rows * inputTime).fill(padId);
  const positions = new Int32Array(rows * inputTime);
  const targets = new Int32Array(rows * completionTime).fill(padId);
  const mask = new Float32Array(rows * completionTime);
  completions.forEach((completion, row) => {
    targets.set(completion, row * completionTime);
    mask.fill(1, row * completionTime, row * completionTime + completion.length);
    completion.slice(0, -1).forEach((token, i) => {
      ids[row * inputTime + i] = token;
      positions[row * inputTime + i] = prompts[row]!.length + i;
    });
  });
  const laidOut = layOutPrompts(distinct, padId);
  return { rows, prompts: laidOut, promptOf, completionTime, ids, positions, targets, mask };
}

function shareEqual(prompts: readonly TokenIds[]): {
  distinct: readonly TokenIds[];
  promptOf: Int32Array;
} {
  const indices = new Map<string, number>();
  const distinct: TokenIds[] = [];
  const promptOf = Int32Array.from(prompts, (prompt) => {
    const key = prompt.join();
    const known = indices.get(key) ?? distinct.push(prompt) - 1;
    indices.set(key, known);
    return known;
  });
  return { distinct, promptOf };
}

function longest(rows: readonly TokenIds[], what: string): number {
  const empty = rows.findIndex(({ length }) => length === 0);
  if (rows.length === 0 || empty >= 0) {
    throw new RangeError(`${what} ${Math.max(empty, 0)}: empty, expected at least one token`);
  }
  return rows.reduce((most, { length }) => Math.max(most, length), 0);
}
