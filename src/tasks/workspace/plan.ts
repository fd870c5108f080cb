/** Calls that meet a request, as somebody would write them who reads the listing with care. */
import type { Token } from '../task.ts';
import { call, MAX_CALLS, type Call } from './calls.ts';
import { lacking, locate } from './goal.ts';
import type { Request } from './language.ts';
import { hasDirectory, type Tree } from './tree.ts';

/** One to four calls. */
export function plan(tree: Tree, request: Request): readonly Call[] {
  const absent = lacking(tree, request);
  return absent === undefined ? steps(tree, request) : [call('missing', absent)];
}

/** Another way to the same end, where there is one: a copy and a removal for a move, and so on. */
export function otherPlan(tree: Tree, request: Request): readonly Call[] {
  const calls = plan(tree, request);
  const { command, args } = calls.at(-1)!;
  const before = calls.slice(0, -1);
  const stays = args[1] === args[0] || args[1] === endOf(tree, before);
  if (command === 'mv' && !stays && before.length + 2 <= MAX_CALLS) {
    return [...before, call('cp', ...args), call('rm', args[0]!)];
  }
  if (command === 'write' && before.length + 3 <= MAX_CALLS) {
    return [...before, call('rm', args[0]!), call('touch', args[0]!), call(command, ...args)];
  }
  return calls;
}

function steps(tree: Tree, { intent, file, dir, text, name, hint, ...made }: Request): Call[] {
  const place = (): Token => locate(tree, file!, hint)!;
  const at = (where: Token, ...calls: Call[]): Call[] => [...go(tree.cwd, where), ...calls];
  switch (intent) {
    case 'make': {
      const parent = made.parent ?? tree.cwd;
      const exists = hasDirectory(tree, made.new!);
      const making = exists ? [] : [...go(tree.cwd, parent), call('mkdir', made.new!)];
      const here = exists ? tree.cwd : parent;
      return [...making, ...go(here, place()), call('mv', file!, made.new!)];
    }
    case 'move':
      return at(place(), call('mv', file!, dir!));
    case 'copy':
      return at(place(), call('cp', file!, dir!));
    case 'rename':
      return at(place(), call('mv', file!, name!));
    case 'delete':
      return at(place(), call('rm', file!));
    case 'fill':
      return at(place(), call('write', file!, text!));
    case 'read':
      return at(place(), call('cat', file!));
    case 'create':
      return at(dir!, call('touch', file!));
    case 'search':
      return [call('grep', text!, dir!)];
    case 'find':
      return [call('find', file!)];
    case 'count':
      return [call('count', dir!)];
    case 'list':
      return [call('ls', dir!)];
    default:
      return intent satisfies never;
  }
}

function go(from: Token, to: Token): Call[] {
  return from === to ? [] : [call('cd', to)];
}

/** The workspace's current directory after these calls. */
export function endOf({ cwd }: Tree, calls: readonly Call[]): Token {
  return calls.findLast(({ command }) => command === 'cd')?.args[0] ?? cwd;
}
