/** An attempt is up to four calls, each in a slot of three words: a command and its arguments, padded. */
import type { Token } from '../task.ts';
import { BLANK, COMMANDS, isCommand, kindOf, type Command } from './vocabulary.ts';

export const MAX_CALLS = 4;
/** Words of a call's slot. */
export const SLOT = 3;
/** Words of the longest attempt. */
export const ATTEMPT_WORDS = MAX_CALLS * SLOT;

export interface Call {
  readonly command: Command;
  readonly args: readonly Token[];
}

export function call(command: Command, ...args: Token[]): Call {
  return { command, args };
}

export function callWords({ command, args }: Call): Token[] {
  return [command, ...args, ...Array<Token>(SLOT - 1 - args.length).fill(BLANK)];
}

export function attemptWords(calls: readonly Call[]): Token[] {
  return calls.flatMap(callWords);
}

/** The call that a slot spells; undefined if the arguments are not as many names as the command takes. */
export function readCall(slot: readonly Token[]): Call | undefined {
  const [command, ...rest] = slot;
  if (slot.length !== SLOT || !isCommand(command)) return undefined;
  const count = COMMANDS[command].length;
  const named = rest.slice(0, count).every((word) => kindOf(word) !== undefined);
  const blank = rest.slice(count).every((word) => word === BLANK);
  return named && blank ? { command, args: rest.slice(0, count) } : undefined;
}

/** The slots of an attempt, read one by one. */
export function readSlots(tokens: readonly Token[]): (Call | undefined)[] {
  const slots = Math.min(MAX_CALLS, Math.ceil(tokens.length / SLOT));
  return Array.from({ length: slots }, (_, i) => readCall(tokens.slice(i * SLOT, (i + 1) * SLOT)));
}

/** All calls of a well-formed attempt, one to four of them; undefined for a malformed one. */
export function readAttempt(tokens: readonly Token[]): readonly Call[] | undefined {
  if (tokens.length === 0 || tokens.length > ATTEMPT_WORDS) return undefined;
  const calls = readSlots(tokens).filter((read) => read !== undefined);
  return calls.length * SLOT === tokens.length ? calls : undefined;
}

/** The words of an attempt in the prompt's fixed places; blank where a word cannot be in an attempt. */
export function paddedAttempt(tokens: readonly Token[]): Token[] {
  return Array.from({ length: ATTEMPT_WORDS }, (_, i) => {
    const word = tokens[i];
    return isCommand(word) || kindOf(word) !== undefined ? word! : BLANK;
  });
}
