/** Many domains as one task: each base task comes from one of them, by weight. */
import type { Rng } from '../base/rng.ts';
import type { Json, Task, Token } from './task.ts';

/** A base task of one of the domains. */
export type Mixed = {
  readonly domain: string;
  readonly instance: Json;
};

export interface MixtureOptions {
  readonly id: string;
  readonly label: string;
  readonly parts: readonly Task[];
  /** Weight of each part, read at every draw so that it may change while training runs. */
  readonly weights: () => Readonly<Record<string, number>>;
}

export interface Mixture extends Task<Mixed> {
  readonly parts: readonly Task[];
}

export function createMixture({ id, label, parts, weights }: MixtureOptions): Mixture {
  const byId = new Map(parts.map((part) => [part.id, part]));
  const partOf = ({ domain }: Mixed): Task => {
    const part = byId.get(domain);
    if (part) return part;
    throw new RangeError(`domain: got "${domain}", expected one of ${[...byId.keys()].join(', ')}`);
  };
  return {
    id,
    label,
    parts,
    summary: `Base tasks of ${parts.length} domains side by side, by weight.`,
    vocabulary: sharedVocabulary(parts),
    maxPromptTokens: Math.max(...parts.map((part) => part.maxPromptTokens)),
    maxCompletionTokens: Math.max(...parts.map((part) => part.maxCompletionTokens)),
    feedback: parts.some((part) => part.feedback),
    turns: (mixed) => partOf(mixed).turns(mixed.instance),
    sample: (split, rng) => {
      const part = drawPart(parts, weights(), rng);
      return { domain: part.id, instance: part.sample(split, rng) };
    },
    prompt: (mixed, history, mode) => partOf(mixed).prompt(mixed.instance, history, mode),
    grade: (mixed, history, completion) => partOf(mixed).grade(mixed.instance, history, completion),
    demonstrate: (mixed, history, mode, rng) =>
      partOf(mixed).demonstrate(mixed.instance, history, mode, rng),
    solutionKey: (mixed, completion) =>
      partOf(mixed).solutionKey?.(mixed.instance, completion) ?? completion.join(' '),
  };
}

/** A base task of a mixture, as stored; null for a base task of one domain alone. */
export function readMixed(instance: Json): Mixed | null {
  if (typeof instance !== 'object' || instance === null || !('domain' in instance)) return null;
  const { domain, instance: own } = instance;
  return typeof domain === 'string' && own !== undefined ? { domain, instance: own } : null;
}

/** The domain of a base task of a mixture; null for a base task of one domain alone. */
export function domainIdOf(instance: Json): string | null {
  return readMixed(instance)?.domain ?? null;
}

/** All words of several domains, in the order of their first. Equal words are the same word. */
export function sharedVocabulary(tasks: readonly Pick<Task, 'vocabulary'>[]): readonly Token[] {
  return [...new Set(tasks.flatMap(({ vocabulary }) => vocabulary))];
}

/** Uniform where no part has a weight. */
function drawPart(
  parts: readonly Task[],
  weights: Readonly<Record<string, number>>,
  rng: Rng,
): Task {
  const own = parts.map(({ id }) => weights[id] ?? 0);
  const total = own.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return rng.pick(parts);
  let left = rng.next() * total;
  const index = own.findIndex((weight) => (left -= weight) < 0);
  // Rounding may leave a remainder after the last weight.
  return parts[index < 0 ? own.findLastIndex((weight) => weight > 0) : index]!;
}
