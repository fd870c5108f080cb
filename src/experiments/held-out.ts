/** What a policy does on held-out tasks, kept task by task: statistics over tasks need more than means. */
import type { GradedAttempt, Trace } from '../exit/curves.ts';
import {
  anySolved,
  attemptAt,
  bestOf,
  bestQuality,
  costUpTo,
  equalCostQuality,
  groupByTask,
  isPriced,
  returnsByTask,
  upTo,
} from '../exit/curves.ts';
import { changesByTask } from '../exit/revision-stats.ts';
import { rolloutHeldOut, type EvaluationOptions } from '../exit/evaluate.ts';
import type { RolloutContext } from '../exit/rollout.ts';
import { createRng, type Rng } from '../base/rng.ts';
import { mean } from '../base/statistics.ts';
import { createTokenizer, SPECIALS } from '../base/tokenizer.ts';
import { EVAL_POINTS } from '../schema/metrics.ts';
import type { Task } from '../tasks/task.ts';
import type { Session } from '../training/session.ts';
import type { JobSpec } from './plan.ts';
import type { HeldOutResult, TaskOutcomes } from './result.ts';

/** On every split of the job: the same tasks and random numbers as `Session.evaluate` at this step. */
export async function judge(session: Session, spec: JobSpec): Promise<HeldOutResult[]> {
  const results: HeldOutResult[] = [];
  for (const split of spec.splits) {
    const domains: HeldOutResult['domains'][number][] = [];
    for (const { task, tasks, rng } of domainsOf(session, spec)) {
      const context = { ...contextOf(session), task };
      const options = { ...optionsOf(session, spec), tasks, split };
      domains.push({ domain: task.id, ...(await outcomes(context, options, rng, spec.drafts)) });
    }
    results.push({ split, domains });
  }
  return results;
}

interface Domain {
  readonly task: Task;
  readonly tasks: number;
  readonly rng: Rng;
}

function domainsOf(session: Session, { config }: JobSpec): Domain[] {
  const rng = createRng(config.seed).fork('evaluation');
  const { parts } = session.task;
  if (!parts) return [{ task: session.task, tasks: config.evalTasks, rng }];
  const tasks = Math.ceil(config.evalTasks / parts.length);
  return parts.map((task) => ({ task, tasks, rng: rng.fork(task.id) }));
}

function contextOf({ task, policy, words }: Session): RolloutContext {
  return { task, policy, tokenizer: createTokenizer(words.slice(SPECIALS.length)) };
}

function optionsOf(session: Session, { config }: JobSpec): Omit<EvaluationOptions, 'tasks'> {
  return {
    samples: config.evalSamples,
    depth: config.evalDepth,
    temperature: config.evalTemperature,
    topP: config.topP,
    topK: config.topK,
    trainedDepth: 0,
    step: session.history.state.step,
  };
}

async function outcomes(
  context: RolloutContext,
  options: EvaluationOptions,
  rng: Rng,
  drafts: number | undefined,
): Promise<TaskOutcomes> {
  const { traces } = await rolloutHeldOut(context, options, rng);
  const chains = { ...taskOutcomes(traces, options.depth), ...habits(context.task, traces) };
  if (drafts === undefined) return chains;
  const search = await rolloutHeldOut(context, { ...options, drafts }, rng);
  return { ...chains, searchQuality: taskOutcomes(search.traces, options.depth).bestQuality };
}

/** @param depth K; every trace holds K + 1 attempts and as many of the control. */
export function taskOutcomes(traces: readonly Trace[], depth: number): TaskOutcomes {
  const byTask = groupByTask(traces);
  const perTask = (value: (trace: Trace) => number): number[] =>
    byTask.map((group) => short(mean(group.map(value))));
  const points = [...new Set([...EVAL_POINTS.filter((k) => k <= depth), depth])];
  const curve = (value: (trace: Trace, k: number) => number): number[][] =>
    points.map((k) => perTask((trace) => value(trace, k)));
  return {
    points,
    quality: curve((trace, k) => attemptAt(trace, k).attempt.quality),
    solved: curve((trace, k) => Number(attemptAt(trace, k).solved)),
    bestQuality: curve((trace, k) => bestQuality(upTo(trace, k), k)),
    bestSolved: curve((trace, k) => anySolved(upTo(trace, k), k)),
    resampleQuality: curve(({ control }, k) => bestQuality(control, k)),
    resampleSolved: curve(({ control }, k) => anySolved(control, k)),
    wrongToRight: perTask((trace) => becomes(trace, true)),
    rightToWrong: perTask((trace) => becomes(trace, false)),
    ...(traces.every(isPriced) && {
      cost: curve(costUpTo),
      equalCostQuality: curve(equalCostQuality),
    }),
    ...turns(traces),
  };
}

/** What is not there to be changed is not measured. */
function habits(
  task: Task,
  traces: readonly Trace[],
): Pick<TaskOutcomes, 'changesWrong' | 'changesRight'> {
  const [wrong, right] = [false, true].map((mark) => changesByTask(task, traces, mark).map(short));
  return {
    ...(wrong?.length && { changesWrong: wrong }),
    ...(right?.length && { changesRight: right }),
  };
}

type TurnOutcomes = Pick<
  TaskOutcomes,
  'turnsFirst' | 'turnsAfterRevised' | 'turnsLast' | 'returnFirst' | 'returnLast' | 'returnResample'
>;

function turns(traces: readonly Trace[]): TurnOutcomes {
  const count = Math.max(...traces.map(({ turn }) => turn)) + 1;
  if (count <= 1) return {};
  const solved = (of: (trace: Trace) => GradedAttempt): number[][] =>
    Array.from({ length: count }, (_, turn) =>
      groupByTask(traces.filter((trace) => trace.turn === turn)).map((group) =>
        short(mean(group.map((trace) => Number(of(trace).solved)))),
      ),
    );
  const paid = (of: (trace: Trace) => GradedAttempt): number[] =>
    returnsByTask(traces, of).map(short);
  return {
    turnsFirst: solved(({ first }) => first),
    turnsAfterRevised: solved(({ attempts }) => attempts[0]!),
    turnsLast: solved(({ attempts }) => attempts.at(-1)!),
    returnFirst: paid(({ first }) => first),
    returnLast: paid(({ attempts }) => attempts.at(-1)!),
    returnResample: paid(({ control }) => bestOf(control)),
  };
}

/** 1 if the last attempt is right (or wrong) and the first was not. */
function becomes({ first, attempts }: Trace, right: boolean): number {
  return Number(first.solved !== right && attempts.at(-1)!.solved === right);
}

/** Six digits: a file of hundreds of tasks at several budgets stays small. */
export function short(value: number): number {
  return Number(value.toPrecision(6));
}
