/** The commands that ask the session that is on, and leave its run as it is. */
import { createRng } from '../base/rng.ts';
import { createBufferViewer } from '../runs/index/buffer-view.ts';
import { describeInstance, domainOf, readInstance, writeExample } from '../training/playground.ts';
import type { Session } from '../training/session.ts';
import type { Archive } from '../runs/index/archive.ts';
import type { Describe } from '../runs/index/lineage.ts';
import type { Handlers } from './wire.ts';

type Answered = 'example' | 'read' | 'readTable' | 'attempt' | 'tokenStats' | 'buffer';

export interface SessionAccess {
  /** @throws Error while there is none. */
  readonly session: () => Session;
  readonly archive: () => Archive;
  /** Runs the body between two steps. */
  readonly exclusive: <T>(body: () => T | Promise<T>) => Promise<T>;
}

export function sessionHandlers({
  session,
  archive,
  exclusive,
}: SessionAccess): Pick<Handlers, Answered> {
  let viewed: Session | undefined;
  let viewBuffer = createBufferViewer();
  let examples = 0;
  return {
    example: ({ domain }) => {
      const { task, config } = session();
      const rng = createRng(config.seed).fork(`example ${examples++}`);
      return { text: writeExample(domainOf(task, domain), rng) };
    },
    read: ({ domain: id, text }) => {
      const domain = domainOf(session().task, id);
      const instance = readInstance(domain, text);
      return { instance, turns: domain.turns(instance) };
    },
    readTable: ({ domain, text, correction }) =>
      domainOf(session().task, domain).readTable?.(text, correction) ?? null,
    attempt: async (request) => {
      const grade = await exclusive(() => session().attempt(request));
      return grade();
    },
    tokenStats: async ({ step, group }) => {
      const record = archive().record(step)?.groups[group];
      return record ? exclusive(() => session().tokenStats(record)) : null;
    },
    buffer: (query) => {
      const now = session();
      // Histories of another session may have the same ids.
      if (now !== viewed) [viewed, viewBuffer] = [now, createBufferViewer()];
      return viewBuffer(now.buffer(), query);
    },
  };
}

/** What tells an instance of the session's domains as a person would type it. */
export function describer(session: () => Session): Describe {
  return (instance) => describeInstance(session().task, instance);
}
