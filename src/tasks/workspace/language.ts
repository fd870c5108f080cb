/**
 * The English of the requests: a few phrasings per intent, and what each asks for. `it` is the last file
 * that the turn before names and `there` its last directory, so two sentences say all there is to know.
 */
import type { Token } from '../task.ts';
import { IT, isRequestWord, kindOf, ROOT, THERE, type Kind } from './vocabulary.ts';

/** In braces a name; `{there}` is the word `there` where it refers to the turn before. */
export const PHRASINGS = {
  make: [
    'make {new} and put {file} there',
    'put {file} into a new directory {new}',
    'in {parent} make {new} and put {file} there',
  ],
  move: [
    'move {file} to {dir}',
    'move {file} from {hint} to {dir}',
    '{file} belongs in {dir}',
    'move {file} {there}',
  ],
  copy: [
    'copy {file} to {dir}',
    'put a copy of {file} into {dir}',
    'copy {file} {there}',
    'put a copy of {file} {there}',
  ],
  rename: ['rename {file} to {name}', 'rename {file} in {hint} to {name}', 'call {file} {name}'],
  delete: ['delete {file}', 'get rid of {file}', 'delete {file} in {hint}'],
  fill: [
    'fill {file} with {text}',
    '{file} should say {text}',
    'fill {file} in {hint} with {text}',
  ],
  read: ['show {file}', 'what does {file} say', 'show {file} in {hint}'],
  search: [
    'which files in {dir} say {text}',
    'search {dir} for {text}',
    'which files {there} say {text}',
  ],
  find: ['where is {file}', 'locate {file}'],
  count: ['how many files are in {dir}', 'how many files are {there}'],
  list: ['what is in {dir}', 'list {dir}', 'what is {there}'],
  create: ['create {file} in {dir}', 'create {file} {there}'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Intent = keyof typeof PHRASINGS;

export const INTENTS = Object.keys(PHRASINGS) as Intent[];

/** What the turn before asked for, of another file or directory. */
export const SAME_PHRASINGS = ['the same for {thing}', '{thing} too'] as const;

/** Words of the longest sentence. */
export const SENTENCE_WORDS = 8;

/** What a turn asks for, references resolved. */
export interface Request {
  readonly intent: Intent;
  readonly file?: Token;
  /** Where to, or which directory is asked about. */
  readonly dir?: Token;
  /** A directory to be made. */
  readonly new?: Token;
  /** The directory to make it in; the current one where absent. */
  readonly parent?: Token;
  /** Where the user believes the file to be. */
  readonly hint?: Token;
  /** A file's new name. */
  readonly name?: Token;
  readonly text?: Token;
}

type Slot = Exclude<keyof Request, 'intent'> | 'there' | 'thing';
type Bindings = Partial<Record<Slot, Token>>;

interface Template {
  readonly intent: Intent | 'same';
  /** A word, or a slot. */
  readonly parts: readonly (Token | { readonly slot: Slot })[];
}

const TEMPLATES: readonly Template[] = [
  ...INTENTS.flatMap((intent) => PHRASINGS[intent].map((text) => template(intent, text))),
  ...SAME_PHRASINGS.map((text) => template('same', text)),
];

function template(intent: Template['intent'], text: string): Template {
  const parts = text
    .split(' ')
    .map((part) => (part.startsWith('{') ? { slot: part.slice(1, -1) as Slot } : part));
  return { intent, parts };
}

/** Writes a phrasing with its slots filled in. */
export function say(phrasing: string, names: Readonly<Bindings>): string {
  return phrasing.replace(/\{(\w+)\}/g, (_, slot: Slot) =>
    slot === 'there' ? THERE : names[slot]!,
  );
}

/** The last word of the sentence that names such a thing. */
export function lastNamed(sentence: string, kind: Kind): Token | undefined {
  return sentence.split(' ').findLast((word) => kindOf(word) === kind);
}

/**
 * What turn `turn` asks for.
 * @throws RangeError that names the turn, and the word, sentence or reference that means nothing.
 */
export function understand(turns: readonly string[], turn: number): Request {
  const sentence = turns[turn]!;
  const before = turns[turn - 1];
  const expected = (what: string): never => {
    throw new RangeError(`turn ${turn + 1}: got "${sentence}", expected ${what}`);
  };
  const match = matchSentence(sentence) ?? expected(whyNot(sentence));
  const request = match.intent === 'same' ? repeated(match, before) : resolved(match, before);
  return request ?? expected(`the turn before to name what is meant, and not by "${IT}" itself`);
}

interface Match {
  readonly intent: Intent | 'same';
  readonly names: Bindings;
}

/** Undefined if it refers to a file or directory that the turn before does not name. */
function resolved({ intent, names }: Match, before = ''): Request | undefined {
  const { there, thing: _, ...request } = names;
  const file = request.file === IT ? lastNamed(before, 'file') : request.file;
  const dir = there === undefined ? request.dir : lastNamed(before, 'directory');
  if (intent === 'same' || (request.file && !file) || (there && !dir)) return undefined;
  return { intent, ...request, ...(file && { file }), ...(dir && { dir }) };
}

/** What can be asked for again, of another file or of another directory. */
const REPEATABLE: Readonly<Partial<Record<Kind, readonly Intent[]>>> = {
  file: ['make', 'move', 'copy', 'delete', 'fill', 'read', 'find', 'create'],
  directory: ['search', 'count', 'list'],
};

/** Whether "the same" can follow the sentence, of another thing of this kind. */
export function canRepeat(sentence: string, kind: Kind): boolean {
  return repeatableMatch(sentence, kind) !== undefined;
}

function repeatableMatch(sentence: string, kind: Kind): Match | undefined {
  const match = matchSentence(sentence);
  if (!match || match.intent === 'same') return undefined;
  const refersBack = match.names.file === IT || match.names.there !== undefined;
  return !refersBack && REPEATABLE[kind]?.includes(match.intent) ? match : undefined;
}

/** The request before, of another thing. */
function repeated({ names: { thing } }: Match, before = ''): Request | undefined {
  const kind = kindOf(thing)!;
  const match = repeatableMatch(before, kind);
  const request = match && resolved(match);
  return request && { ...request, [kind === 'file' ? 'file' : 'dir']: thing };
}

function matchSentence(sentence: string): Match | undefined {
  const words = sentence.split(' ');
  for (const { intent, parts } of TEMPLATES) {
    const names = parts.length === words.length ? bind(parts, words) : undefined;
    if (names) return { intent, names };
  }
  return undefined;
}

function bind(parts: Template['parts'], words: readonly Token[]): Bindings | undefined {
  const names: Bindings = {};
  for (const [i, part] of parts.entries()) {
    const word = words[i]!;
    if (typeof part === 'string') {
      if (part !== word) return undefined;
    } else if (fills(part.slot, word)) {
      names[part.slot] = word;
    } else {
      return undefined;
    }
  }
  return names;
}

function fills(slot: Slot, word: Token): boolean {
  const kind = kindOf(word);
  switch (slot) {
    case 'file':
      return kind === 'file' || word === IT;
    case 'name':
      return kind === 'file';
    case 'dir':
    case 'parent':
    case 'hint':
      return kind === 'directory';
    case 'new':
      return kind === 'directory' && word !== ROOT;
    case 'text':
      return kind === 'text';
    case 'there':
      return word === THERE;
    case 'thing':
      return kind === 'file' || kind === 'directory';
    default:
      return slot satisfies never;
  }
}

function whyNot(sentence: string): string {
  const unknown = sentence.split(' ').find((word) => !isRequestWord(word));
  return unknown === undefined
    ? 'a sentence such as "move notes to docs" or "what does it say"'
    : `known words; "${unknown}" is not one`;
}
