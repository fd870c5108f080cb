/** The text behind `--help`, from the same tables that command lines are checked against. */
import { SHORTHANDS } from '../schema/config.ts';
import {
  PARAM_GROUPS,
  PARAM_IDS,
  PARAMS,
  type Param,
  type ParamGroup,
  type ParamId,
} from '../schema/params.ts';
import { flagExpectation, type Flag, type FlagTable } from './flags.ts';

export interface HelpSubject {
  readonly command: string;
  readonly summary: string;
  readonly flags: FlagTable;
  readonly params?: readonly ParamId[];
  readonly operand?: string;
}

export function helpText({ command, summary, flags, params, operand }: HelpSubject): string {
  const usage = `exit-lab ${command} ${operand ? `${operand} ` : ''}[flags]`;
  const taken: readonly ParamId[] = params ?? PARAM_IDS;
  const sections = [
    section('flags', [...Object.entries(flags).map(flagEntry), entry('help', '', 'This text.')]),
    section('presets (explicit flags override them)', params ? [] : presetEntries()),
    ...PARAM_GROUPS.map((group) => section(group, paramEntries(group, taken))),
  ];
  const note = '* may change while training runs, in the app';
  return [summary, '', `Usage: ${usage}`, ...sections.filter(Boolean), '', note, ''].join('\n');
}

function section(title: string, entries: readonly string[]): string {
  return entries.length === 0 ? '' : ['', `${title}:`, ...entries].join('\n');
}

function entry(name: string, values: string, help: string): string {
  return `  --${name}${values && ` ${values}`}\n      ${help}`;
}

function flagEntry([name, flag]: [string, Flag]): string {
  if (flag.kind === 'boolean') return entry(name, '', flag.help);
  const fallback = flag.default === undefined ? '' : `, default ${flag.default}`;
  const needed = 'required' in flag && flag.required ? ', required' : '';
  return entry(name, `<${flagExpectation(flag)}${fallback}${needed}>`, flag.help);
}

function presetEntries(): string[] {
  return Object.entries(SHORTHANDS).map(([name, table]) => {
    const presets = Object.entries(table).map(([id, { help }]) => `${id}: ${help}`);
    return entry(name, `<${Object.keys(table).join('|')}>`, presets.join('\n      '));
  });
}

function paramEntries(group: ParamGroup, taken: readonly ParamId[]): string[] {
  return taken
    .filter((id) => PARAMS[id].group === group)
    .map((id) => {
      const param: Param = PARAMS[id];
      const unit = param.unit ? ` ${param.unit}` : '';
      const values = `<${accepted(param)}${unit}, default ${param.default}>`;
      const symbol = param.symbol ? ` (${param.symbol})` : '';
      return entry(
        id,
        `${values}${param.live ? ' *' : ''}`,
        `${param.label}${symbol}. ${param.help}`,
      );
    });
}

function accepted(param: Param): string {
  switch (param.kind) {
    case 'number':
    case 'integer':
      return `${param.range[0]}…${param.range[1]}`;
    case 'boolean':
      return 'true|false';
    case 'choice':
      return Object.keys(param.options).join('|');
    default:
      return param satisfies never;
  }
}
