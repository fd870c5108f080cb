/**
 * Held-out evaluation: chains of self-improvement on tasks never trained on, beside the fair control of
 * as many independent first attempts. It reads the policy and changes nothing.
 */
import { distinct } from '../base/distinct.ts';
import type { Rng } from '../base/rng.ts';
import type { Attempt, Grade, Json, Split, Task, Token } from '../tasks/task.ts';
import { averageCurves, summarise } from './curves.ts';
import type { Curves, GradedAttempt, Trace } from './curves.ts';
import type { DomainEvaluation, Evaluation } from '../schema/records.ts';
import { gradeCompletions, promptOf, redrawKnown, sampleCompletions } from './rollout.ts';
import type { RolloutContext, RolloutStart } from './rollout.ts';

export interface EvaluationOptions {
  /** Held-out tasks; fewer where the test split holds fewer. */
  readonly tasks: number;
  /** Chains per task. */
  readonly samples: number;
  /** K: self-improvement steps per chain and turn. */
  readonly depth: number;
  /** 0 is greedy. */
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  /** Passed through to the result. */
  readonly trainedDepth: number;
  /** The training step evaluated; it picks the random numbers of the chains. */
  readonly step: number;
  /** Held-out split; `test` where absent. */
  readonly split?: Split;
  /**
   * Greedy search instead of chains: so many first attempts, then each step improves on the best so far.
   * A budget of K + 1 evaluations; `bestQuality` is what it finds.
   */
  readonly drafts?: number;
}

/** A task's conversation as far as it went. */
interface Chain {
  /** Index of the held-out task. */
  readonly task: number;
  readonly instance: Json;
  /** What each earlier turn ended with: its last revision. */
  readonly earlier: Attempt[];
  /** The same without any revision: each turn's first attempt, after first attempts alone. */
  readonly unrevised: Attempt[];
}

type Sampler = EvaluationOptions & { readonly rng: Rng };

/** Rows per call of the policy, about. */
const MAX_ROWS = 512;

/** Draws per task wanted: enough to see nearly all of a split that is hardly larger. */
const DRAWS_PER_TASK = 16;

/**
 * Each turn: attempt 0 by `solve`, then K times `improve` on the last attempt, which is carried into the
 * next turn; k = 0 and the control follow first attempts instead, as if nothing were ever revised. Estimates are over tasks: chains and turns of one task are averaged first.
 *
 * @param rng only its seed matters: nothing is drawn from it, so that the same tasks come every time.
 */
export async function evaluate(
  context: RolloutContext,
  options: EvaluationOptions,
  rng: Rng,
): Promise<Evaluation & Curves> {
  if (context.task.parts) return evaluateParts(context, context.task.parts, options, rng);
  const { traces, instances } = await rolloutHeldOut(context, options, rng);
  const { step, samples, depth, trainedDepth } = options;
  const tasks = instances.length;
  return { step, tasks, samples, depth, trainedDepth, ...summarise(traces, depth) };
}

/**
 * The chains themselves, of a single domain.
 * @returns one trace per turn and chain, and the held-out tasks that they are of.
 */
export async function rolloutHeldOut(
  context: RolloutContext,
  options: EvaluationOptions,
  rng: Rng,
): Promise<{ readonly traces: readonly Trace[]; readonly instances: readonly Json[] }> {
  const { split = 'test' } = options;
  const drawn = rng.fork('held-out tasks');
  const instances = distinct(options.tasks, DRAWS_PER_TASK * options.tasks, () =>
    context.task.sample(split, drawn),
  );
  const chains = instances.flatMap((instance, task) =>
    Array.from({ length: options.samples }, (): Chain => ({
      task,
      instance,
      earlier: [],
      unrevised: [],
    })),
  );
  const sampler = { ...options, rng: rng.fork(`samples of step ${options.step}`) };
  const traces: Trace[] = [];
  for (let turn = 0; ; turn++) {
    const active = chains.filter(({ instance }) => context.task.turns(instance) > turn);
    if (active.length === 0) break;
    traces.push(...(await rolloutTurn(context, active, turn, sampler)));
  }
  return { traces, instances };
}

