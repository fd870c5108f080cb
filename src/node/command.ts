/** Commands of the program, and how what they throw becomes a message and an exit code. */
import { MemoryLimitError } from '../training/memory-limit.ts';
import { RunFormatError } from '../runs/checks.ts';
import {
  CliError,
  parseCli,
  type CommandCall,
  type CommandInput,
  type CommandSyntax,
} from './args.ts';
import type { FlagTable } from './flags.ts';
import { Interrupted } from './interruption.ts';

export type Command = (call: CommandCall) => Promise<void>;

interface CommandDefinition<T extends FlagTable> extends CommandSyntax<T> {
  /** @throws CliError for what the person who asked can put right. */
  readonly run: (input: CommandInput<T>) => Promise<void>;
}

/** A command that reads its line, or shows what it takes where `--help` is asked for. */
export function defineCommand<const T extends FlagTable>(
  definition: CommandDefinition<T>,
): Command {
  const { run, ...syntax } = definition;
  return async (call) => {
    const parsed = parseCli({ ...syntax, ...call });
    if (parsed.help === undefined) await run(parsed);
    else process.stdout.write(parsed.help);
  };
}

/**
 * Runs `body` and turns what it throws into a message on standard error and an exit code: 2 for bad
 * input, that of the signal for an interruption, 1 and a stack for what nobody expected.
 */
export async function exitCodeOf(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    const [code, text] = describe(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = code;
  }
}

function describe(error: unknown): [code: number, text: string] {
  if (error instanceof CliError || error instanceof Interrupted) {
    return [error.exitCode, error.message];
  }
  if (error instanceof RunFormatError || error instanceof MemoryLimitError)
    return [new CliError(error.message).exitCode, error.message];
  return [1, error instanceof Error ? (error.stack ?? error.message) : String(error)];
}
