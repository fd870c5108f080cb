/** run.json: what a run is beside its weights and curves, enough to continue it or to redo it. */
import * as v from 'valibot';
import type { Evaluation } from '../schema/records.ts';
import {
  checkConfig,
  describeIssue,
  expectation,
  isParamId,
  PARAM_IDS,
  PARAMS,
  parseParams,
  type Config,
  type ParamId,
  type ParamIssue,
} from '../schema/params.ts';
import { checkObject, parseJson, real, RunFormatError, show, toJson, whole } from './checks.ts';

const FORMAT = 'exit-lab-run';
const VERSION = 1;
const FILE = 'run.json';

/** A live parameter changed; `step` is the first that used the new value. */
export interface ParamChange {
  readonly step: number;
  readonly param: ParamId;
  readonly from: Config[ParamId];
  readonly to: Config[ParamId];
}

export interface RunContent {
  readonly config: Config;
  /** Training steps done. */
  readonly step: number;
  /** State of the algorithm, plain JSON; whoever continues the run checks it. */
  readonly exitState: unknown;
  readonly marks: readonly ParamChange[];
  readonly evaluations: readonly Evaluation[];
  /** Backend that ran it: the same seed repeats a run on the same backend only. */
  readonly backend: string;
  /** Program and version that wrote it, e.g. `exit-lab 0.1.0`. */
  readonly createdBy: string;
}

const estimate = v.object({ mean: real(), ci95: real() }, 'a mean and its interval');
const estimates = v.array(estimate, 'a list of estimates');

const bothEnds = v.object({ first: estimate, last: estimate });

const curves = {
  step: whole(0),
  tasks: whole(1),
  samples: whole(1),
  depth: whole(0),
  trainedDepth: real(),
  quality: estimates,
  solved: estimates,
  bestQuality: estimates,
  bestSolved: estimates,
  netCorrections: estimate,
  distinct: estimate,
  resampleQuality: estimates,
  resampleSolved: estimates,
  turns: v.exactOptional(v.array(bothEnds)),
  taskReturn: v.exactOptional(bothEnds),
};

const EvaluationSchema = v.object(
  {
    ...curves,
    parts: v.exactOptional(
      v.array(v.object({ task: v.string('a text'), ...curves }, 'an evaluation')),
    ),
  },
  'an evaluation',
);

const MarkSchema = v.object(
  { step: whole(0), param: v.string('a text'), from: v.unknown(), to: v.unknown() },
  'a change of a parameter',
);

const EnvelopeSchema = v.looseObject({
  format: v.literal(FORMAT, `"${FORMAT}"`),
  version: v.literal(VERSION, `${VERSION}, the version that this program reads`),
});

const RunSchema = v.looseObject({
  config: v.record(v.string(), v.unknown(), 'parameter values by name'),
  step: whole(0),
  exitState: v.unknown(),
  marks: v.array(MarkSchema, 'a list of changes of parameters'),
  evaluations: v.array(EvaluationSchema, 'a list of evaluations'),
  backend: v.string('the name of a backend'),
  createdBy: v.string('a program and its version'),
  requires: v.optional(v.array(v.string('a file name'), 'a list of file names'), []),
});

/**
 * @param requires files without which the run would not continue as it was; reading checks them.
 * @throws RunFormatError if a number is not finite.
 */
export function writeRun(content: RunContent, requires: readonly string[] = []): string {
  const file = { format: FORMAT, version: VERSION, ...content, requires };
  return toJson(FILE, file, 1) + '\n';
}

/** @throws RunFormatError naming field, value and what was expected. */
export function readRun(text: string): { content: RunContent; requires: readonly string[] } {
  const json = parseJson(FILE, text);
  checkObject(FILE, EnvelopeSchema, json);
  const { requires, ...fields } = checkObject(FILE, RunSchema, json);
  const content = {
    config: readConfig(fields.config),
    step: fields.step,
    exitState: fields.exitState,
    marks: fields.marks.map(readMark),
    evaluations: fields.evaluations.map(readEvaluation),
    backend: fields.backend,
    createdBy: fields.createdBy,
  };
  return { content, requires };
}

/** Every parameter must be there: a default of today need not be what the run used. */
function readConfig(outside: Readonly<Record<string, unknown>>): Config {
  const { values, issues } = parseParams(outside);
  const missing = PARAM_IDS.filter((id) => !Object.hasOwn(outside, id)).map((field) => ({
    field,
    value: show(undefined),
    expected: expectation(PARAMS[field]),
  }));
  refuseAny([...issues, ...missing], 'config.');
  const config = values as Config;
  refuseAny(checkConfig(config), 'config.');
  return config;
}

function refuseAny(issues: readonly ParamIssue[], prefix: string): void {
  if (issues.length > 0) throw refusal(issues, prefix);
}

/** All issues in one message. */
function refusal(issues: readonly ParamIssue[], prefix: string): RunFormatError {
  const problems = issues.map((issue) => describeIssue({ ...issue, field: prefix + issue.field }));
  return new RunFormatError(FILE, problems.join('; '));
}

function readMark(mark: v.InferOutput<typeof MarkSchema>, index: number): ParamChange {
  const { step, param } = mark;
  const prefix = `marks.${index}.`;
  if (!isParamId(param)) {
    const expected = 'the name of a parameter';
    throw refusal([{ field: 'param', value: show(param), expected }], prefix);
  }
  const value = (side: 'from' | 'to'): Config[ParamId] => {
    const { values, issues } = parseParams({ [param]: mark[side] });
    const accepted = values[param];
    if (accepted !== undefined) return accepted;
    throw refusal(
      issues.map((issue) => ({ ...issue, field: side })),
      prefix,
    );
  };
  return { step, param, from: value('from'), to: value('to') };
}

const PER_STEP = [
  'quality',
  'solved',
  'bestQuality',
  'bestSolved',
  'resampleQuality',
  'resampleSolved',
] as const satisfies readonly (keyof Evaluation)[];

/** One estimate per self-improvement step k = 0 … K. */
function readEvaluation(evaluation: Evaluation, index: number): Evaluation {
  for (const field of PER_STEP) {
    const { length } = evaluation[field];
    if (length === evaluation.depth + 1) continue;
    throw new RunFormatError(
      FILE,
      `evaluations.${index}.${field}: got ${length} estimates, expected ${evaluation.depth + 1}, one more than depth`,
    );
  }
  return evaluation;
}
