/** The commands that an archive answers by itself. */
import type { Handlers } from '../wire.ts';
import type { Archive } from './archive.ts';

type Answered =
  'stepRecord' | 'completions' | 'tasks' | 'lineage' | 'history' | 'attemptMap' | 'icicle';

/** @param archive the one of the run that is on. */
export function archiveHandlers(archive: () => Archive): Pick<Handlers, Answered> {
  return {
    stepRecord: ({ step }) => archive().record(step),
    completions: (query) => archive().search(query),
    tasks: ({ limit }) => archive().tasks(limit),
    lineage: ({ taskId }) => archive().lineage(taskId),
    history: ({ id }) => archive().history(id),
    attemptMap: ({ most }) => archive().attemptMap(most),
    icicle: (query) => archive().icicle(query),
  };
}
