/** `exit-lab <command>`: finds the command and hands it the rest of the line. */
import { CliError } from '../node/args.ts';
import { exitCodeOf, type Command } from '../node/command.ts';
import { COMMANDS, type CommandEntry } from './commands.ts';

/** @param argv what follows the program's name. */
export async function main(argv: readonly string[]): Promise<void> {
  await exitCodeOf(async () => {
    const [command = '', ...rest] = argv;
    if (command === '--help' || command === '-h') return void process.stdout.write(programHelp());
    const entry = findCommand(command);
    const run = await load(entry);
    await run({ command, summary: entry.summary, argv: rest });
  });
}

function findCommand(name: string): CommandEntry {
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry) return entry;
  const got = name === '' ? 'nothing' : JSON.stringify(name);
  throw new CliError(
    `command: got ${got}, expected one of ${Object.keys(COMMANDS).join(', ')}, or --help`,
  );
}

async function load({ load, checkoutOnly }: CommandEntry): Promise<Command> {
  try {
    return await load();
  } catch (error) {
    if (!checkoutOnly || !isMissingModule(error)) throw error;
    throw new CliError(`this command works in a checkout of the repository only: ${error.message}`);
  }
}

function isMissingModule(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
}

function programHelp(): string {
  const entries = Object.entries(COMMANDS);
  const width = Math.max(...entries.map(([name]) => name.length));
  const lines = (checkoutOnly: boolean): string[] =>
    entries
      .filter(([, entry]) => (entry.checkoutOnly ?? false) === checkoutOnly)
      .map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    'Exploratory Iteration on small transformers, without a page.',
    '',
    'Usage: exit-lab <command> [flags]',
    '',
    'commands:',
    ...lines(false),
    '',
    'for work on the program, in a checkout:',
    ...lines(true),
    '',
    'exit-lab <command> --help lists the flags of a command. Exit codes: 0 done; 1 failed; 2 refused',
    'input; 130 ended by Ctrl-C, once for after the step in flight, twice for at once.',
    '',
  ].join('\n');
}
