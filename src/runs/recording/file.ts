/**
 * A recorded run as a file: frames in the order in which they are needed, compressed as a whole, so that
 * it plays while it is still being fetched.
 */
import * as v from 'valibot';
import {
  PARAM_CHANGE,
  RECORDS_VERSION,
  SPLIT_EVALUATION,
  type ParamChange,
  type StepRecord,
} from '../../schema/records.ts';
import { storedConfig } from '../../schema/migrate.ts';
import type { Config } from '../../schema/params.ts';
import type { MetricRow } from '../../schema/metrics.ts';
import type { SessionInfo, SplitEvaluation } from '../../training/session-info.ts';
import { schemaOf } from '../column-checks.ts';
import type { DepthProfile } from '../index/queries.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { concat, frameBytes, readFrames } from './frames.ts';
import { readMetrics, writeMetrics } from './row-codec.ts';
import { StepEncoder } from './step-codec.ts';

/** What files hold of a control's starts. */
export type ControlProfile = Omit<DepthProfile, 'quality' | 'recency'>;

/** A run of the same shape and seed with another strategy, to be seen beside a recorded one. */
export interface ControlRun {
  readonly config: Config;
  readonly rows: readonly MetricRow[];
  readonly profiles: readonly ControlProfile[];
  /** Oldest first; none in files of before the control was evaluated. */
  readonly evaluations: readonly SplitEvaluation[];
}

const FORMAT = 'exit-lab recording';

export interface RecordedStep {
  readonly record: StepRecord;
  /** What was measured before the first step, and after this one. */
  readonly evaluations: readonly SplitEvaluation[];
}

export interface Recording {
  /** As the session stood after the last step. */
  readonly info: SessionInfo;
  readonly steps: readonly RecordedStep[];
  /** The uniform control first. */
  readonly controls: readonly ControlRun[];
  /** What was changed on the way, by step; none where it is absent. */
  readonly marks?: readonly ParamChange[];
}

/** What a file is made of. Steps stay packed: a `StepDecoder` reads them, in their order. */
export type Frame =
  /** `version` is that of the tables of records: a `StepDecoder` needs it. */
  | { readonly kind: 'head'; readonly version: number; readonly info: SessionInfo }
  | { readonly kind: 'control'; readonly control: ControlRun }
  | { readonly kind: 'evaluation'; readonly evaluation: SplitEvaluation }
  | { readonly kind: 'step'; readonly bytes: Uint8Array }
  /** Before the step that they are of. */
  | { readonly kind: 'marks'; readonly marks: readonly ParamChange[] };

const KINDS = ['head', 'control', 'evaluation', 'step', 'marks'] as const satisfies Frame['kind'][];

/** Not compressed yet. */
export function writeRecording(recording: Recording): Uint8Array<ArrayBuffer> {
  const { info, steps, controls, marks = [] } = recording;
  const encoder = new StepEncoder();
  const head = { format: FORMAT, version: RECORDS_VERSION, info };
  const frames = [frame('head', json(head))];
  let marked = -Infinity;
  for (const { record, evaluations } of steps) {
    const changed = marks.filter(({ step }) => step > marked && step <= record.step);
    if (changed.length > 0) frames.push(frame('marks', json(changed)));
    marked = record.step;
    frames.push(...evaluations.map((one) => frame('evaluation', json(one))));
    frames.push(frame('step', encoder.encode(record)));
  }
  // Last: nothing moves by it.
  frames.push(...controls.map((control) => frame('control', writeControl(control))));
  return concat(frames);
}

function frame(kind: Frame['kind'], payload: Uint8Array): Uint8Array {
  return frameBytes(KINDS.indexOf(kind), payload);
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(shortJson(value));
}

/** Six digits are more than any interval is narrow. */
function shortJson(value: unknown): string {
  const short = (_: string, one: unknown): unknown =>
    typeof one === 'number' && !Number.isInteger(one) ? Number(one.toPrecision(6)) : one;
  return JSON.stringify(value, short);
}

/**
 * The frames of a compressed file as they arrive.
 * @param mostBytes what it may unpack to.
 * @throws Error if it is none, of another version, or unpacks to more.
 */
export async function* readRecording(
  file: ReadableStream<BufferSource>,
  mostBytes = Infinity,
): AsyncGenerator<Frame> {
  for await (const { kind, payload } of readFrames(file, mostBytes)) {
    yield parseFrame(kind, payload);
  }
}

