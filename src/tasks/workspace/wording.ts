/** The workspace in English: a shell, one command on each line. */
import type { Mode, Token } from '../task.ts';
import type { Wording, WrittenAttempt, WrittenHistory } from '../wording.ts';
import { attemptWords, MAX_CALLS, readAttempt, SLOT, type Call } from './calls.ts';
import type { Conversation } from './instance.ts';
import { replay } from './replay.ts';
import { callsIn, lineOf } from './shell.ts';
import { shownOf, type Tree } from './tree.ts';
import { BLANK, ERRORS, kindOf, RIGHT, WRONG, type CallError } from './vocabulary.ts';

export const WORKSPACE_WORDING: Wording<Conversation> = {
  prompt: ({ tree, turns }, history, mode) => {
    const { earlier, latest } = history;
    const now = earlier.length;
    const said = { before: turns[now - 1], request: turns[now] ?? '' };
    return asked(shownOf(left(tree, history)), said, latest, mode);
  },
  read: (_instance, text) => {
    const calls = callsIn(text);
    return calls ? attemptWords(calls) : null;
  },
  write: (_instance, attempt) => readAttempt(attempt)?.map(lineOf).join('\n') ?? attempt.join(' '),
  longest: () =>
    asked(LONGEST_TREE, { before: LONGEST, request: LONGEST }, LONGEST_LATEST, 'diverge'),
};

/** The workspace as earlier turns left it; what could not be read did nothing. */
function left(tree: Tree, { earlier }: WrittenHistory): Tree {
  const attempts = earlier.map(({ text, feedback }) => {
    return { tokens: attemptWords(callsIn(text) ?? []), feedback, quality: 0 };
  });
  return replay(tree, attempts);
}

interface Said {
  readonly before: string | undefined;
  readonly request: string;
}

function asked(
  { cwd, dirs, files }: Tree,
  { before, request }: Said,
  latest: WrittenAttempt | undefined,
  mode: Mode,
): string {
  return [
    'You work in a shell. The top directory is called root.',
    `You are in ${cwd}.`,
    `Directories: ${listed(dirs.map(({ name, parent }) => `${name} (in ${parent})`))}.`,
    `Files: ${listed(files.map(({ name, dir }) => `${name} (in ${dir})`))}.`,
    '',
    'Commands:',
    ...COMMANDS_IN_WORDS,
    'Files are those of the directory you are in. Directories are named without a path.',
    '',
    ...(before === undefined ? [] : [`The request before: ${before}`]),
    `The request: ${request}`,
    ...(latest ? ['', ...previous(latest)] : []),
    '',
    ASKED[mode],
    `Answer with commands only, one on each line, at most ${MAX_CALLS}.`,
  ].join('\n');
}

const COMMANDS_IN_WORDS: readonly string[] = [
  'cd DIRECTORY: go there',
  'mkdir DIRECTORY: make one where you are',
  'touch FILE: make an empty one',
  'mv FILE DIRECTORY: move it there',
  'mv FILE NAME: rename it',
  'cp FILE DIRECTORY: copy it there',
  'rm FILE: delete it',
  'echo WORD > FILE: let a file that is there say one word',
  'cat FILE: print what it says',
  'grep WORD DIRECTORY: print the files there that say a word',
  'find FILE: print the directories that have it',
  'ls DIRECTORY: print what is in it',
  'count DIRECTORY: print how many files are in it',
  'missing NAME: say that a file or directory that is needed is not there, and do nothing else',
];

const ASKED: Readonly<Record<Mode, string>> = {
  solve: 'Do what is asked.',
  improve: 'Do better than the previous attempt. All is again as listed above.',
  diverge: 'Do it in another way than the previous attempt. All is again as listed above.',
};

function listed(things: readonly string[]): string {
  return things.length > 0 ? things.join(', ') : 'none';
}

function previous({ text, feedback }: WrittenAttempt): string[] {
  const calls = callsIn(text);
  const said = calls
    ? calls.map((one, i) => `Command ${i + 1} ${outcome(one, feedback.slice(i * SLOT))}.`)
    : ['It could not be read as commands.'];
  const printed = feedback.slice(MAX_CALLS * SLOT, -1).filter((word) => word !== BLANK);
  return [
    'Your previous attempt:',
    text.trim(),
    ...said,
    ...(printed.length > 0 ? [`It printed: ${printed.join(' ')}`] : []),
  ];
}

const PROBLEMS: Readonly<Record<CallError, string>> = {
  absent: 'is not there',
  exists: 'is there already',
  misfit: 'is not what this command takes',
};

/** @param marks one for each word of the call, and whatever follows. */
function outcome({ args }: Call, marks: readonly Token[]): string {
  const at = args.findIndex((_, i) => isProblem(marks[i + 1]));
  if (at >= 0) return `failed: ${args[at]} ${problem(marks[at + 1]!)}`;
  if (marks[0] === RIGHT) return 'was right';
  return marks[0] === WRONG ? 'was wrong' : 'changed nothing and answered nothing';
}

function isProblem(mark: Token | undefined): boolean {
  return ERRORS.some((error) => error === mark) || kindOf(mark) === 'directory';
}

/** Of a file that lies elsewhere the mark says where. */
function problem(mark: Token): string {
  const error = ERRORS.find((one) => one === mark);
  return error ? PROBLEMS[error] : `is not here but in ${mark}`;
}

/** As long as any of their kind. */
const LONGEST = 'in archive make archive and put letter there';
const LONGEST_CALL = 'cat letter';
const LONGEST_TREE: Tree = shownOf({
  cwd: 'archive',
  dirs: Array.from({ length: 9 }, () => ({ name: 'archive', parent: 'archive' })),
  files: Array.from({ length: 9 }, () => ({ name: 'letter', dir: 'archive', text: '' })),
});
const LONGEST_LATEST: WrittenAttempt = {
  text: Array<string>(MAX_CALLS).fill(LONGEST_CALL).join('\n'),
  feedback: [
    ...Array.from({ length: MAX_CALLS }, () => [WRONG, 'misfit', WRONG]).flat(),
    ...['letter', 'letter', 'letter', 's0'],
  ],
};
