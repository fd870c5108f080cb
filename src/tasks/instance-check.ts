/** Whether plain JSON is a base task. */
import { readMixed } from './mixture.ts';
import type { Json, Task } from './task.ts';

/** A grader may be asked for days. */
const MOST_KNOWN = 100_000;

/**
 * Whether a value is an instance of the task: written as a person would write it, it reads back as it was.
 * Each is looked at once, since many histories share one.
 */
export function instanceCheck(task: Task): (instance: Json) => boolean {
  const known = new Map<string, boolean>();
  return (instance) => {
    const text = JSON.stringify(instance);
    const before = known.get(text);
    if (before !== undefined) return before;
    const valid = comesBack(task, instance);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(text, valid);
    return valid;
  };
}

function comesBack(task: Task, instance: Json): boolean {
  if (task.parts) {
    const mixed = readMixed(instance);
    const part = task.parts.find(({ id }) => id === mixed?.domain);
    return mixed !== null && part !== undefined && comesBack(part, mixed.instance);
  }
  // Domains whose instances cannot be typed are held to their prompts alone.
  if (!task.parse || !task.format) return true;
  const text = written(task, instance);
  return text !== null && JSON.stringify(task.parse(text)) === JSON.stringify(instance);
}

/** Null of a value that has not even the shape of an instance. */
function written(task: Task, instance: Json): string | null {
  try {
    return task.format?.(instance) ?? null;
  } catch {
    return null;
  }
}