const headSchema = v.looseObject({
  format: v.literal(FORMAT),
  version: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(RECORDS_VERSION)),
  info: v.looseObject({ config: v.record(v.string(), v.unknown()), domains: v.array(v.unknown()) }),
});

function parseFrame(kind: number, payload: Uint8Array): Frame {
  const read = PARSERS[KINDS[kind]!];
  if (!read) throw new Error(`frame: got kind ${kind}, expected one of ${KINDS.join(', ')}`);
  return read(payload);
}

const PARSERS: Readonly<Partial<Record<Frame['kind'], (payload: Uint8Array) => Frame>>> = {
  head: parseHead,
  control: (payload) => ({ kind: 'control', control: readControl(payload) }),
  evaluation: (payload) => ({
    kind: 'evaluation',
    evaluation: parseEvaluation(fromJson(payload)),
  }),
  step: (payload) => ({ kind: 'step', bytes: payload }),
  marks: (payload) => ({ kind: 'marks', marks: parseMarks(fromJson(payload)) }),
};

/** What else stands in the file was written by the same version as this head. */
function parseHead(payload: Uint8Array): Frame {
  const head = fromJson(payload);
  if (!v.is(headSchema, head)) {
    throw new Error(`not an ${FORMAT} of version ${RECORDS_VERSION} or before`);
  }
  const { version } = head;
  const info = head.info as unknown as SessionInfo;
  return { kind: 'head', version, info: { ...info, config: recordedConfig(head.info.config) } };
}

const evaluationSchema = schemaOf(SPLIT_EVALUATION, 'an evaluation');
const marksSchema = v.array(schemaOf(PARAM_CHANGE, 'a change of a parameter'));

function parseEvaluation(value: unknown): SplitEvaluation {
  const result = v.safeParse(evaluationSchema, value);
  if (result.success) return result.output;
  throw unexpected(result.issues[0], 'evaluation');
}

function parseMarks(value: unknown): readonly ParamChange[] {
  const result = v.safeParse(marksSchema, value);
  if (result.success) return result.output;
  throw unexpected(result.issues[0], 'marks');
}

function unexpected(issue: v.BaseIssue<unknown>, whole: string): Error {
  const field = v.getDotPath(issue) ?? whole;
  return new Error(`${field}: got ${issue.received}, expected ${issue.message}`);
}

/** What a newer program recorded is shown without the parameters that this one does not know. */
function recordedConfig(recorded: Readonly<Record<string, unknown>>): Config {
  return storedConfig(recorded).config;
}

function fromJson(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}

// ---- the control: metrics, profiles and evaluations, without its steps

function writeControl({ config, rows, profiles, evaluations }: ControlRun): Uint8Array {
  const out = new ByteWriter();
  out.text(JSON.stringify(config));
  out.uint(rows.length);
  rows.forEach((row, i) => {
    writeMetrics(out, row);
    writeProfile(out, profiles[i]!);
  });
  out.text(shortJson(evaluations));
  return out.take();
}

function readControl(payload: Uint8Array): ControlRun {
  const from = new ByteReader(payload);
  const config = recordedConfig(JSON.parse(from.text()) as Record<string, unknown>);
  const both = Array.from({ length: from.uint() }, () => {
    const row = readMetrics(from);
    return { row, profile: readProfile(from, row.step) };
  });
  return {
    config,
    rows: both.map(({ row }) => row),
    profiles: both.map(({ profile }) => profile),
    evaluations: from.isAtEnd ? [] : parseEvaluations(JSON.parse(from.text())),
  };
}

function parseEvaluations(list: unknown): SplitEvaluation[] {
  if (!Array.isArray(list)) {
    throw new Error(`evaluations: got ${typeof list}, expected a list of evaluations`);
  }
  return list.map(parseEvaluation);
}

function writeProfile(out: ByteWriter, profile: ControlProfile): void {
  out.uint(profile.count.length);
  profile.count.forEach((value) => out.uint(value));
  profile.learnability.forEach((value) => out.float32(value));
  profile.distinct.forEach((value) => out.float32(value));
  out.float32(profile.uniformDepth);
}

function readProfile(from: ByteReader, step: number): ControlProfile {
  const length = from.uint();
  const column = (read: () => number): number[] => Array.from({ length }, read);
  return {
    step,
    count: column(() => from.uint()),
    learnability: column(() => from.float32()),
    distinct: column(() => from.float32()),
    uniformDepth: from.float32(),
  };
}
