/**
 * Demonstrations for the warm start: the calls that a careless colleague would write. They teach the
 * format, to read the listing and the request, to keep what went well and to write again what did not;
 * the care is left to be learned by reinforcement.
 */
import type { Rng } from '../../base/rng.ts';
import type { Attempt, Mode, Token } from '../task.ts';
import { attemptWords, readSlots, SLOT, type Call } from './calls.ts';
import { directoriesIn } from './goal.ts';
import type { Request } from './language.ts';
import { otherPlan, plan } from './plan.ts';
import type { Tree } from './tree.ts';
import { FILES, kindOf, RIGHT, TEXTS, type CallError, type Command } from './vocabulary.ts';

export interface DemonstrationOptions {
  /** Chance per `cd` that it is forgotten: the commonest slip, and one that the error message tells. */
  readonly forgetShare: number;
  /** Chance per argument that it is another name of its kind. */
  readonly wrongNameShare: number;
  /** Chance per call that it is another command with the same arguments. */
  readonly wrongCommandShare: number;
  /** Chance per call of the attempt before, marked right, that an improvement keeps it. */
  readonly keepShare: number;
  /** Chance per call of the attempt before, marked otherwise, that an improvement writes it again. */
  readonly rewriteShare: number;
  /** Chance per call that the feedback suggests that an improvement makes it without a slip. */
  readonly heedShare: number;
  /** Chance that a divergence goes another way to the same end rather than making its own slips. */
  readonly otherWayShare: number;
}

/** About a third of first attempts are right, and hardly more than that of the rewritten calls. */
export const DEMONSTRATION: DemonstrationOptions = {
  forgetShare: 0.35,
  wrongNameShare: 0.22,
  wrongCommandShare: 0.2,
  keepShare: 0.95,
  rewriteShare: 0.85,
  heedShare: 0.6,
  otherWayShare: 0.5,
};

export interface DemonstrationRequest {
  /** The workspace as the turn finds it. */
  readonly tree: Tree;
  readonly request: Request;
  readonly options: DemonstrationOptions;
  readonly latest: Attempt | undefined;
  readonly mode: Mode;
  readonly rng: Rng;
}

export function demonstrateCalls(demonstration: DemonstrationRequest): Token[] {
  const { latest, mode, tree, request, rng, options } = demonstration;
  const usual = plan(tree, request);
  if (latest === undefined || mode === 'solve') {
    return attemptWords(careless(demonstration, usual));
  }
  if (mode === 'improve' && latest.quality === 1) return solved(demonstration, latest);
  const way = rng.chance(options.otherWayShare) ? otherPlan(tree, request) : usual;
  return differing(latest.tokens, () =>
    attemptWords(
      mode === 'improve' ? improved(demonstration, latest) : careless(demonstration, way),
    ),
  );
}

/** What is right already is repeated, most of the time. */
function solved(demonstration: DemonstrationRequest, { tokens }: Attempt): Token[] {
  const { tree, request, rng, options } = demonstration;
  if (rng.chance(options.keepShare)) return [...tokens];
  return attemptWords(careless(demonstration, plan(tree, request)));
}

/** Keeps calls that are marked right in their places, and writes the others again. */
function improved(demonstration: DemonstrationRequest, latest: Attempt): Call[] {
  const { tree, request, rng, options } = demonstration;
  const before = readSlots(latest.tokens);
  const again = careless(demonstration, plan(tree, request), latest);
  const calls: Call[] = [];
  for (let i = 0; i < Math.max(before.length, again.length); i++) {
    const old = before[i];
    const right = latest.feedback[i * SLOT] === RIGHT;
    const keep = old && rng.chance(right ? options.keepShare : 1 - options.rewriteShare);
    const next = keep ? old : again[i];
    if (next) calls.push(next);
  }
  return calls.length > 0 ? calls : again;
}

const ABSENT: CallError = 'absent';
const TRIES = 8;

/** Draws until something differs from the attempt before; the last draw where nothing did. */
function differing(before: readonly Token[], draw: () => Token[]): Token[] {
  let drawn = draw();
  for (let i = 1; i < TRIES && drawn.join(' ') === before.join(' '); i++) drawn = draw();
  return drawn;
}

/** The calls with slips in them, fewer where the feedback of an attempt suggests the call. */
function careless(
  { tree, options, rng }: DemonstrationRequest,
  calls: readonly Call[],
  latest?: Attempt,
): Call[] {
  return calls.flatMap((intended) => {
    if (latest && suggests(latest, intended) && rng.chance(options.heedShare)) return [intended];
    const { command, args } = intended;
    if (command === 'cd' && rng.chance(options.forgetShare)) return [];
    const written = rng.chance(options.wrongCommandShare) ? rng.pick(LIKE[command]) : command;
    const named = args.map((name) =>
      rng.chance(options.wrongNameShare) ? wrongName(tree, name, rng) : name,
    );
    return [{ command: written, args: named }];
  });
}

/** A file is said to be in the directory to change to, or the missing thing to be absent. */
function suggests({ tokens, feedback }: Attempt, { command, args: [name] }: Call): boolean {
  if (command === 'cd') return feedback.includes(name!);
  const absent = tokens.some((word, at) => word === name && feedback[at] === ABSENT);
  return command === 'missing' && absent;
}

/** Another name of the same kind, one that the listing shows if there is one. */
function wrongName(tree: Tree, name: Token, rng: Rng): Token {
  const others = namesLike(tree, name).filter((other) => other !== name);
  return rng.pick(others.length > 0 ? others : FILES.filter((other) => other !== name));
}

function namesLike(tree: Tree, name: Token): readonly Token[] {
  switch (kindOf(name)) {
    case 'directory':
      return directoriesIn(tree);
    case 'text':
      return TEXTS;
    case 'file':
    case undefined:
      return tree.files.map((file) => file.name);
  }
}

/** What a command is taken for: as many arguments, and easily confused. */
const LIKE: Readonly<Record<Command, readonly Command[]>> = {
  cd: ['mkdir', 'ls'],
  mkdir: ['cd', 'ls'],
  touch: ['rm', 'cat', 'find'],
  mv: ['cp'],
  cp: ['mv'],
  rm: ['touch', 'cat', 'missing'],
  write: ['mv', 'cp'],
  cat: ['rm', 'find', 'missing'],
  grep: ['write'],
  find: ['cat', 'touch', 'missing'],
  ls: ['cd', 'count'],
  count: ['ls', 'cd'],
  missing: ['find', 'cat', 'ls'],
};
