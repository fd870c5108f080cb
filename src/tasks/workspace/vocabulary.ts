/** The words of the workspace: names of things, commands, marks, and the English of the requests. */
import { MODES, type Token } from '../task.ts';

/** The top of the tree. */
export const ROOT = 'root';

export const DIRECTORIES: readonly Token[] = [
  ...['docs', 'src', 'temp', 'old', 'work', 'archive', 'home', 'music'],
];

export const FILES: readonly Token[] = [
  ...['notes', 'plan', 'todo', 'log', 'letter', 'recipe', 'memo', 'poem', 'budget', 'song'],
];

/** What a file can say: one word, or nothing. */
export const TEXTS: readonly Token[] = ['apple', 'tiger', 'river', 'piano', 'lemon', 'cloud'];

/** Stands where there is nothing to read. */
export const BLANK = '·';

/** The current directory, where the listing shows what lies in it. */
export const HERE = '.';

/** Of a call: it brought the workspace or the answer nearer to what was asked. */
export const RIGHT = '✓';
/** Of a call: it ran, and did or printed something that was not asked for. */
export const WRONG = '✗';
/** Of a call: it ran, changed nothing and answered nothing. */
export const IDLE = 'idle';

/** Of a word in a call that failed: no such thing anywhere, there already, or not of the kind needed. */
export const ERRORS = ['absent', 'exists', 'misfit'] as const;
export type CallError = (typeof ERRORS)[number];

export const MARKS: readonly Token[] = [RIGHT, WRONG, IDLE, ...ERRORS];

/** What an argument names. */
export type Kind = 'file' | 'directory' | 'text';

/** The kinds that each argument of a command may be of. */
export const COMMANDS = {
  cd: [['directory']],
  mkdir: [['directory']],
  touch: [['file']],
  mv: [['file'], ['directory', 'file']],
  cp: [['file'], ['directory', 'file']],
  rm: [['file']],
  write: [['file'], ['text']],
  cat: [['file']],
  grep: [['text'], ['directory']],
  find: [['file']],
  ls: [['directory']],
  count: [['directory']],
  missing: [['file', 'directory']],
} as const satisfies Readonly<Record<string, readonly (readonly Kind[])[]>>;

export type Command = keyof typeof COMMANDS;

export function isCommand(word: Token | undefined): word is Command {
  return word !== undefined && Object.hasOwn(COMMANDS, word);
}

const KINDS: ReadonlyMap<Token, Kind> = new Map([
  ...[ROOT, ...DIRECTORIES].map((word): [Token, Kind] => [word, 'directory']),
  ...FILES.map((word): [Token, Kind] => [word, 'file']),
  ...TEXTS.map((word): [Token, Kind] => [word, 'text']),
]);

/** What a name names; undefined for any other word. */
export function kindOf(word: Token | undefined): Kind | undefined {
  return word === undefined ? undefined : KINDS.get(word);
}

/** Refers to the last file that the turn before names. */
export const IT = 'it';
/** Refers to the last directory that the turn before names. */
export const THERE = 'there';

/** Words of requests that name nothing. */
const ENGLISH: readonly Token[] = [
  ...['make', 'and', 'put', THERE, 'into', 'a', 'new', 'directory', 'in', 'move', 'to', 'from'],
  ...['belongs', 'copy', 'of', 'rename', 'call', 'delete', 'get', 'rid', 'fill', 'with', 'should'],
  ...['say', 'show', 'what', 'does', 'which', 'files', 'search', 'for', 'where', 'is', 'locate'],
  ...['how', 'many', 'are', 'list', 'create', IT, 'the', 'same', 'too'],
];

const SCORE_BUCKETS = 8;

/** `s0` … `s7`; the last one is a quality of 1 and nothing else. */
export function scoreToken(quality: number): Token {
  return `s${Math.floor(quality * (SCORE_BUCKETS - 1))}`;
}

export const SCORES: readonly Token[] = Array.from({ length: SCORE_BUCKETS }, (_, i) => `s${i}`);

/** A directory never holds more files than there are names. */
const NUMBERS: readonly Token[] = Array.from({ length: FILES.length + 1 }, (_, i) => `${i}`);

export const WORKSPACE_VOCABULARY: readonly Token[] = [
  ...Object.keys(COMMANDS),
  ROOT,
  ...DIRECTORIES,
  ...FILES,
  ...TEXTS,
  ...MARKS,
  BLANK,
  HERE,
  ...NUMBERS,
  ...ENGLISH,
  ...SCORES,
  ...MODES,
];

const KNOWN: ReadonlySet<Token> = new Set([...KINDS.keys(), ...ENGLISH]);

/** Whether the word may occur in a request. */
export function isRequestWord(word: Token): boolean {
  return KNOWN.has(word);
}

/** Exactly `count` words: cut, or padded with blanks. */
export function padOrCut(tokens: readonly Token[], count: number): Token[] {
  return Array.from({ length: count }, (_, i) => tokens[i] ?? BLANK);
}
