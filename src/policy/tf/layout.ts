/**
 * How ragged prompts and completions become rectangles: prompts padded on the left, completions on the
 * right, so that all completions begin in the same column and only their columns pay for the head.
 */
import type { TokenIds } from '../policy.ts';

export interface Layout {
  readonly batch: number;
  /** Columns of `ids`: P + C − 1, for the last completion token is never an input. */
  readonly time: number;
  readonly promptTime: number;
  readonly completionTime: number;
  /** [batch, time] row-major. */
  readonly ids: Int32Array;
  /** [batch, time] 1 where a real token stands. */
  readonly valid: Uint8Array;
  /** [batch, time] position of each token in its own sequence; 0 on padding. */
  readonly positions: Int32Array;
  /** [batch, completionTime] the completion tokens, `padId` after their end. */
  readonly targets: Int32Array;
  /** [batch, completionTime] 1 on completion tokens. */
  readonly mask: Float32Array;
  /** Whether any cell of `ids` is padding on the left (right padding needs no mask: it is never read). */
  readonly leftPadded: boolean;
}

/** @throws RangeError if a prompt or a completion is empty. */
export function layOut(
  prompts: readonly TokenIds[],
  completions: readonly TokenIds[],
  padId: number,
): Layout {
  const batch = prompts.length;
  const promptTime = longest(prompts, 'prompt');
  const completionTime = longest(completions, 'completion');
  const time = promptTime + completionTime - 1;
  const ids = new Int32Array(batch * time).fill(padId);
  const valid = new Uint8Array(batch * time);
  const positions = new Int32Array(batch * time);
  const targets = new Int32Array(batch * completionTime).fill(padId);
  const mask = new Float32Array(batch * completionTime);
  for (let row = 0; row < batch; row++) {
    const prompt = prompts[row]!;
    const completion = completions[row]!;
    const start = row * time + promptTime - prompt.length;
    const inputs = prompt.length + completion.length - 1;
    for (let i = 0; i < inputs; i++) {
      ids[start + i] = i < prompt.length ? prompt[i]! : completion[i - prompt.length]!;
      valid[start + i] = 1;
      positions[start + i] = i;
    }
    targets.set(completion, row * completionTime);
    mask.fill(1, row * completionTime, row * completionTime + completion.length);
  }
  const leftPadded = prompts.some(({ length }) => length < promptTime);
  return {
    batch,
    time,
    promptTime,
    completionTime,
    ids,
    valid,
    positions,
    targets,
    mask,
    leftPadded,
  };
}

function longest(rows: readonly TokenIds[], what: string): number {
  const empty = rows.findIndex(({ length }) => length === 0);
  if (rows.length === 0 || empty >= 0) {
    throw new RangeError(`${what} ${Math.max(empty, 0)}: empty, expected at least one token`);
  }
  return Math.max(...rows.map(({ length }) => length));
}
