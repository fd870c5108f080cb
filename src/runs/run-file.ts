/** run.json: what a run is beside its weights and curves, enough to continue it or to redo it. */
import * as v from 'valibot';
import type { Column } from '../schema/columns.ts';
import { storedConfig } from '../schema/migrate.ts';
import {
  describeIssue,
  isParamId,
  paramNamed,
  parseParams,
  type Config,
  type ParamId,
  type ParamIssue,
} from '../schema/params.ts';
import { EVALUATION, PARAM_CHANGE, type Evaluation, type ParamChange } from '../schema/records.ts';
import { checkObject, parseJson, RunFormatError, show, toJson, whole } from './checks.ts';
import { schemaOf } from './column-checks.ts';
import { checkRun } from './run-checks.ts';

const FORMAT = 'exit-lab-run';
const VERSION = 1;
const FILE = 'run.json';

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

const EvaluationSchema = schemaOf(EVALUATION, 'an evaluation');
const ChangeSchema = schemaOf(PARAM_CHANGE, 'a change of a parameter');

const EnvelopeSchema = v.looseObject({
  format: v.literal(FORMAT, `"${FORMAT}"`),
  version: v.literal(VERSION, `${VERSION}, the version that this program reads`),
});

const RunSchema = v.looseObject({
  config: v.record(v.string(), v.unknown(), 'parameter values by name'),
  step: whole(0),
  exitState: v.unknown(),
  marks: v.array(ChangeSchema, 'a list of changes of parameters'),
  evaluations: v.array(EvaluationSchema, 'a list of evaluations'),
  backend: v.string('the name of a backend'),
  createdBy: v.string('a program and its version'),
  requires: v.optional(v.array(v.string('a file name'), 'a list of file names'), []),
});

/**
 * @param requires files without which the run would not continue as it was; reading checks them.
 * @throws RunFormatError if a number is not finite, or what reading would refuse.
 */
export function writeRun(content: RunContent, requires: readonly string[] = []): string {
  checkRun(content);
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
    marks: fields.marks.map(readChange),
    evaluations: fields.evaluations.map(readEvaluation),
    backend: fields.backend,
    createdBy: fields.createdBy,
  };
  checkRun(content);
  return { content, requires };
}

/** What came after the run is filled in; what came from a newer program would be lost, and is refused. */
function readConfig(outside: Readonly<Record<string, unknown>>): Config {
  const { config, issues } = storedConfig(outside);
  refuseAny(issues, 'config.');
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

/** As checked by its table; which values a parameter takes is told by the table of parameters. */
function readChange(change: ParamChange, index: number): ParamChange {
  const prefix = `marks.${index}.`;
  const param = paramNamed(change.param);
  if (param === undefined || !isParamId(param)) {
    const expected = 'the name of a parameter';
    throw refusal([{ field: 'param', value: show(change.param), expected }], prefix);
  }
  const value = (side: 'from' | 'to'): Config[ParamId] => {
    const { values, issues } = parseParams({ [param]: change[side] });
    const accepted = values[param];
    if (accepted !== undefined) return accepted;
    throw refusal(
      issues.map((issue) => ({ ...issue, field: side })),
      prefix,
    );
  };
  return { step: change.step, param, from: value('from'), to: value('to') };
}

/** Those with one estimate per self-improvement step k = 0 … K. */
const CURVES = Object.entries<Column>(EVALUATION).flatMap(([name, column]) =>
  column.kind === 'rows' && column.perDepth ? [name as keyof Evaluation] : [],
);

function readEvaluation(evaluation: Evaluation, index: number): Evaluation {
  for (const field of CURVES) {
    const curve = evaluation[field];
    if (!Array.isArray(curve) || curve.length === evaluation.depth + 1) continue;
    throw new RunFormatError(
      FILE,
      `evaluations.${index}.${field}: got ${curve.length} estimates, expected ${evaluation.depth + 1}, one more than depth`,
    );
  }
  return evaluation;
}
