/**
 * The folder of an experiment, shared by all processes and machines that work on it:
 *
 *     experiment.json        what is run, and the ids of its jobs
 *     jobs/<id>.json         one for each finished job
 *     checkpoints/<id>.zip   of jobs on their way
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { ExperimentError, type Experiment } from '../experiment.ts';
import type { CheckpointStore } from '../job.ts';
import type { Job, Plan } from '../plan.ts';
import { checked, readResult, ResultFormatError, writeResult, type JobResult } from '../result.ts';
import type { ResultStore } from '../schedule.ts';
import { removeUnfinished, writeAtomically } from './atomic-file.ts';

const MANIFEST = 'experiment.json';
const FORMAT = 'exit-lab experiment';

const ManifestSchema = v.object({
  format: v.literal(FORMAT, `"${FORMAT}"`),
  experiment: v.looseObject({ name: v.string('a name') }, 'an experiment'),
  jobs: v.array(v.string('an id'), 'a list of ids'),
});

export interface ExperimentFolder extends ResultStore {
  /** All finished jobs of the plan, in its order. */
  readonly results: () => readonly JobResult[];
}

/**
 * Opens the folder of a plan, or makes one. More seeds, arms or points may be added to an experiment;
 * what was planned before must stay.
 * @throws ExperimentError that names each file that is in the way; nothing has been written then.
 */
export async function openFolder(path: string, plan: Plan): Promise<ExperimentFolder> {
  await checkManifest(path, plan);
  const results = await readResults(path, plan.jobs);
  const { experiment, jobs } = plan;
  const manifest = { format: FORMAT, experiment, jobs: jobs.map(({ id }) => id) };
  await writeAtomically(join(path, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`);
  const finished = new Set(results.keys());
  return {
    finished,
    results: () => jobs.map(({ id }) => results.get(id)).filter((result) => result !== undefined),
    put: async (result) => {
      await writeAtomically(resultPath(path, result.id), writeResult(result));
      results.set(result.id, result);
      finished.add(result.id);
      await rm(checkpointPath(path, result.id), { force: true });
    },
  };
}

/** What processes that were killed have left of these jobs; nobody else may be at work on them. */
export async function clearUnfinished(path: string, jobs: readonly Job[]): Promise<void> {
  for (const { id } of jobs) {
    await removeUnfinished(resultPath(path, id));
    await removeUnfinished(checkpointPath(path, id));
  }
}

/** The experiment that a folder is of, as it was planned, for those who have no file of it. */
export async function readManifest(path: string): Promise<Experiment | undefined> {
  const content = await manifestOf(path);
  return content?.experiment as Experiment | undefined;
}

async function manifestOf(path: string): Promise<v.InferOutput<typeof ManifestSchema> | undefined> {
  const text = await readText(join(path, MANIFEST));
  if (text === undefined) return undefined;
  try {
    return checked(ManifestSchema, JSON.parse(text));
  } catch (error) {
    throw new ExperimentError(`${join(path, MANIFEST)}: ${(error as Error).message}`);
  }
}

async function checkManifest(path: string, plan: Plan): Promise<void> {
  const manifest = await manifestOf(path);
  if (!manifest) return checkEmpty(path);
  const planned = new Set(plan.jobs.map(({ id }) => id));
  const foreign = manifest.jobs.filter((id) => !planned.has(id));
  if (foreign.length === 0) return;
  const reason =
    `${foreign.length} of its ${manifest.jobs.length} jobs are none of this experiment, ` +
    'or were planned by a program whose numbers differ';
  throw new ExperimentError(
    `--out: got "${path}", the folder of "${manifest.experiment.name}" (${reason}), expected another folder`,
  );
}

/** A folder that is full of something else is no place for hundreds of files. */
async function checkEmpty(path: string): Promise<void> {
  const names = await readdir(path).catch((error: unknown): string[] => {
    if (errorCode(error) === 'ENOENT') return [];
    throw new ExperimentError(`--out: got "${path}", expected a folder that can be read`);
  });
  // Several machines may begin at once: one of them has just made the folder, or has half made it.
  const foreign = names.filter((name) => !name.startsWith(MANIFEST));
  if (foreign.length === 0 || names.includes(MANIFEST)) return;
  throw new ExperimentError(
    `--out: got "${path}", which holds ${foreign[0]!} and no ${MANIFEST}, expected an empty folder or one of this experiment`,
  );
}

/** @throws ExperimentError that names every file that cannot be used, and what to do about it. */
async function readResults(path: string, jobs: readonly Job[]): Promise<Map<string, JobResult>> {
  const results = new Map<string, JobResult>();
  const problems: string[] = [];
  for (const job of jobs) {
    const file = resultPath(path, job.id);
    const text = await readText(file);
    if (text === undefined) continue;
    try {
      results.set(job.id, readResult(text, job));
    } catch (error) {
      if (!(error instanceof ResultFormatError)) throw error;
      problems.push(`${file}: ${error.message}; remove it to have ${job.label} run again`);
    }
  }
  if (problems.length > 0) throw new ExperimentError(problems.join('\n'));
  return results;
}

/** Half a job, in the folder where its result will be. */
export function checkpointsIn(path: string, id: string, everySeconds: number): CheckpointStore {
  const file = checkpointPath(path, id);
  return {
    everySeconds,
    load: () =>
      readFile(file).catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw error;
      }),
    save: (bytes) => writeAtomically(file, bytes),
  };
}

function resultPath(path: string, id: string): string {
  return join(path, 'jobs', `${id}.json`);
}

function checkpointPath(path: string, id: string): string {
  return join(path, 'checkpoints', `${id}.zip`);
}

async function readText(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
}

/** A file in place of a folder is told apart where the folder itself is read. */
function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errorCode(error));
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
