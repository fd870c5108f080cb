/** Instances that a person types: read by their domain, and attempted by the policy as it stands. */
import { gradeCompletions, promptOf, sampleCompletions } from '../exit/rollout.ts';
import type { RolloutContext, RolloutStart, SamplingOptions } from '../exit/rollout.ts';
import type { Rng } from '../base/rng.ts';
import { readMixed } from '../tasks/mixture.ts';
import { TEST_SPLIT, type Json, type Task } from '../tasks/task.ts';
import type { Attempt, StartRecord } from '../schema/records.ts';
import type { DomainInfo } from './session-info.ts';

/** An instance as typed, and the attempts at it so far. */
export interface PlaygroundRequest {
  /** Id of a domain of the session. */
  readonly domain: string;
  readonly text: string;
  /** The last attempt of each earlier turn. */
  readonly earlier: readonly Attempt[];
  /** What is to be improved; null asks for a first attempt. */
  readonly latest: Attempt | null;
  /** Most likely tokens only, instead of sampling as in training. */
  readonly greedy: boolean;
}

export interface PlaygroundAttempt {
  readonly attempt: Attempt;
  readonly solved: boolean;
  /** Training steps that the policy had made. */
  readonly step: number;
}

/** An instance that a person typed, as its domain understands it. */
export interface PlaygroundInstance {
  readonly instance: StartRecord['instance'];
  readonly turns: number;
}

/** What the page must know of each domain that a task draws from. */
export function domainsOf(task: Task): DomainInfo[] {
  return (task.parts ?? [task]).map((domain) => ({
    id: domain.id,
    label: domain.label,
    summary: domain.summary,
    splits: domain.heldOut ?? [TEST_SPLIT],
    typed: domain.parse !== undefined && domain.format !== undefined,
    tables: domain.readTable !== undefined,
  }));
}

/** @throws RangeError that names the domains there are. */
export function domainOf(task: Task, id: string): Task {
  const domains = task.parts ?? [task];
  const domain = domains.find((candidate) => candidate.id === id);
  if (domain) return domain;
  const expected = domains.map((candidate) => candidate.id).join(', ');
  throw new RangeError(`domain: got "${id}", expected one of ${expected}`);
}

/** An instance of a run as a person would have typed it; null where its domain has no such form. */
export function describeInstance(task: Task, instance: Json): string | null {
  if (!task.parts) return task.format?.(instance) ?? null;
  const mixed = readMixed(instance);
  const part = task.parts.find(({ id }) => id === mixed?.domain);
  return part && mixed ? describeInstance(part, mixed.instance) : null;
}

/** A held-out instance as a person would have typed it. */
export function writeExample(domain: Task, rng: Rng): string {
  if (domain.format) return domain.format(domain.sample('test', rng));
  throw new RangeError(`${domain.id}: its instances cannot be typed`);
}

/** @throws RangeError that names the field, the value and what was expected. */
export function readInstance(domain: Task, text: string): Json {
  if (domain.parse) return domain.parse(text);
  throw new RangeError(`${domain.id}: its instances cannot be typed`);
}

export type Verdict = Pick<PlaygroundAttempt, 'attempt' | 'solved'>;

/**
 * One attempt: from nothing, or an improvement of the latest one. Sampled when the promise is fulfilled,
 * graded by what it gives: graders may take their time while the policy does something else.
 */
export async function attemptInstance(
  context: RolloutContext,
  { text, earlier, latest }: PlaygroundRequest,
  options: Omit<SamplingOptions, 'samplesPerPrompt'> & { readonly rng: Rng },
): Promise<() => Promise<Verdict>> {
  const instance = readInstance(context.task, text);
  const start: RolloutStart = latest
    ? { instance, history: { earlier, latest }, mode: 'improve' }
    : { instance, history: { earlier }, mode: 'solve' };
  const prompt = promptOf(context, start);
  const completions = await sampleCompletions(context, [prompt], {
    ...options,
    samplesPerPrompt: 1,
  });
  return async () => {
    const grades = await gradeCompletions(context.task, [start], completions);
    const { feedback, quality, solved } = grades[0]![0]!;
    return { attempt: { tokens: completions[0]![0]!.tokens, feedback, quality }, solved };
  };
}
