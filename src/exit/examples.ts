/**
 * A few held-out tasks played in full at each evaluation, from the same random numbers each time, so that
 * what differs between two steps is the policy alone.
 */
import type { Rng } from '../base/rng.ts';
import type { ExampleChain } from '../schema/records.ts';
import type { Task } from '../tasks/task.ts';
import { rolloutHeldOut, type EvaluationOptions } from './evaluate.ts';
import type { RolloutContext } from './rollout.ts';

/** The first held-out tasks, whichever they are; of a mixture one of each domain. */
const TASKS = 3;

/**
 * @param rng that of the evaluation: the tasks are its first ones. Only its seed matters.
 * @returns chains of K + 1 attempts, at the first turn of a conversation.
 */
export async function exampleChains(
  context: RolloutContext,
  options: EvaluationOptions,
  rng: Rng,
): Promise<ExampleChain[]> {
  const { parts } = context.task;
  if (!parts) return chainsOf(context, context.task, options, TASKS, rng);
  const chains: ExampleChain[] = [];
  for (const task of parts) {
    chains.push(...(await chainsOf(context, task, options, 1, rng.fork(task.id))));
  }
  return chains;
}

async function chainsOf(
  context: RolloutContext,
  task: Task,
  options: EvaluationOptions,
  tasks: number,
  rng: Rng,
): Promise<ExampleChain[]> {
  const same = { ...options, tasks, samples: 1, step: 0 };
  const { traces, instances } = await rolloutHeldOut({ ...context, task }, same, rng);
  return traces
    .filter(({ turn }) => turn === 0)
    .map(({ task: index, attempts }) => ({
      domain: task.id,
      instance: instances[index]!,
      attempts: attempts.map(({ attempt, solved }) => ({ ...attempt, solved })),
    }));
}
