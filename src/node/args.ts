/**
 * Command lines, derived from the parameter table: a flag is a parameter's id. Nothing is guessed: what
 * is unknown or out of range is refused with the field, the value and what was expected.
 */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { readConfig, SHORTHANDS } from '../schema/config.ts';
import {
  describeIssue,
  PARAM_IDS,
  type Config,
  type ParamId,
  type ParamIssue,
} from '../schema/params.ts';
import { flagExpectation, readFlag, type FlagTable, type FlagValues } from './flags.ts';
import { helpText } from './help.ts';

type OptionTable = NonNullable<ParseArgsConfig['options']>;

/** What a command takes. */
export interface CommandSyntax<T extends FlagTable> {
  /** Beside parameters. */
  readonly flags: T;
  /** Which parameters the command takes; all of them, and the presets too, where absent. */
  readonly params?: readonly ParamId[];
  /** What a word that is no flag stands for; such words are refused where absent. */
  readonly operand?: string;
}

/** How a command is called: its name and summary are the program's to say. */
export interface CommandCall {
  readonly command: string;
  readonly summary: string;
  /** What follows the command's name. */
  readonly argv: readonly string[];
}

export interface CommandLine<T extends FlagTable> extends CommandSyntax<T>, CommandCall {}

/** What was asked of a command. */
export interface CommandInput<T extends FlagTable> {
  readonly config: Config;
  /** The parameters that were given, presets spelled out. */
  readonly given: Partial<Config>;
  readonly flags: FlagValues<T>;
  readonly operands: readonly string[];
}

export type ParsedCommand<T extends FlagTable> =
  { readonly help: string } | ({ readonly help?: undefined } & CommandInput<T>);

/** A refused command line; the process should end with `exitCode`. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode = 2;
}

/** @throws CliError that names every refused flag. */
export function parseCli<const T extends FlagTable>(line: CommandLine<T>): ParsedCommand<T> {
  const { texts, operands, issues: strays } = readTokens(line);
  if (texts.has('help')) return { help: helpText(line) };
  const own = readOwnFlags(line.flags, texts);
  const params = [...texts].filter(([name]) => !Object.hasOwn(line.flags, name));
  const { config, given, issues } = readConfig(Object.fromEntries(params));
  const problems = [...strays, ...own.issues, ...issues.map(asFlag)];
  if (problems.length > 0) throw new CliError(problems.map(describeIssue).join('\n'));
  // `readFlag` has just checked every value against the table that this type derives from.
  return { config, given, flags: own.values as FlagValues<T>, operands };
}

interface Tokens {
  /** Flag → its text, empty where none was given. The last of a repeated flag counts. */
  readonly texts: Map<string, string>;
  readonly operands: string[];
  readonly issues: ParamIssue[];
}

function readTokens({ argv, flags, params, operand }: CommandLine<FlagTable>): Tokens {
  const options = optionTable(flags, params);
  const args = [...argv];
  const result: Tokens = { texts: new Map(), operands: [], issues: [] };
  // Not strict: its messages name neither value nor expectation.
  const { tokens } = parseArgs({ args, options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'option') {
      if (Object.hasOwn(options, token.name)) result.texts.set(token.name, token.value ?? '');
      else result.issues.push(unknownFlag(token.rawName, token.value));
    } else if (token.kind === 'positional') {
      if (operand === undefined) result.issues.push(strayWord(token.value));
      else result.operands.push(token.value);
    }
  }
  return result;
}

function optionTable(flags: FlagTable, params?: readonly ParamId[]): OptionTable {
  const shorthands = params === undefined ? Object.keys(SHORTHANDS) : [];
  const table: OptionTable = { help: { type: 'boolean', short: 'h' } };
  for (const name of [...(params ?? PARAM_IDS), ...shorthands]) table[name] = { type: 'string' };
  for (const [name, flag] of Object.entries(flags)) {
    table[name] = { type: flag.kind === 'boolean' ? 'boolean' : 'string' };
  }
  return table;
}

function readOwnFlags(
  flags: FlagTable,
  texts: ReadonlyMap<string, string>,
): { values: Record<string, unknown>; issues: ParamIssue[] } {
  const values: Record<string, unknown> = {};
  const issues: ParamIssue[] = [];
  for (const [name, flag] of Object.entries(flags)) {
    const text = texts.get(name);
    const read = readFlag(flag, text);
    if (read.ok) values[name] = read.value;
    else issues.push(asFlag({ field: name, value: quote(text), expected: flagExpectation(flag) }));
  }
  return { values, issues };
}

function asFlag(issue: ParamIssue): ParamIssue {
  return { ...issue, field: `--${issue.field}` };
}

function unknownFlag(rawName: string, value: string | undefined): ParamIssue {
  return { field: rawName, value: quote(value), expected: 'a flag that --help lists' };
}

function strayWord(value: string): ParamIssue {
  return { field: 'arguments', value: quote(value), expected: 'flags only, such as --seed 1' };
}

function quote(text: string | undefined): string {
  return text ? JSON.stringify(text) : 'nothing';
}
