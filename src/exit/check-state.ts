/** What the parts of a state say of one another: no field shows by itself that it comes from the future. */
import { entriesOf, type BufferEntry } from './buffer.ts';
import type { ExitState } from './state.ts';

/** @throws Error naming the field, its value and what was expected. */
export function checkState(state: ExitState): void {
  for (const [name, { seed, generator }] of Object.entries(state.streams)) {
    const field = `streams.${name}`;
    if (!isInt32(seed)) refuse(`${field}.seed`, seed, 'a 32-bit integer');
    if (!generator.every(isInt32)) refuse(`${field}.generator`, generator, '32-bit integers');
    // From there the generator never gets away.
    if (generator.every((word) => word === 0)) {
      refuse(`${field}.generator`, generator, 'a state that is not 0 throughout');
    }
  }
  const entries = entriesOf(state.buffer);
  checkIds(entries, state.buffer.nextId);
  for (const entry of entries) checkEntry(entry, state.step);
  checkDistinct(entries);
}

function isInt32(value: number): boolean {
  return (value | 0) === value;
}

/** They rise, from parent to child too, and stay below the next. */
function checkIds(entries: readonly BufferEntry[], nextId: number): void {
  let last = 0;
  for (const { id, parentId } of entries) {
    if (id <= last) refuse('buffer, id', id, `more than ${last}: ids rise`);
    if (id >= nextId) refuse(`buffer, history ${id}`, id, `an id below nextId (${nextId})`);
    if (parentId !== null && (parentId < 1 || parentId >= id)) {
      refuse(`buffer, history ${id}, parentId`, parentId, 'an id from 1, below its own');
    }
    last = id;
  }
}

/** A step that broke off has left its own number behind, one more than those done. */
function checkEntry(entry: BufferEntry, stepsDone: number): void {
  const { id, turn, depth, history, createdStep, scoredStep } = entry;
  const where = `buffer, history ${id}`;
  const newest = stepsDone + 1;
  if (createdStep > newest) refuse(`${where}, createdStep`, createdStep, `at most ${newest}`);
  if (scoredStep > newest || scoredStep < createdStep) {
    refuse(`${where}, scoredStep`, scoredStep, `${createdStep} to ${newest}`);
  }
  const turns = history.earlier.length;
  if (turn !== turns) refuse(`${where}, turn`, turn, `${turns}, its earlier turns`);
  if ((depth === 0) !== (history.latest === undefined)) {
    refuse(`${where}, depth`, depth, 'above 0 where there is a latest attempt, and only there');
  }
}

/** The buffer finds a history by what it is. */
function checkDistinct(entries: readonly BufferEntry[]): void {
  const known = new Map<string, number>();
  for (const { id, taskId, history } of entries) {
    const key = JSON.stringify([taskId, history.earlier, history.latest ?? null]);
    const other = known.get(key);
    if (other !== undefined) refuse('buffer', `history ${id}`, `another history than ${other} is`);
    known.set(key, id);
  }
}

function refuse(field: string, value: unknown, expected: string): never {
  throw new Error(`exitState.${field}: got ${JSON.stringify(value)}, expected ${expected}`);
}
