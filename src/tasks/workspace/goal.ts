/** What a request asks of a workspace: the tree it should become, and what should be printed. */
import type { Token } from '../task.ts';
import type { Request } from './language.ts';
import {
  compareWords,
  fileAt,
  hasDirectory,
  placesOf,
  sorted,
  type FileEntry,
  type Tree,
} from './tree.ts';
import { ROOT } from './vocabulary.ts';

export interface Goal {
  readonly tree: Tree;
  /** Null where nothing need be printed. */
  readonly output: readonly Token[] | null;
  /** What is not there, where the request cannot be met. */
  readonly absent?: Token;
}

/**
 * Where the file that is meant lies: where the user believes it to be, else in the current directory,
 * else in the first place that has it. A user's belief may be wrong.
 */
export function locate(tree: Tree, name: Token, hint?: Token): Token | undefined {
  const places = placesOf(tree, name);
  return [hint, tree.cwd].find((dir) => dir !== undefined && places.includes(dir)) ?? places[0];
}

/** The first thing that the request needs and the workspace lacks. */
export function lacking(tree: Tree, { intent, ...names }: Request): Token | undefined {
  const { file, dir, parent } = names;
  const exists = intent === 'create' || file === undefined || placesOf(tree, file).length > 0;
  if (!exists) return file;
  return [dir, parent].find((name) => name !== undefined && !hasDirectory(tree, name));
}

/** A request that cannot be met should change nothing and be answered with `missing`, and what is. */
export function goalOf(tree: Tree, request: Request): Goal {
  const absent = lacking(tree, request);
  if (absent !== undefined) return { tree, output: ['missing', absent], absent };
  const output = answer(tree, request);
  return output ? { tree, output } : { tree: sorted(changed(tree, request)), output: null };
}

/** What a question should be answered with; null for a request to change something. */
function answer(tree: Tree, { intent, file, dir, text, hint }: Request): Token[] | null {
  const inside = tree.files.filter((entry) => entry.dir === dir);
  switch (intent) {
    case 'read':
      return [fileAt(tree, file!, locate(tree, file!, hint)!)!.text].filter((word) => word !== '');
    case 'search':
      return inside.filter((entry) => entry.text === text).map(({ name }) => name);
    case 'find':
      return placesOf(tree, file!).sort(compareWords);
    case 'count':
      return [`${inside.length}`];
    case 'list': {
      const below = tree.dirs.filter(({ parent }) => parent === dir);
      return [...inside, ...below].map(({ name }) => name).sort(compareWords);
    }
    case 'make':
    case 'move':
    case 'copy':
    case 'rename':
    case 'delete':
    case 'fill':
    case 'create':
      return null;
    default:
      return intent satisfies never;
  }
}

function changed(tree: Tree, { intent, file, dir, hint, ...names }: Request): Tree {
  const place = locate(tree, file!, hint);
  const entry = place === undefined ? undefined : fileAt(tree, file!, place);
  const others = tree.files.filter((other) => other !== entry);
  switch (intent) {
    case 'make':
      return moved(withDirectory(tree, names.new!, names.parent ?? tree.cwd), entry!, names.new!);
    case 'move':
      return moved(tree, entry!, dir!);
    case 'copy':
      return { ...tree, files: put(tree.files, { ...entry!, dir: dir! }) };
    case 'rename':
      return { ...tree, files: put(others, { ...entry!, name: names.name! }) };
    case 'delete':
      return { ...tree, files: others };
    case 'fill':
      return { ...tree, files: put(others, { ...entry!, text: names.text! }) };
    case 'create':
      return fileAt(tree, file!, dir!)
        ? tree
        : { ...tree, files: put(tree.files, { name: file!, dir: dir!, text: '' }) };
    case 'read':
    case 'search':
    case 'find':
    case 'count':
    case 'list':
      return tree;
    default:
      return intent satisfies never;
  }
}

function withDirectory(tree: Tree, name: Token, parent: Token): Tree {
  return hasDirectory(tree, name) ? tree : { ...tree, dirs: [...tree.dirs, { name, parent }] };
}

function moved(tree: Tree, entry: FileEntry, dir: Token): Tree {
  const others = tree.files.filter((other) => other !== entry);
  return { ...tree, files: put(others, { ...entry, dir }) };
}

/** Adds a file, in place of one of the same name there. */
function put(files: readonly FileEntry[], file: FileEntry): FileEntry[] {
  const same = (other: FileEntry): boolean => other.name === file.name && other.dir === file.dir;
  return [...files.filter((other) => !same(other)), file];
}

/** Every directory of the tree, the top included. */
export function directoriesIn({ dirs }: Tree): Token[] {
  return [ROOT, ...dirs.map(({ name }) => name)];
}
