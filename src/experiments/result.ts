/** What a finished job leaves: one JSON file, checked wherever it is read. */
import * as v from 'valibot';
import type { MetricId } from '../schema/metrics.ts';
import { canonicalJson } from './canonical.ts';
import type { Job, JobSpec } from './plan.ts';

const FORMAT = 'exit-lab job';
const FORMAT_VERSION = 1;

/** Per held-out task, chains and turns of a task averaged; numbers to six digits. */
export interface TaskOutcomes {
  /** Self-improvement steps k that the curves hold, rising; the last is K. */
  readonly points: readonly number[];
  /** [point][task]: of the last attempt. */
  readonly quality: readonly (readonly number[])[];
  readonly solved: readonly (readonly number[])[];
  /** [point][task]: of the best attempt so far. */
  readonly bestQuality: readonly (readonly number[])[];
  readonly bestSolved: readonly (readonly number[])[];
  /** [point][task]: of the best of k + 1 independent first attempts. */
  readonly resampleQuality: readonly (readonly number[])[];
  readonly resampleSolved: readonly (readonly number[])[];
  /** [task]: shares of chains that were wrong at first and right at last, and the other way round. */
  readonly wrongToRight: readonly number[];
  readonly rightToWrong: readonly number[];
  /** [point][task]: what the chain took; absent where all attempts are equally dear. */
  readonly cost?: readonly (readonly number[])[];
  /** [point][task]: of as many first attempts as that pays, the one that its standing chooses. */
  readonly equalCostQuality?: readonly (readonly number[])[];
  /**
   * [task]: how often a revision changes a part that feedback marked wrong, and one that it marked right;
   * tasks without such a part are left out. Absent where there is none, and in files of before it was measured.
   */
  readonly changesWrong?: readonly number[];
  readonly changesRight?: readonly number[];
  /** [turn][task] of a conversation, at the first and the last attempt; absent where every task has one turn. */
  readonly turnsFirst?: readonly (readonly number[])[];
  readonly turnsLast?: readonly (readonly number[])[];
  /** [turn][task]: at the first attempt where earlier turns were revised; absent in files of before it was kept, as are returns. */
  readonly turnsAfterRevised?: readonly (readonly number[])[];
  /** [task]: quality summed over turns, of first attempts, of last ones, and of the best of K + 1 fresh ones. */
  readonly returnFirst?: readonly number[];
  readonly returnLast?: readonly number[];
  readonly returnResample?: readonly number[];
  /** [point][task]: what a greedy search had found after as many evaluations; absent where none was asked for. */
  readonly searchQuality?: readonly (readonly number[])[];
}

export interface HeldOutResult {
  readonly split: string;
  /** One for each domain of a mixture, else one. */
  readonly domains: readonly (TaskOutcomes & { readonly domain: string })[];
}

/** Where a run stood when it had used up a budget. */
export interface BudgetResult {
  readonly budget: number;
  readonly step: number;
  /** Completion tokens, those of groups that were replaced included. */
  readonly tokensSampled: number;
  readonly tokensTrained: number;
  /** Means over the steps since the budget before, without those that depend on the clock. */
  readonly metrics: { readonly [K in MetricId]?: number };
  readonly heldOut: readonly HeldOutResult[];
}

/** At most a few dozen points, each the mean of as many steps; null where a metric was never measured. */
export interface LearningCurve {
  /** Last step of each point. */
  readonly step: readonly number[];
  readonly tokensSampled: readonly number[];
  readonly metrics: { readonly [K in MetricId]?: readonly (number | null)[] };
}

/** Depends on the machine, and enters no result. */
export interface JobOrigin {
  /** Of training and evaluation, in seconds: processor time where it is known. */
  readonly trainingSeconds: number;
  readonly evaluationSeconds: number;
  /** Program, system and processor. */
  readonly machine: string;
}

export interface JobResult {
  readonly id: string;
  readonly spec: JobSpec;
  readonly backend: string;
  readonly budgets: readonly BudgetResult[];
  readonly curve: LearningCurve;
  readonly origin: JobOrigin;
}