/** A mixture is judged domain by domain, and by the mean of its domains. */
async function evaluateParts(
  context: RolloutContext,
  tasks: readonly Task[],
  options: EvaluationOptions,
  rng: Rng,
): Promise<Evaluation & Curves> {
  const share = { ...options, tasks: Math.ceil(options.tasks / tasks.length) };
  const parts: (DomainEvaluation & Curves)[] = [];
  for (const task of tasks) {
    const evaluation = await evaluate({ ...context, task }, share, rng.fork(task.id));
    parts.push({ task: task.id, ...evaluation });
  }
  const { step, samples, depth, trainedDepth } = options;
  const judged = parts.reduce((sum, part) => sum + part.tasks, 0);
  return { step, tasks: judged, samples, depth, trainedDepth, ...averageCurves(parts), parts };
}

/**
 * Rolls out one turn of all chains side by side, and carries on what each has to show. The first attempt
 * that counts as k = 0, and the control, follow turns that were not revised; the chain follows turns
 * that were.
 */
async function rolloutTurn(
  context: RolloutContext,
  chains: readonly Chain[],
  turn: number,
  sampler: Sampler,
): Promise<Trace[]> {
  const once = { ...sampler, samplesPerPrompt: 1 };
  const after = (of: (chain: Chain) => Attempt[]): RolloutStart[] =>
    chains.map((chain) => {
      return { instance: chain.instance, history: { earlier: [...of(chain)] }, mode: 'solve' };
    });
  const unrevised = after((chain) => chain.unrevised);
  const first = await sampleAttempts(context, unrevised, once);
  const others = await sampleAttempts(context, unrevised, {
    ...sampler,
    samplesPerPrompt: sampler.depth,
  });
  const starts = after((chain) => chain.earlier);
  const attempts =
    turn === 0 ? first.map((own) => [...own]) : await sampleAttempts(context, starts, once);
  await revise(context, starts, attempts, sampler);
  return chains.map(({ task, earlier, unrevised: own }, n) => {
    const [chain, draft] = [attempts[n]!, first[n]![0]!];
    earlier.push(toImprove(chain, sampler).attempt);
    own.push(draft.attempt);
    return { task, turn, first: draft, attempts: chain, control: [draft, ...others[n]!] };
  });
}

/** K times: the next attempt of each chain is appended to it. */
async function revise(
  context: RolloutContext,
  starts: readonly RolloutStart[],
  attempts: readonly GradedAttempt[][],
  sampler: Sampler,
): Promise<void> {
  for (let k = 1; k <= sampler.depth; k++) {
    const isDraft = k < (sampler.drafts ?? 0);
    const revisions = starts.map(({ instance, history }, n): RolloutStart => {
      const { attempt: latest } = toImprove(attempts[n]!, sampler);
      return { instance, history: { ...history, latest }, mode: 'improve' };
    });
    const next = isDraft ? starts : revisions;
    const revised = await sampleAttempts(context, next, { ...sampler, samplesPerPrompt: 1 });
    attempts.forEach((chain, n) => chain.push(...revised[n]!));
  }
}

/** The last attempt of a chain; of a search the best, and the latest of equals. */
function toImprove(
  attempts: readonly GradedAttempt[],
  { drafts }: EvaluationOptions,
): GradedAttempt {
  const last = attempts.at(-1)!;
  if (drafts === undefined) return last;
  return attempts.reduceRight(
    (best, other) => (other.attempt.quality > best.attempt.quality ? other : best),
    last,
  );
}

/** @returns [starts][samplesPerPrompt] */
async function sampleAttempts(
  context: RolloutContext,
  starts: readonly RolloutStart[],
  { samplesPerPrompt, temperature, topP, topK, rng }: Sampler & { samplesPerPrompt: number },
): Promise<GradedAttempt[][]> {
  if (samplesPerPrompt === 0) return starts.map(() => []);
  const size = Math.max(1, Math.floor(MAX_ROWS / samplesPerPrompt));
  const results: GradedAttempt[][] = [];
  for (let from = 0; from < starts.length; from += size) {
    const chunk = starts.slice(from, from + size);
    const prompts = chunk.map((start) => promptOf(context, start));
    const options = { samplesPerPrompt, temperature, topP, topK, rng };
    const completions = await sampleCompletions(context, prompts, options);
    const grades = await gradeCompletions(context.task, chunk, completions);
    await redrawKnown(context, { starts: chunk, prompts, completions, grades }, options);
    results.push(
      ...grades.map((row, n) => row.map((grade, g) => graded(completions[n]![g]!.tokens, grade))),
    );
  }
  return results;
}

function graded(
  tokens: readonly Token[],
  { feedback, quality, solved, valid, cost, standing }: Grade,
): GradedAttempt {
  const price = cost === undefined ? {} : { cost, ...(standing !== undefined && { standing }) };
  return { attempt: { tokens, feedback, quality }, solved, valid, ...price };
}
