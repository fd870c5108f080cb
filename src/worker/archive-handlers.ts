/** The commands that an archive answers by itself. */
import type { Handlers } from './wire.ts';
import type { Archive } from '../runs/index/archive.ts';
import type { Describe } from '../runs/index/lineage.ts';

type Answered =
  'stepRecord' | 'completions' | 'tasks' | 'lineage' | 'history' | 'attemptMap' | 'icicle';

/**
 * @param archive the one of the run that is on.
 * @param describe gives what tells an instance as a person would type it.
 */
export function archiveHandlers(
  archive: () => Archive,
  describe: () => Describe | Promise<Describe>,
): Pick<Handlers, Answered> {
  return {
    stepRecord: ({ step }) => archive().record(step),
    completions: (query) => archive().search(query),
    tasks: async ({ limit }) => {
      const inWords = await describe();
      return archive().tasks(limit, inWords);
    },
    lineage: ({ taskId }) => archive().lineage(taskId),
    history: ({ id }) => archive().history(id),
    attemptMap: ({ most }) => archive().attemptMap(most),
    icicle: (query) => archive().icicle(query),
  };
}
