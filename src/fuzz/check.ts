/** What must hold of any file: it is refused with a typed error, or accepted and can be written again. */
import { isDeepStrictEqual } from 'node:util';
import { decodeText, NotTextError } from '../base/decodeText.ts';
import type { Rng } from '../base/rng.ts';
import { createExitState } from '../exit/state.ts';
import { fromFiles, isRunFile, toFiles, type RunBundle } from '../runs/bundle.ts';
import { RunFormatError } from '../runs/checks.ts';
import { openZip, zip } from '../runs/zip.ts';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import { canonicalPipelines } from '../tasks/pipelines/choices.ts';
import { TableError } from '../tasks/pipelines/csv/error.ts';
import { describeTable, parseTable } from '../tasks/pipelines/csv/reading.ts';
import { evaluate } from '../tasks/pipelines/evaluate.ts';
import { metaWords } from '../tasks/pipelines/meta.ts';
import { hasMissing, type Table } from '../tasks/pipelines/table.ts';
import { formatInstance, parseInstance } from '../tasks/pipelines/text.ts';
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
export function checkRunFile(bytes: Uint8Array): Outcome {
  const bundle = accepted([RunFormatError], () => opened(bytes));
  if (!bundle) return 'refused';
  let again: RunBundle;
  try {
    again = opened(zip(toFiles(bundle)));
  } catch (cause) {
    throw new FuzzError(`its own export is refused: ${told(cause)}`, { cause });
  }
  if (!areEqual(again, bundle)) throw new FuzzError('its own export is another run');
  return 'accepted';
}

/** JSON does not tell −0 from 0, tensors do. */
function areEqual(a: RunBundle, b: RunBundle): boolean {
  const [said, other] = [a, b].map(({ snapshot, ...rest }) =>
    JSON.stringify([snapshot.config, snapshot.optimizer?.step, rest]),
  );
  return said === other && isDeepStrictEqual(a.snapshot, b.snapshot);
}

/** The run that a session of these files would export. */
function opened(bytes: Uint8Array): RunBundle {
  const { files } = openZip(bytes, isRunFile);
  const { snapshot, words, rows, run } = fromFiles(files);
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
  return { snapshot, words, rows, run: whole };
}

/** As `checkRunFile`, of a table; `rng` chooses the pipeline that is trained on it. */
export function checkTableFile(bytes: Uint8Array, rng: Rng): Outcome {
  const text = accepted([NotTextError], () => decodeText(bytes).text);
  if (text === undefined) return 'refused';
  const { reading } = describeTable(text);
  const table = accepted([TableError], () => parseTable(text));
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
function accepted<T>(types: readonly ErrorType[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (types.some((type) => error instanceof type)) return undefined;
    throw new FuzzError(`an error without a type: ${told(error)}`, { cause: error });
  }
}

function told(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
