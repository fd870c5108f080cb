/** What must hold of any file: it is refused with a typed error, or accepted and can be written again. */
import { isDeepStrictEqual } from 'node:util';
import { decodeText, NotTextError } from '../base/decodeText.ts';
import type { Rng } from '../base/rng.ts';
import { createExitState } from '../exit/state.ts';
import { fromFiles, isRunFile, toFiles, type RunBundle } from '../runs/bundle.ts';
import { RunFormatError } from '../runs/checks.ts';
import { Archive } from '../runs/index/archive.ts';
import { profileOf } from '../runs/index/profile.ts';
import { recordsIn, segmentsFrom } from '../runs/store/reader.ts';
import { openZip, zip } from '../runs/zip.ts';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import type { StepRecord } from '../schema/records.ts';
import { canonicalPipelines } from '../tasks/tables/choices.ts';
import { TableError } from '../tasks/pipelines/csv/error.ts';
import { describeTable, parseTable } from '../tasks/pipelines/csv/reading.ts';
import { evaluate } from '../tasks/tables/evaluate.ts';
import { metaWords } from '../tasks/tables/meta.ts';
import { hasMissing, type Table } from '../tasks/tables/table.ts';
import { formatInstance, parseInstance } from '../tasks/pipelines/text.ts';
import { recordCheck } from '../training/check-records.ts';
import { openBundle } from '../training/open-bundle.ts';

export type Outcome = 'accepted' | 'refused';

/** Something that must not happen. */
export class FuzzError extends Error {
  override readonly name = 'FuzzError';
}

/**
 * @returns what became of it.
 * @throws FuzzError if it was refused by an error of no type, or accepted and then not written again.
 */
export async function checkRunFile(bytes: Uint8Array): Promise<Outcome> {
  const run = await accepted([RunFormatError], () => opened(bytes));
  if (!run) return 'refused';
  let again: Opened;
  try {
    const steps = await segmentsFrom(shownRecords(run.records));
    again = await opened(zip(toFiles({ ...run.bundle, steps })));
  } catch (cause) {
    throw new FuzzError(`its own export is refused: ${told(cause)}`, { cause });
  }
  if (!areEqual(again.bundle, run.bundle)) throw new FuzzError('its own export is another run');
  if (!isDeepStrictEqual(shownRecords(again.records), shownRecords(run.records))) {
    throw new FuzzError('the steps of its own export are others');
  }
  return 'accepted';
}

/** As the page keeps them, and asks for them: nothing of what it does may fail. */
function shownRecords(records: readonly StepRecord[]): readonly StepRecord[] {
  const archive = new Archive();
  for (const record of records) {
    archive.add(record);
    profileOf(record);
  }
  for (const { taskId } of archive.tasks(3)) archive.lineage(taskId);
  archive.bufferSnapshot();
  return [...archive.records()];
}

/** JSON does not tell −0 from 0, tensors do. */
function areEqual(a: RunBundle, b: RunBundle): boolean {
  const [said, other] = [a, b].map(({ snapshot, steps: _, ...rest }) =>
    JSON.stringify([snapshot.config, snapshot.optimizer?.step, rest]),
  );
  return said === other && isDeepStrictEqual(a.snapshot, b.snapshot);
}

interface Opened {
  readonly bundle: RunBundle;
  readonly records: readonly StepRecord[];
}

/** The run that a session of these files would export. */
async function opened(bytes: Uint8Array): Promise<Opened> {
  const { files } = openZip(bytes, isRunFile);
  const { snapshot, words, rows, run, steps = [] } = fromFiles(files);
  const check = recordCheck({ words, ...(run && { run }) });
  const records: StepRecord[] = [];
  for await (const record of recordsIn(steps)) {
    check?.(record);
    records.push(record);
  }
  const { config, resumed } = openBundle(
    { snapshot, words, rows, ...(run && { run }) },
    DEFAULT_CONFIG,
    (task) => task,
  );
  const state = resumed?.state ?? createExitState(config.seed);
  const { marks = [], evaluations = [], backend = 'wasm', createdBy = 'fuzz' } = run ?? {};
  const whole = {
    config,
    step: state.step,
    exitState: state,
    marks,
    evaluations,
    backend,
    createdBy,
  };
  return { bundle: { snapshot, words, rows, run: whole }, records };
}

/** As `checkRunFile`, of a table; `rng` chooses the pipeline that is trained on it. */
export async function checkTableFile(bytes: Uint8Array, rng: Rng): Promise<Outcome> {
  const text = await accepted([NotTextError], () => decodeText(bytes).text);
  if (text === undefined) return 'refused';
  const { reading } = describeTable(text);
  const table = await accepted([TableError], () => parseTable(text));
  if ((table === undefined) !== (reading.problem !== null)) {
    throw new FuzzError(`what was understood is not what is used: ${reading.problem}`);
  }
  if (!table) return 'refused';
  checkTable(table, rng);
  return 'accepted';
}

function checkTable(table: Table, rng: Rng): void {
  const written = formatInstance({ table });
  try {
    const again = parseInstance(written);
    if (!isDeepStrictEqual(again, { table })) throw new FuzzError('it reads back as another table');
  } catch (cause) {
    throw new FuzzError(`what is written of it is refused: ${told(cause)}`, { cause });
  }
  metaWords(table);
  const score = evaluate(table, rng.pick(canonicalPipelines(hasMissing(table))), { now: () => 0 });
  if (score.kind === 'scored' && !Number.isFinite(score.validation + score.training)) {
    throw new FuzzError('a score is no number');
  }
}

type ErrorType = new (...args: never[]) => Error;

/** Undefined where it was refused by an error of one of the types. */
async function accepted<T>(
  types: readonly ErrorType[],
  read: () => T | Promise<T>,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (types.some((type) => error instanceof type)) return undefined;
    throw new FuzzError(`an error without a type: ${told(error)}`, { cause: error });
  }
}

function told(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
