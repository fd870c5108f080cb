/**
 * Calls as commands of a shell, found in free text. What is not certain makes the whole text unreadable: a
 * command that is passed over would make another attempt.
 */
import type { Token } from '../task.ts';
import { call, MAX_CALLS, readCall, callWords, type Call } from './calls.ts';
import { isCommand, kindOf, ROOT, type Command } from './vocabulary.ts';

/** `echo apple > notes` for `write`; all others as the domain has them. */
export function lineOf({ command, args }: Call): string {
  if (command === 'write') return `echo ${args[1]} > ${args[0]}`;
  return [command, ...args].join(' ');
}

/** One to four calls; undefined where a text holds none, more, or one that is not certain. */
export function callsIn(text: string): readonly Call[] | undefined {
  const plain = text.normalize('NFKC').toLowerCase().replace(/\r\n?/g, '\n');
  const calls = isFenced(plain) ? inFences(plain) : inLines(plain.split('\n'));
  const certain = calls?.length === 0 ? saidMissing(plain) : calls;
  return certain && certain.length > 0 && certain.length <= MAX_CALLS ? certain : undefined;
}

const FENCE = /```[^\n`]*\n([^`]*)(?:```|$)/g;

function isFenced(text: string): boolean {
  return text.includes('```');
}

/** All that stands in blocks of code; undefined where a second one may stand for the first. */
function inFences(text: string): Call[] | undefined {
  const blocks = [...text.matchAll(FENCE)].map(([, code = '']) => code);
  const beside = text.replace(FENCE, ' ');
  const choice = blocks.length > 1 && /\b(or|alternatively|instead|otherwise)\b/.test(beside);
  if (choice || beside.includes('`') || WORDS_OF_SHELLS.test(beside)) return undefined;
  return allOf(
    blocks
      .flatMap((code) => code.split('\n'))
      .map(withoutComment)
      .filter(Boolean)
      .map(inCode),
  );
}

function inLines(lines: readonly string[]): Call[] | undefined {
  return allOf(lines.map(inLine));
}

function allOf(found: readonly (readonly Call[] | undefined)[]): Call[] | undefined {
  const calls: Call[] = [];
  for (const some of found) {
    if (!some) return undefined;
    calls.push(...some);
  }
  return calls;
}

/** "1.", "2)", "step 3:", "-", "•", ">" and the prompt of a shell at the beginning of a line. */
const MARK =
  /^\s*(?:>\s+)*(?:(?:[-*•+]|\(?(?:step\s*|command\s*)?\d+\s*[.):])\s+|(?:step|command)\s*\d+\s*[:.]?\s+)*(?:\$\s+)?/;

/** Words that stand in a sentence only where a command is meant. */
const WORDS_OF_SHELLS = /\b(?:cd|mkdir|mv|cp|rm|grep|ls|cat|touch|echo|sudo)\b/;

/** The commands of a line; none of a sentence, undefined of what may be either. */
function inLine(line: string): readonly Call[] | undefined {
  const bare = line
    .replace(/\*\*|__/g, '')
    .replace(MARK, '')
    .trim();
  if (bare.includes('`')) return inSpans(bare);
  const code = withoutComment(bare);
  const calls = code === '' ? [] : inCode(code);
  if (calls) return calls;
  const words = bare.split(/\s+/);
  const looksLikeOne = isCommand(words[0]?.replace(/\W+$/, '')) && words.length <= 3;
  return looksLikeOne || WORDS_OF_SHELLS.test(bare) ? undefined : [];
}

/** "First `cd docs`, then `mv notes old`": what stands between marks of code. */
function inSpans(line: string): readonly Call[] | undefined {
  const spans = [...line.matchAll(/`([^`]*)`/g)].map(([, code = '']) => code.trim());
  const beside = line.replace(/`[^`]*`/g, ' ');
  if (beside.includes('`') || WORDS_OF_SHELLS.test(beside)) return undefined;
  return allOf(spans.map((code) => (isName(code) ? [] : inCode(code))));
}

function isName(code: string): boolean {
  return kindOf(nameIn(code)) !== undefined;
}

function withoutComment(code: string): string {
  return code.replace(/(?:^|\s+)#.*$/, '').trim();
}

/** Commands with nothing but what separates them; undefined where one of them is none. */
function inCode(code: string): readonly Call[] | undefined {
  const bare = code.replace(/^\s*\$\s+/, '');
  const parts = bare.split(/\s*(?:;|&&)\s*/).filter(Boolean);
  const calls = parts.map(commandIn).filter((one) => one !== undefined);
  return calls.length === parts.length ? calls : undefined;
}

/** Flags without which a command means the same here. */
const IDLE_FLAGS: Readonly<Partial<Record<Command, readonly string[]>>> = {
  rm: ['-f'],
  ls: ['-1'],
  grep: ['-r', '-l', '-rl', '-lr'],
};

function commandIn(code: string): Call | undefined {
  const spaced = code.replace(/(?<!>)>(?!>)/g, ' > ').replace(/[.,:!]+$/, '');
  const [first = '', ...rest] = spaced.trim().split(/\s+/).map(unquoted);
  if (first === 'echo') return written(rest);
  const command = first.replace(/:$/, '');
  if (!isCommand(command) || (command !== first && command !== 'missing')) return undefined;
  const words = rest.filter((word) => !IDLE_FLAGS[command]?.includes(word));
  return callOf(command, argumentsOf(command, words));
}

/** `echo apple > notes`. */
function written(words: readonly string[]): Call | undefined {
  const [text = '', sign, file = '', ...more] = words;
  return sign === '>' && more.length === 0 ? callOf('write', [text, file].toReversed()) : undefined;
}

function argumentsOf(command: Command, words: readonly string[]): readonly string[] {
  const [first = '', second = '', third = ''] = words;
  const isEverywhere = nameIn(first) === ROOT && second === '-name' && words.length === 3;
  if (command === 'find' && isEverywhere) return [third];
  // `mv notes docs/notes` says the name twice.
  const [dir = '', name, ...deeper] = second.split('/');
  const isSame = name === nameIn(first) && deeper.length === 0 && kindOf(dir) === 'directory';
  if ((command === 'mv' || command === 'cp') && words.length === 2 && isSame) return [first, dir];
  return words;
}

function callOf(command: Command, words: readonly string[]): Call | undefined {
  const named = call(command, ...words.map(nameIn));
  return words.length <= 2 ? readCall(callWords(named)) : undefined;
}

function unquoted(word: string): string {
  return word.replace(/^(["'])(.*)\1$/, '$2');
}

/** `docs/` is docs, `./notes` notes where that is a file, and `/` the top; other paths are no names. */
function nameIn(word: string): Token {
  if (word === '/') return ROOT;
  const dir = word.replace(/\/$/, '');
  if (kindOf(dir) === 'directory') return dir;
  const file = word.replace(/^\.\//, '');
  return kindOf(file) === 'file' ? file : word;
}

/** Ends of a sentence about what is not there, and what such a sentence may begin with. */
const SAID_AFTER =
  /\b(\w+) (?:is missing|is not there|is not here|does not exist|doesn't exist|is absent|(?:cannot|can't|could not) be found|was not found)$/;
const SAID_BEFORE =
  /\b(?:there is no|there's no)(?: file| directory)?(?: called| named)? (\w+)(?: here)?$/;

/** The one thing that a text without commands says is not there. */
function saidMissing(text: string): Call[] | undefined {
  const sentences = text
    .replace(/[*_`"'“”](?!t\b)/g, '')
    .split(/[.!\n]+/)
    .map((sentence) => sentence.trim());
  const names = sentences.flatMap((sentence) => {
    const name = (SAID_AFTER.exec(sentence) ?? SAID_BEFORE.exec(sentence))?.[1];
    const kind = kindOf(name);
    return kind === 'file' || kind === 'directory' ? [name!] : [];
  });
  const [only, ...others] = new Set(names);
  return only !== undefined && others.length === 0 ? [call('missing', only)] : undefined;
}
