/** All domains. A new one is a folder beside `locks/`, a line here, and an option of `PARAMS.task`. */
import { createLocks } from './locks/locks.ts';
import type { Task } from './task.ts';

export const TASKS = [
  createLocks({ id: 'locks', label: 'Locks, small (4 dials × 3)', dials: 4, values: 3 }),
  createLocks({ id: 'locks-large', label: 'Locks, large (5 dials × 4)', dials: 5, values: 4 }),
] as const;

/** @throws RangeError that names the tasks there are. */
export function taskById(id: string): Task {
  const task: Task | undefined = TASKS.find((candidate) => candidate.id === id);
  if (task) return task;
  throw new RangeError(
    `task: got "${id}", expected one of ${TASKS.map((known) => known.id).join(', ')}`,
  );
}
