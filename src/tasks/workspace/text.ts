/**
 * A conversation as a person types it: the current directory, the directories with what is in them, an
 * empty line, and a sentence per turn.
 *
 *     at docs
 *     docs: notes=apple plan
 *     docs/old: log
 *     root: todo
 *
 *     move notes to old
 *     what does it say
 *
 * A last line in brackets says of which kind the requests are, unless they are normal ones: `(requests
 * about what is not there)` or `(requests met already)`.
 */
import { readKind, writeKind } from '../kind-text.ts';
import type { Token } from '../task.ts';
import { LONGEST_TURNS, WORKSPACE_KINDS, type Conversation } from './instance.ts';
import { understand } from './language.ts';
import { directoriesIn } from './goal.ts';
import { hasDirectory, sorted, type DirectoryEntry, type FileEntry, type Tree } from './tree.ts';
import { DIRECTORIES, FILES, kindOf, ROOT, TEXTS, type Kind } from './vocabulary.ts';

export function formatConversation({ tree, turns, kind }: Conversation): string {
  const lines = directoriesIn(tree).map((dir) => formatDirectory(tree, dir));
  return writeKind([`at ${tree.cwd}`, ...lines, '', ...turns].join('\n'), kind, WORKSPACE_KINDS);
}

function formatDirectory(tree: Tree, dir: Token): string {
  const entry = tree.dirs.find(({ name }) => name === dir);
  const path = entry && entry.parent !== ROOT ? `${entry.parent}/${dir}` : dir;
  const files = tree.files.filter((file) => file.dir === dir);
  const words = files.map(({ name, text }) => (text === '' ? name : `${name}=${text}`));
  return [`${path}:`, ...words].join(' ');
}

/** @throws RangeError that names the line or turn, the value and what was expected. */
export function parseConversation(whole: string): Conversation {
  const { text, ...kind } = readKind(whole, WORKSPACE_KINDS);
  const lines = text.split('\n').map((line) => line.trim().toLowerCase());
  while (lines[0] === '') lines.shift();
  const empty = lines.indexOf('');
  if (empty < 0) refuse('text', text, 'the workspace, an empty line, and a sentence per turn');
  const tree = parseTree(lines.slice(0, empty));
  const turns = lines.slice(empty).map(plain).filter(Boolean);
  if (turns.length < 1 || turns.length > LONGEST_TURNS) {
    refuse('turns', `${turns.length}`, `1 to ${LONGEST_TURNS} sentences after the empty line`);
  }
  turns.forEach((_, turn) => understand(turns, turn));
  return { tree, turns, ...kind };
}

/** Without punctuation at the end of words. */
function plain(sentence: string): string {
  return sentence
    .replace(/[.,?!]+(?=\s|$)/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function parseTree(lines: readonly string[]): Tree {
  const [first = '', ...rest] = lines;
  const at = /^at (\w+)$/.exec(first)?.[1];
  if (at === undefined)
    refuse('line 1', first, '"at" and the current directory, such as "at docs"');
  const parsed = rest.map((line, i) => parseLine(line, `line ${i + 2}`));
  const tree = sorted({
    cwd: at,
    dirs: parsed.flatMap(({ dir }) => (dir ? [dir] : [])),
    files: parsed.flatMap(({ files }) => files),
  });
  checkTree(tree);
  return tree;
}

function parseLine(
  line: string,
  field: string,
): { readonly dir: DirectoryEntry | undefined; readonly files: readonly FileEntry[] } {
  const [, path, content] = /^([\w/]+):(.*)$/.exec(line) ?? [];
  if (path === undefined) refuse(field, line, 'a directory, a colon and its files, or "docs:"');
  const steps = path.split('/');
  if (steps.length > 2) refuse(field, path, 'a directory at the top or in one at the top');
  steps.forEach((name) => known(field, name, 'directory'));
  const name = steps.at(-1)!;
  const words = content!.split(/\s+/).filter(Boolean);
  const files = words.map((word) => parseFile(word, name, field));
  return { dir: name === ROOT ? undefined : { name, parent: steps.at(-2) ?? ROOT }, files };
}

function parseFile(word: string, dir: Token, field: string): FileEntry {
  const [name, text = ''] = word.split('=') as [string, string?];
  known(field, name, 'file');
  if (text !== '') known(field, text, 'text');
  return { name, dir, text };
}

const NAMES: Readonly<Record<Kind, readonly Token[]>> = {
  directory: [ROOT, ...DIRECTORIES],
  file: FILES,
  text: TEXTS,
};

function known(field: string, word: string, kind: Kind): void {
  if (kindOf(word) !== kind) refuse(field, word, `a ${kind}: ${NAMES[kind].join(', ')}`);
}

function checkTree(tree: Tree): void {
  const { cwd, dirs, files } = tree;
  const twice = (names: readonly string[]): string | undefined =>
    names.find((name, i) => names.indexOf(name) !== i);
  const dir = twice(dirs.map(({ name }) => name));
  if (dir !== undefined) refuse('directory', dir, 'a name that no other directory has');
  const file = twice(files.map(({ name, dir: place }) => `${place}/${name}`));
  if (file !== undefined) refuse('file', file, 'each file once in its directory');
  const top = dirs.filter(({ parent }) => parent === ROOT).map(({ name }) => name);
  const lost = dirs.find(({ parent }) => ![ROOT, ...top].includes(parent));
  if (lost) refuse(lost.name, lost.parent, 'a parent at the top that has a line of its own');
  if (!hasDirectory(tree, cwd)) refuse('line 1', cwd, 'a directory that has a line of its own');
}

function refuse(field: string, value: string, expected: string): never {
  throw new RangeError(`${field}: got "${value}", expected ${expected}`);
}
