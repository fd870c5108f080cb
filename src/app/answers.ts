/** Questions about a run's past, answered by the worker: asked when they change, and again as it trains. */
import { useEffect, useState } from 'react';
import type { Commands, QueryName } from '../worker/protocol.ts';
import { useLab, useSession } from './hooks.ts';
import type { Lab } from './lab.ts';

export interface Answer<T> {
  /** The latest reply, which may be to the question before; null until the first. */
  readonly value: T | null;
  /** Whether the reply to this question is still to come. */
  readonly pending: boolean;
  /** Why there is none. */
  readonly problem: string | null;
}

export interface AnswerOptions {
  /** Asks again while training goes on, at most this often in ms; 0 asks once. */
  readonly every?: number;
}

interface Reply<K extends QueryName> {
  readonly key: string;
  readonly value: Commands[K]['reply'] | null;
  readonly problem: string | null;
}

/** @param request null asks nothing. */
export function useAnswer<K extends QueryName>(
  name: K,
  request: Commands[K]['request'] | null,
  { every = 0 }: AnswerOptions = {},
): Answer<Commands[K]['reply']> {
  const lab = useLab();
  const [reply, setReply] = useState<Reply<K> | null>(null);
  // Another run answers differently.
  const source = useSession((state) => state.source);
  const key = JSON.stringify([source, request]);
  useEffect(() => {
    if (request === null) return undefined;
    return askRepeatedly(lab, every, async (isCurrent) => {
      const next = await ask(lab, name, request, key);
      if (isCurrent()) setReply(next);
    });
    // `key` stands for the request.
  }, [lab, name, key, every]);
  const isAnswered = reply?.key === key;
  return {
    value: reply?.value ?? null,
    pending: request !== null && !isAnswered,
    problem: isAnswered ? reply.problem : null,
  };
}

async function ask<K extends QueryName>(
  lab: Lab,
  name: K,
  request: Commands[K]['request'],
  key: string,
): Promise<Reply<K>> {
  try {
    return { key, value: await lab.ask(name, request), problem: null };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { key, value: null, problem };
  }
}

/**
 * Once now, and again after training moved on: never two at a time, and not while the page is hidden.
 * @returns the way to stop.
 */
function askRepeatedly(
  { run }: Lab,
  every: number,
  askOnce: (isCurrent: () => boolean) => Promise<void>,
): () => void {
  let stopped = false;
  let askedAt: unknown;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const historyNow = (): unknown => run.getState().history;
  const poll = async (): Promise<void> => {
    timer = undefined;
    if (!document.hidden) {
      askedAt = historyNow();
      await askOnce(() => !stopped);
    }
    if (!stopped && every > 0) schedule();
  };
  const schedule = (): void => {
    timer = setTimeout(() => {
      if (historyNow() !== askedAt) void poll();
      else schedule();
    }, every);
  };
  void poll();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
