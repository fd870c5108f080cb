/** How a domain is put to a language model in English, and its answer read back from free text. */
import type { Json } from '../schema/columns.ts';
import type { Mode, Token } from '../schema/records.ts';

/** An attempt as it was written. */
export interface WrittenAttempt {
  readonly text: string;
  /** What the environment said of it, in the domain's words. */
  readonly feedback: readonly Token[];
}

export interface WrittenHistory {
  readonly earlier: readonly WrittenAttempt[];
  readonly latest?: WrittenAttempt;
}

/** Readers are strict about what is meant and lenient about how it is written. */
export interface Wording<I extends Json = Json> {
  /** The message that asks for an attempt. */
  prompt(instance: I, history: WrittenHistory, mode: Mode): string;
  /** The attempt in the domain's words; null where the text holds none that is certain. Never throws. */
  read(instance: I, text: string): Token[] | null;
  /** An attempt as `prompt` asks for it; `read` gives it back. */
  write(instance: I, attempt: readonly Token[]): string;
  /**
   * A prompt that no other is longer than, but for numbers and for the text of the attempt before; that of
   * any training task where absent.
   */
  longest?(): string;
}
