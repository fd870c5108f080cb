/** Commands of the program, and how what they throw becomes a message and an exit code. */
import { RefusedError } from '../base/refused.ts';
import { RunFormatError } from '../runs/checks.ts';
import {
  CliError,
  parseCli,
  type CommandCall,
  type CommandInput,
  type CommandSyntax,
} from './args.ts';
import type { FlagTable } from './flags.ts';
import { provideGraphics } from './graphics.ts';
import { Interrupted } from './interruption.ts';
import { CLOSED_PIPE_CODE, onClosedPipe } from './pipes.ts';

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
    if (parsed.help !== undefined) {
      process.stdout.write(parsed.help);
      return;
    }
    if (parsed.config.backend.endsWith('webgpu')) await provideGraphics();
    await run(parsed);
  };
}

/**
 * Runs `body` and turns what it throws into a message on standard error and an exit code: 2 for bad
 * input and files that cannot be read or written, that of the signal for an interruption, 1 and a stack
 * for what nobody expected.
 */
export async function exitCodeOf(body: () => Promise<void>): Promise<void> {
  watchPipes();
  try {
    await body();
  } catch (error) {
    const [code, text] = describe(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = code;
  }
}

let watching = false;

function watchPipes(): void {
  if (watching) return;
  watching = true;
  onClosedPipe(() => void (process.exitCode ??= CLOSED_PIPE_CODE));
}

/** A file that is not there, may not be read or has no room: its message says which, and what of it. */
function isOfTheSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

function describe(error: unknown): [code: number, text: string] {
  if (error instanceof CliError || error instanceof Interrupted) {
    return [error.exitCode, error.message];
  }
  if (error instanceof RunFormatError || error instanceof RefusedError || isOfTheSystem(error)) {
    return [new CliError(error.message).exitCode, error.message];
  }
  return [1, error instanceof Error ? (error.stack ?? error.message) : String(error)];
}
