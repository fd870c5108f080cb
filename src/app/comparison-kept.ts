/** What is kept of comparisons from one visit to the next: the last experiment, and files of finished jobs. */
import { memoryStorage, type TextStorage } from './text-storage.ts';

export interface KeptResults {
  /** The file of the experiment that was run last; undefined where none is kept. */
  experiment(): Promise<string | undefined>;
  /** The file of a finished job; undefined where it is not kept. */
  result(id: string): Promise<string | undefined>;
  /**
   * Keeps what is run from now on, and makes room for it.
   * @returns names of older experiments whose results are gone.
   */
  begin(experiment: KeptExperiment): Promise<readonly string[]>;
  put(id: string, text: string): Promise<void>;
  /** Throws all away; there may be room again then. */
  clear(): Promise<void>;
}

export interface KeptExperiment {
  readonly name: string;
  readonly text: string;
  /** Ids of all of its jobs. */
  readonly jobs: readonly string[];
}

/** Jobs whose files are kept: a file takes 50 to 250 KB. */
export const MOST_KEPT_JOBS = 400;

const EXPERIMENT = 'experiment';
const LIST = 'experiments';
const keyOf = (id: string): string => `job ${id}`;

type Listed = Pick<KeptExperiment, 'name' | 'jobs'>;

/** @param tell called with whether what is finished outlasts the page, and with null before that is known. */
export function createKeptResults(
  lasting: TextStorage,
  tell: (outlasts: boolean | null) => void,
  mostJobs = MOST_KEPT_JOBS,
): KeptResults {
  let storage = lasting;
  let isKnown = false;
  const trying = async <T>(act: (storage: TextStorage) => Promise<T>): Promise<T | undefined> => {
    try {
      return await act(storage);
    } catch {
      // From now on it lasts as long as the page.
      storage = memoryStorage();
      isKnown = true;
      tell(false);
      return undefined;
    }
  };
  const write = async (key: string, text: string): Promise<void> => {
    await trying(async (into) => {
      await into.write(key, text);
      if (!isKnown) tell(true);
      isKnown = true;
    });
  };
  const read = (key: string): Promise<string | undefined> => trying((from) => from.read(key));
  return {
    experiment: () => read(EXPERIMENT),
    result: (id) => read(keyOf(id)),
    begin: async ({ name, text, jobs }) => {
      const before = listOf(await read(LIST)).filter((one) => !isPart(one.jobs, jobs));
      const { kept, dropped } = newest([...before, { name, jobs }], mostJobs);
      const needed = jobsOf(kept);
      const gone = [...jobsOf(dropped)].filter((id) => !needed.has(id));
      for (const id of gone) await trying((from) => from.remove(keyOf(id)));
      await write(LIST, JSON.stringify(kept));
      await write(EXPERIMENT, text);
      return dropped.map((one) => one.name);
    },
    put: (id, text) => write(keyOf(id), text),
    clear: async () => {
      storage = lasting;
      isKnown = false;
      tell(null);
      await trying((from) => from.clear());
    },
  };
}

function isPart(jobs: readonly string[], whole: readonly string[]): boolean {
  const all = new Set(whole);
  return jobs.every((id) => all.has(id));
}

function jobsOf(list: readonly Listed[]): Set<string> {
  return new Set(list.flatMap(({ jobs }) => jobs));
}

/** Oldest first; the newest is kept however large it is. */
function newest(
  list: readonly Listed[],
  most: number,
): { readonly kept: readonly Listed[]; readonly dropped: readonly Listed[] } {
  let from = 0;
  while (from < list.length - 1 && jobsOf(list.slice(from)).size > most) from++;
  return { kept: list.slice(from), dropped: list.slice(0, from) };
}

/** Of another version, or damaged: as if there were none. */
function listOf(text: string | undefined): Listed[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(list) ? list.filter(isListed) : [];
  } catch {
    return [];
  }
}

function isListed(value: unknown): value is Listed {
  if (typeof value !== 'object' || value === null) return false;
  const { name, jobs } = value as Readonly<Record<string, unknown>>;
  return (
    typeof name === 'string' && Array.isArray(jobs) && jobs.every((id) => typeof id === 'string')
  );
}
