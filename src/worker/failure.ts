/** How an error that stopped training is told to the page. */
import { memoryProblem } from '../training/memory-limit.ts';
import type { Events } from './protocol.ts';

export function failureOf(error: unknown): Events['failure'] {
  const problem = memoryProblem(error);
  if (problem !== null) return { message: problem, kind: 'memory' };
  const message = error instanceof Error ? error.message : String(error);
  // A call in flight may hear of it before the device itself says that it was lost.
  return /graphics device/.test(message) ? { message, kind: 'graphics' } : { message };
}