/** What analyses read of a result. */
export type Outcome = Pick<JobResult, 'id' | 'budgets'>;

/** A file of a job that is not what it should be. */
export class ResultFormatError extends Error {
  override readonly name = 'ResultFormatError';
}

const number = v.pipe(v.number('a number'), v.finite('a number'));
const count = v.pipe(number, v.integer('a whole number'), v.minValue(0, 'a number of at least 0'));
const numbers = v.array(number, 'a list of numbers');
const matrix = v.array(numbers, 'lists of numbers');
const metrics = v.record(v.string(), number, 'numbers by metric');

const DomainSchema = v.object({
  domain: v.string('a domain'),
  points: numbers,
  quality: matrix,
  solved: matrix,
  bestQuality: matrix,
  bestSolved: matrix,
  resampleQuality: matrix,
  resampleSolved: matrix,
  wrongToRight: numbers,
  rightToWrong: numbers,
  cost: v.exactOptional(matrix),
  equalCostQuality: v.exactOptional(matrix),
  changesWrong: v.exactOptional(numbers),
  changesRight: v.exactOptional(numbers),
  turnsFirst: v.exactOptional(matrix),
  turnsLast: v.exactOptional(matrix),
  turnsAfterRevised: v.exactOptional(matrix),
  returnFirst: v.exactOptional(numbers),
  returnLast: v.exactOptional(numbers),
  returnResample: v.exactOptional(numbers),
  searchQuality: v.exactOptional(matrix),
});

const BudgetSchema = v.object({
  budget: number,
  step: count,
  tokensSampled: count,
  tokensTrained: count,
  metrics,
  heldOut: v.array(
    v.object({
      split: v.string('a split'),
      domains: v.pipe(v.array(DomainSchema, 'a list of domains'), v.nonEmpty('a domain')),
    }),
    'a list of evaluations',
  ),
});

export const BudgetsSchema = v.array(BudgetSchema, 'a list of budgets');

const ResultSchema = v.object({
  format: v.literal(FORMAT, `"${FORMAT}"`),
  formatVersion: v.literal(FORMAT_VERSION, `${FORMAT_VERSION}, which this program reads`),
  id: v.string('the id of a job'),
  spec: v.record(v.string(), v.unknown(), 'what the job was'),
  backend: v.string('a backend'),
  budgets: BudgetsSchema,
  curve: v.object({
    step: numbers,
    tokensSampled: numbers,
    metrics: v.record(v.string(), v.array(v.nullable(number)), 'numbers by metric'),
  }),
  origin: v.object({
    trainingSeconds: number,
    evaluationSeconds: number,
    machine: v.string('a machine'),
  }),
});

export function writeResult(result: JobResult): string {
  return `${JSON.stringify({ format: FORMAT, formatVersion: FORMAT_VERSION, ...result })}\n`;
}

/**
 * @param job the one that the file must be of.
 * @throws ResultFormatError that says what is wrong with the text.
 */
export function readResult(text: string, job: Job): JobResult {
  const { id, spec, budgets, backend, curve, origin } = checked(ResultSchema, parse(text));
  if (id !== job.id) throw new ResultFormatError(`id: got "${id}", expected "${job.id}"`);
  if (canonicalJson(spec) !== canonicalJson(job.spec)) {
    throw new ResultFormatError(`spec: got that of another job, expected that of ${job.label}`);
  }
  const wanted = job.spec.budgets.at.length;
  if (budgets.length !== wanted) {
    throw new ResultFormatError(`budgets: got ${budgets.length}, expected ${wanted}`);
  }
  return { id, spec: job.spec, backend, budgets, curve, origin };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new ResultFormatError(`is not JSON: ${(cause as Error).message}`, { cause });
  }
}

/** @throws ResultFormatError that names the first field that is off. */
export function checked<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const issue = result.issues[0];
  const at = issue.path?.at(-1);
  const shown = JSON.stringify(at ? at.value : issue.input) ?? 'nothing';
  const field = v.getDotPath(issue) ?? 'content';
  throw new ResultFormatError(`${field}: got ${shown.slice(0, 60)}, expected ${issue.message}`);
}
