/**
 * A finished experiment made small enough to be kept with the code: what its tables and plots need, and
 * where it came from. It carries its own plan, so that a default that changes later changes none of it.
 */
import * as v from 'valibot';
import { mean } from '../base/statistics.ts';
import type { Plan, PlanOutline } from './plan.ts';
import {
  BudgetsSchema,
  checked,
  type BudgetResult,
  type JobResult,
  type Outcome,
} from './result.ts';

const FORMAT = 'exit-lab results';
const VERSION = 1;

export interface Provenance {
  /** Of the code that made the numbers. */
  readonly commit: string;
  /** What repeats it. */
  readonly command: string;
  readonly machine: string;
  /** ISO date. */
  readonly date: string;
}

export interface ResultsArchive {
  readonly provenance: Provenance;
  readonly plan: PlanOutline;
  readonly results: readonly Outcome[];
  /** Of all jobs together: training and evaluation. */
  readonly seconds: { readonly training: number; readonly evaluation: number };
}

/** Of jobs their ids alone. */
type KeptPlan = Omit<Plan, 'jobs'> & { readonly jobs: readonly string[] };

const text = v.string('a text');

const ArchiveSchema = v.object({
  format: v.literal(FORMAT, `"${FORMAT}"`),
  version: v.literal(VERSION, `${VERSION}, which this program reads`),
  provenance: v.object({ commit: text, command: text, machine: text, date: text }),
  plan: v.looseObject({
    experiment: v.looseObject({ name: text }, 'an experiment'),
    arms: v.array(text, 'a list of arms'),
    control: text,
    settings: v.array(v.object({ label: text, values: v.record(text, v.unknown()) })),
    runs: v.array(
      v.object({ arm: text, setting: v.number(), seed: v.number(), job: text }),
      'a list of runs',
    ),
    jobs: v.array(text, 'a list of ids'),
  }),
  seconds: v.object({ training: v.number(), evaluation: v.number() }),
  results: v.array(v.object({ id: text, budgets: BudgetsSchema }), 'a list of results'),
});

/** JSON; means over held-out tasks in place of tasks, but for the quality that arms are compared by. */
export function writeArchive(
  plan: Plan,
  results: readonly JobResult[],
  provenance: Provenance,
): string {
  const kept: KeptPlan = { ...plan, jobs: plan.jobs.map(({ id }) => id) };
  const sum = (of: (result: JobResult) => number): number =>
    Math.round(results.reduce((total, result) => total + of(result), 0));
  return `${JSON.stringify({
    format: FORMAT,
    version: VERSION,
    provenance,
    plan: kept,
    seconds: {
      training: sum(({ origin }) => origin.trainingSeconds),
      evaluation: sum(({ origin }) => origin.evaluationSeconds),
    },
    results: results.map(({ id, budgets }) => ({ id, budgets: budgets.map(smaller) })),
  })}\n`;
}

function smaller(budget: BudgetResult): BudgetResult {
  return {
    ...budget,
    heldOut: budget.heldOut.map(({ split, domains }) => ({
      split,
      domains: domains.map((one) => {
        const small = Object.fromEntries(Object.entries(one).map(meansOf)) as unknown as typeof one;
        return { ...small, quality: [...small.quality.slice(0, -1), one.quality.at(-1)!] };
      }),
    })),
  };
}

type Field = string | readonly number[] | readonly (readonly number[])[];

/** Lists over held-out tasks become lists of their one mean. */
function meansOf([field, value]: [string, Field]): [string, Field] {
  if (typeof value === 'string' || field === 'points') return [field, value];
  return [field, value.some(Array.isArray) ? value.map(meanOf) : [mean(value as number[])]];
}

function meanOf(row: number | readonly number[]): number[] {
  return [mean(typeof row === 'number' ? [row] : row)];
}

/** @throws ResultFormatError that names the first field that is off. */
export function readArchive(content: string): ResultsArchive {
  const { provenance, plan, results, seconds } = checked(ArchiveSchema, JSON.parse(content));
  // The rest of the plan was written by this module, and is read by nothing else.
  const kept = plan as unknown as KeptPlan;
  return {
    provenance,
    seconds,
    plan: { ...kept, jobs: kept.jobs.map((id) => ({ id })) },
    results,
  };
}
