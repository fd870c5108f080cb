/** Whether all engines do the same work: the same seed must give the same losses. */

export const TOLERANCE = 1e-3;

export interface Losses {
  readonly id: string;
  /** Of the first training steps, in nats; empty where the engine does not train. */
  readonly losses: readonly number[];
}

/** @throws Error naming every engine and step that differs from the first engine that trains. */
export function checkParity(all: readonly Losses[]): void {
  const [reference, ...others] = all.filter(({ losses }) => losses.length > 0);
  if (!reference) return;
  const problems = others.flatMap(({ id, losses }) =>
    reference.losses.flatMap((expected, step) => {
      const loss = losses[step] ?? NaN;
      if (Math.abs(loss - expected) <= TOLERANCE) return [];
      return [`${id}, step ${step + 1}: loss ${loss}, ${reference.id} has ${expected}`];
    }),
  );
  if (problems.length > 0) {
    throw new Error(`the engines do not do the same work:\n${problems.join('\n')}`);
  }
}

/** Share of places at which two draws agree. */
export function shareOfEqual(tokens: readonly number[], reference: readonly number[]): number {
  return tokens.filter((token, at) => token === reference[at]).length / reference.length;
}
